with comments as (
    select * from {{ ref('int_survey_comments') }}
),

themes as (
    select
        response_id,
        count(*) as themes_count
    from {{ ref('int_survey_comment_themes') }}
    where theme <> 'uncategorised'
    group by response_id
),

described as (
    select
        comments.response_id,
        comments.survey_type,
        comments.responded_at,
        comments.language,
        coalesce(themes.themes_count, 0) as themes_count,
        {%- if setting('publish_comments') | string | lower in words_of_true() %}
        case when not comments.is_erased then comments.comment_text end as comment_text
        {%- else %}
        cast(null as {{ dbt.type_string() }}) as comment_text
        {%- endif %}
    from comments
    left join themes on comments.response_id = themes.response_id
),

typed as (
    {{ select_as_contracted('fct_survey_comments', 'described') | indent(4) }}
)

select * from typed
