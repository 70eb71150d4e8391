with themed as (
    select * from {{ ref('int_survey_comment_themes') }}
),

comments as (
    select * from {{ ref('int_survey_comments') }}
),

counted as (
    {%- for grain in period_grains() %}
    select
        '{{ grain }}' as period_grain,
        {{ period_start(grain, 'responded_on') }} as period_start,
        survey_type,
        theme,
        count(*) as comments_count,
        sum(case when published_score is not null then 1 else 0 end) as scored_count,
        -- Added up in whole parts, so that the order of the rows does not show.
        sum({{ as_wide_integer(in_score_parts('published_score')) }}) as score_total
    from themed
    group by {{ period_start(grain, 'responded_on') }}, survey_type, theme
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

totals as (
    {%- for grain in period_grains() %}
    select
        '{{ grain }}' as period_grain,
        {{ period_start(grain, 'responded_on') }} as period_start,
        survey_type,
        count(*) as all_comments_count
    from comments
    group by {{ period_start(grain, 'responded_on') }}, survey_type
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

shared as (
    select
        {{ stable_key(['counted.period_grain', 'counted.period_start', 'counted.survey_type', 'counted.theme']) }} as comment_theme_id,
        counted.period_grain,
        counted.period_start,
        counted.survey_type,
        counted.theme,
        counted.comments_count,
        {{ as_double('counted.comments_count') }} / totals.all_comments_count as share,
        {{ wilson_bound('counted.comments_count', 'totals.all_comments_count', 'low') }} as interval_low,
        {{ wilson_bound('counted.comments_count', 'totals.all_comments_count', 'high') }} as interval_high,
        {{ as_double('counted.score_total') }} / nullif(counted.scored_count, 0) / {{ score_parts() }} as mean_score
    from counted
    inner join totals
        on
            counted.period_grain = totals.period_grain
            and counted.period_start = totals.period_start
            and counted.survey_type = totals.survey_type
),

typed as (
    {{ select_as_contracted('kpi_comment_themes', 'shared') | indent(4) }}
)

select * from typed
