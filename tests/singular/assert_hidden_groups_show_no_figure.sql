-- Protects employees in small groups: of a row that is hidden, no figure may be left, be it a bound of an interval.
select
    'kpi_scorecard' as mart,
    kpi_scorecard_id as row_id
from {{ ref('kpi_scorecard') }}
where
    is_suppressed
    and coalesce(value, numerator, denominator, sample_size, interval_low, interval_high, previous_value, change, target_value) is not null
union all
select
    'kpi_employee_satisfaction' as mart,
    employee_satisfaction_id as row_id
from {{ ref('kpi_employee_satisfaction') }}
where
    is_suppressed
    and coalesce(value, sample_size, interval_low, interval_high) is not null
