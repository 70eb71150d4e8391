-- Members of which at least two KPIs are worse at once, though none need be sure by itself: the squared scores on the worse side, added up
-- over all KPIs but the strongest, against what chance makes of as many. How KPIs move together is learnt from the past of the same sums.
with scores as (
    select * from {{ ref('int_alert_scores') }}
    where sample_size >= {{ smallest_sample() }}
),

-- What is low only because it can still grow is no sign.
series as (
    select * from {{ ref('int_alert_series') }}
    where
        direction = 'lower_is_better'
        or (direction = 'higher_is_better' and kpi_key not in ({{ quoted_list(kpis_that_ripen()) }}))
),

worse as (
    select
        scores.period_grain,
        scores.period_start,
        scores.period_number,
        series.dimension,
        series.member_id,
        {{ kpi_family('series.kpi_key') }} as kpi_family,
        greatest(0.0, case series.direction when 'lower_is_better' then scores.score else -scores.score end) as worse_score
    from scores
    inner join series on scores.series_id = series.series_id
),

-- KPIs that are made of the same values are one.
families as (
    select
        period_grain,
        period_start,
        period_number,
        dimension,
        member_id,
        count(*) as kpis_count,
        {{ from_millionths('sum(' ~ in_millionths('worse_score * worse_score') ~ ')') }} / count(*) as square
    from worse
    group by period_grain, period_start, period_number, dimension, member_id, kpi_family
),

members as (
    select
        period_grain,
        period_start,
        period_number,
        dimension,
        member_id,
        sum(kpis_count) as kpis_count,
        count(*) - 1 as others_count,
        {{ from_millionths('sum(' ~ in_millionths('square') ~ ')') }} as squares,
        max(square) as strongest_square
    from families
    group by period_grain, period_start, period_number, dimension, member_id
    having count(*) >= {{ joint_least_families() }}
),

-- Where nothing has changed, half of the scores are on the worse side: a square is a half on average, with a variance of one and a quarter.
dimensions as (
    select
        period_grain,
        period_number,
        dimension,
        sum({{ in_millionths('(squares - (others_count + 1) / 2.0) * (squares - (others_count + 1) / 2.0)') }}) as seen_total,
        sum(others_count + 1) as families_total
    from members
    group by period_grain, period_number, dimension
),

widths as (
    {%- for grain, span in forecast_windows().items() %}
    select
        period_grain,
        period_number,
        dimension,
        greatest(1.0, coalesce(
            {{ from_millionths('sum(seen_total) over ' ~ grain ~ '_past') }} / (1.25 * {{ as_double('sum(families_total) over ' ~ grain ~ '_past') }}), 1.0
        )) as width
    from dimensions
    where period_grain = '{{ grain }}'
    window {{ grain }}_past as (partition by dimension order by period_number range between {{ span.gap + span.spread }} preceding and {{ span.gap + 1 }} preceding)
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

tested as (
    select
        members.*,
        widths.width,
        {{ normal_upper_tail(chi_square_as_normal('(members.squares - members.strongest_square) / (1.25 * widths.width)', 'greatest(0.4, 0.4 * members.others_count / widths.width)')) }} as p_value,
        count(*) over (partition by members.period_grain, members.period_start) as tests_count
    from members
    inner join widths
        on
            members.period_grain = widths.period_grain
            and members.period_number = widths.period_number
            and members.dimension = widths.dimension
),

ranked as (
    select
        *,
        row_number() over (partition by period_grain, period_start order by p_value, dimension, {{ bytewise('member_id') }}) as place
    from tested
    where p_value <= {{ false_discovery_bound() }}
),

controlled as (
    select
        *,
        {{ q_value_in_period() }} as q_value
    from ranked
),

chosen as (
    select
        period_grain,
        period_start,
        dimension,
        member_id,
        kpis_count,
        others_count,
        squares,
        strongest_square,
        width,
        p_value,
        q_value,
        tests_count
    from controlled
    where q_value <= {{ false_discovery_bound() }}
)

select * from chosen
