-- The themes of each open answer, each once however many of its patterns are found; `uncategorised` where none is.
with comments as (
    select * from {{ ref('int_survey_comments') }}
),

themes as (
    select
        theme,
        lower(trim(language)) as language,
        pattern
    from {{ ref('comment_themes') }}
),

found as (
    select
        comments.response_id,
        themes.theme
    from comments
    cross join themes
    where
        (themes.language is null or comments.language is null or themes.language = comments.language)
        and {{ holds_words('comments.comment_text', 'themes.pattern') }}
    group by comments.response_id, themes.theme
),

themed as (
    select
        comments.response_id,
        comments.survey_type,
        comments.responded_on,
        comments.published_score,
        coalesce(found.theme, 'uncategorised') as theme
    from comments
    left join found on comments.response_id = found.response_id
)

select * from themed
