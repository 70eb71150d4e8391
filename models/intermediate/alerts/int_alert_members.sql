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
        cast(sum(kpis_count) as {{ dbt.type_bigint() }}) as kpis_count,
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
        -- An incident must not make later ones seem usual.
        sum({{ in_millionths('least(20.0 * (others_count + 1), (squares - (others_count + 1) / 2.0) * (squares - (others_count + 1) / 2.0))') }}) as seen_total,
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
        {{ normal_upper_tail(chi_square_as_normal('members.squares / (1.25 * widths.width)', 'greatest(0.4, 0.4 * (members.others_count + 1) / widths.width)')) }} as any_p_value,
        {{ normal_upper_tail(chi_square_as_normal('(members.squares - members.strongest_square) / (1.25 * widths.width)', 'greatest(0.4, 0.4 * members.others_count / widths.width)')) }} as p_value
    from members
    inner join widths
        on
            members.period_grain = widths.period_grain
            and members.period_number = widths.period_number
            and members.dimension = widths.dimension
),

strange as (
    select * from tested
    where any_p_value <= {{ false_discovery_bound() }}
),

-- Only members that are strange at all share the bound (J. Wang, L. Gui, W. Su, C. Sabatti, A. Owen, 2022, Annals of Statistics 50, 1890-1909).
compared as (
    select
        strange.period_grain,
        strange.period_start,
        strange.dimension,
        strange.member_id,
        sum(case when others.any_p_value <= strange.p_value then 1 else 0 end) as tests_count
    from strange
    inner join strange as others
        on
            strange.period_grain = others.period_grain
            and strange.period_start = others.period_start
    where strange.p_value <= {{ false_discovery_bound() }}
    group by strange.period_grain, strange.period_start, strange.dimension, strange.member_id
),

ranked as (
    select
        strange.*,
        cast(greatest(compared.tests_count, 1) as {{ dbt.type_bigint() }}) as tests_count,
        row_number() over (
            partition by strange.period_grain, strange.period_start
            order by strange.p_value, strange.dimension, {{ bytewise('strange.member_id') }}
        ) as place
    from strange
    inner join compared
        on
            strange.period_grain = compared.period_grain
            and strange.period_start = compared.period_start
            and strange.dimension = compared.dimension
            and strange.member_id = compared.member_id
),

controlled as (
    select
        *,
        {{ q_value_in_period() }} as q_value
    from ranked
),

chosen as (
    select * from controlled
    where q_value <= {{ joint_bound() }}
)

select * from chosen
