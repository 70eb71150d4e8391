-- What moved the KPIs in a period (?, ?): those whose change is more than chance, the clearest first (eight at most), and
-- three more for orientation where there is none. Of each dimension the three members that moved it most.
with changed as (
    select distinct
        drivers.kpi_key, drivers.period_grain, drivers.period_start, drivers.whole_rate,
        drivers.previous_whole_rate, drivers.total_change, scorecard.sample_size as whole_sample_size,
        scorecard.is_small_sample as is_small_whole,
        coalesce(drivers.is_significant_change, false) as is_real,
        -- Against the width of its own interval, so that shares and minutes can be put in one order.
        coalesce(abs(drivers.total_change) / nullif(scorecard.interval_high - scorecard.interval_low, 0), 0)
            as clearness
    from marts.kpi_change_drivers as drivers
    inner join marts.kpi_scorecard as scorecard
        on
            drivers.kpi_key = scorecard.kpi_key
            and drivers.period_grain = scorecard.period_grain
            and drivers.period_start = scorecard.period_start
            and scorecard.dimension = 'all'
    where drivers.period_grain = ? and drivers.period_start = ? and drivers.total_change <> 0
),

ranked as (
    select
        changed.*,
        row_number() over (order by is_real desc, clearness desc, kpi_key) as nth,
        max(case when is_real then 1 else 0 end) over () as any_real
    from changed
)

select
    drivers.kpi_key, catalog.kpi_name, catalog.unit, catalog.direction, ranked.nth, ranked.is_real,
    ranked.whole_rate, ranked.previous_whole_rate, ranked.total_change, ranked.whole_sample_size,
    ranked.is_small_whole,
    drivers.dimension, drivers.member_id, drivers.member_name, drivers.driver_rank,
    drivers.member_rate, drivers.previous_member_rate, drivers.weight, drivers.previous_weight,
    drivers.sample_size, drivers.previous_sample_size, drivers.is_small_sample,
    drivers.mix_part, drivers.rate_part, drivers.total_part
from ranked
inner join marts.kpi_change_drivers as drivers
    on
        ranked.kpi_key = drivers.kpi_key
        and ranked.period_grain = drivers.period_grain
        and ranked.period_start = drivers.period_start
inner join marts.kpi_catalog as catalog on ranked.kpi_key = catalog.kpi_key
where
    drivers.driver_rank <= 3
    and drivers.total_part <> 0
    and ((ranked.is_real and ranked.nth <= 8) or (ranked.any_real = 0 and ranked.nth <= 3))
order by ranked.nth, drivers.dimension, drivers.driver_rank, drivers.member_id
