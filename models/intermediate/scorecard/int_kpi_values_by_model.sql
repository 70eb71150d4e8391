-- The values of the KPIs that are no sums of observations, in the shape of int_kpi_values: the backlog at the end of the period, the
-- time to resolution with open tickets in view, the customer experience score, retention and repeat purchase.
{%- set no_number = 'cast(null as ' ~ type_double() ~ ')' %}
with backlog as (
    select * from {{ ref('int_backlog_by_member') }}
),

as_of as (
    select {{ reporting_date('as_of') }} as last_day
    from {{ ref('int_as_of') }}
),

survival as (
    select * from {{ ref('int_resolution_survival') }}
),

cx_parts as (
    select * from {{ ref('int_cx_parts') }}
    where cx_score is not null
),

-- Of a longer period counts the last day, of the present one the day of as_of.
backlog_at_period_ends as (
    {%- for grain in period_grains() %}
    select
        '{{ grain }}' as period_grain,
        {{ period_start(grain, 'backlog.date_day') }} as period_start,
        backlog.dimension,
        backlog.member_id,
        backlog.open_count
    from backlog
    cross join as_of
    where
        backlog.date_day = as_of.last_day
        or {{ add_days('backlog.date_day', '1') }} = {{ period_end("'" ~ grain ~ "'", period_start(grain, 'backlog.date_day')) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

kpi_values as (
    select
        'backlog_open' as kpi_key,
        period_grain,
        period_start,
        dimension,
        member_id,
        {{ as_double('open_count') }} as kpi_value,
        {{ as_double('open_count') }} as numerator,
        {{ no_number }} as denominator,
        open_count as sample_size,
        {{ no_number }} as deviation,
        {{ no_number }} as interval_low,
        {{ no_number }} as interval_high
    from backlog_at_period_ends
    {%- for quantile in ['median', 'p90'] %}
    union all
    select
        'resolution_minutes_km_{{ quantile }}' as kpi_key,
        period_grain,
        period_start,
        dimension,
        member_id,
        {{ as_double('km_' ~ quantile ~ '_seconds') }} / 60 as kpi_value,
        {{ no_number }} as numerator,
        {{ no_number }} as denominator,
        tickets_count as sample_size,
        {{ no_number }} as deviation,
        {{ no_number }} as interval_low,
        {{ no_number }} as interval_high
    from survival
    {%- endfor %}
    union all
    select
        'cx_score' as kpi_key,
        period_grain,
        period_start,
        dimension,
        member_id,
        cx_score as kpi_value,
        {{ no_number }} as numerator,
        {{ no_number }} as denominator,
        -- A score is as weak as its weakest part.
        least(csat_answers_count, ces_answers_count, nps_answers_count) as sample_size,
        {{ no_number }} as deviation,
        {{ no_number }} as interval_low,
        {{ no_number }} as interval_high
    from cx_parts
    union all
    select * from {{ ref('int_retention_values') }}
    union all
    select * from {{ ref('int_repeat_purchase_values') }}
)

select * from kpi_values
