-- The last thirteen whole periods of every KPI for the whole operation, the one that goes on at as_of (nth 0), and,
-- however long ago, the last whole one in which it has a value.
-- A KPI that is not counted in periods as short as the one asked for (?) comes in the shortest longer ones that it has.
with grains (period_grain, grain_rank) as (
    values ('day', 1), ('week', 2), ('month', 3), ('quarter', 4), ('year', 5)
),

scores as (
    select scorecard.*, grains.grain_rank
    from marts.kpi_scorecard as scorecard
    inner join grains on scorecard.period_grain = grains.period_grain
    where
        scorecard.dimension = 'all'
        and grains.grain_rank >= (select asked.grain_rank from grains as asked where asked.period_grain = ?)
),

periods as (
    select
        period_grain, period_start, is_complete_period,
        case
            when is_complete_period
                then rank() over (partition by period_grain, is_complete_period order by period_start desc)
            else 0
        end as nth
    from (select distinct period_grain, period_start, is_complete_period from scores) as every_period
),

shortest as (
    select kpi_key, min(grain_rank) as grain_rank
    from scores
    group by kpi_key
),

last_known as (
    select kpi_key, period_grain, max(period_start) as period_start
    from scores
    where is_complete_period and value is not null
    group by kpi_key, period_grain
)

select
    scores.kpi_key, scores.period_grain, scores.period_start, periods.nth, scores.value, scores.sample_size,
    scores.interval_low, scores.interval_high, scores.is_small_sample, scores.is_complete_period,
    scores.open_count, scores.previous_value, scores.change, scores.is_significant_change,
    scores.target_value, scores.target_status,
    case
        when scores.change is null then null
        when scores.change = 0 then 'same'
        when catalog.direction = 'neutral' then 'neutral'
        when (scores.change > 0) = (catalog.direction = 'higher_is_better') then 'better'
        else 'worse'
    end as turn
from scores
inner join shortest on scores.kpi_key = shortest.kpi_key and scores.grain_rank = shortest.grain_rank
inner join periods on scores.period_grain = periods.period_grain and scores.period_start = periods.period_start
inner join marts.kpi_catalog as catalog on scores.kpi_key = catalog.kpi_key
left join last_known
    on
        scores.kpi_key = last_known.kpi_key
        and scores.period_grain = last_known.period_grain
        and scores.period_start = last_known.period_start
where periods.nth <= 13 or last_known.kpi_key is not null
order by scores.kpi_key, scores.period_start
