-- The tests of a change that are rarer than one in twenty by themselves, with the q-value over all series of the period.
with scores as (
    select * from {{ ref('int_alert_scores') }}
),

climbs as (
    select * from {{ ref('int_alert_climbs') }}
),

series as (
    select * from {{ ref('int_alert_series') }}
),

as_of as (
    select {{ reporting_date('as_of') }} as as_of_date
    from {{ ref('int_as_of') }}
),

judged as (
    select * from scores
    where sample_size >= {{ smallest_sample() }}
),

families as (
    select
        period_grain,
        period_start,
        count(*) as tests_count
    from judged
    group by period_grain, period_start
),

tests as (
    {%- for kind, score in [('jump', 'score'), ('run', 'run_score')] %}
    select
        series_id,
        period_grain,
        period_start,
        '{{ kind }}' as test,
        expected_level,
        variance,
        {{ score }} as score
    from judged
    where abs({{ score }}) > 1
    union all
    {%- endfor %}
    select
        series_id,
        period_grain,
        period_start,
        'climb' as test,
        expected_level,
        climb_variance as variance,
        {{ student_as_normal('climb / sqrt(climb_variance)', '(spread_count - 1)') }} as score
    from climbs
    where is_under_way and sample_size >= {{ smallest_sample() }} and climb_variance > 0 and {{ least_spread_count() }}
),

-- What may be spent on false discoveries is shared out: between the tests of one series, and nine tenths to the side that is worse, one
-- tenth to the side that is better. What can still grow after its period (an escalation of a young ticket) is not taken for low.
sided as (
    select
        tests.*,
        case
            when series.direction = 'neutral' then 0.5
            when (series.direction = 'lower_is_better') = (tests.score > 0) then 0.9
            else 0.1
        end as side_share,
        case
            {%- for grain, shares in error_shares().items() %}
            {%- for kind, share in shares.items() %}
            when tests.period_grain = '{{ grain }}' and tests.test = '{{ kind }}' then {{ share }}
            {%- endfor %}
            {%- endfor %}
        end as test_share,
        tests.score < 0
        and series.kpi_key in ({{ quoted_list(kpis_that_ripen()) }})
        and as_of.as_of_date < {{ add_days('tests.period_start', ripening_days()) }} as is_unripe
    from tests
    inner join series on tests.series_id = series.series_id
    cross join as_of
),

valued as (
    select
        *,
        case
            when is_unripe then 1.0
            else least(1.0, ({{ normal_upper_tail('abs(score)') }}) / side_share / test_share)
        end as p_value
    from sided
),

-- Those that are no rarer than one in twenty by themselves can be no discovery, and take no rank before one. A series counts once, by its
-- rarest test, or one strange day that is seen in three ways would make room for the chance of others.
told_apart as (
    select
        valued.*,
        families.tests_count,
        row_number() over (
            partition by valued.period_grain, valued.period_start
            order by valued.p_value, valued.series_id, valued.test
        ) as row_place,
        case
            when row_number() over (
                partition by valued.series_id, valued.period_start
                order by valued.p_value, valued.test
            ) = 1 then 1
            else 0
        end as is_first_of_series
    from valued
    inner join families
        on
            valued.period_grain = families.period_grain
            and valued.period_start = families.period_start
    where valued.p_value <= {{ false_discovery_bound() }}
),

ranked as (
    select
        *,
        cast(sum(is_first_of_series) over (
            partition by period_grain, period_start
            order by row_place
            rows between unbounded preceding and current row
        ) as {{ dbt.type_bigint() }}) as place
    from told_apart
),

controlled as (
    select
        *,
        {{ q_value_in_period('row_place') }} as q_value
    from ranked
)

select * from controlled
