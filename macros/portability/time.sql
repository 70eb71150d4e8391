{#-
    Whole seconds from one instant to another (negative where the second is earlier). Both are whole-second UTC timestamps.
    dbt.datediff counts boundaries on some engines, so the difference of epochs is taken.
-#}
{% macro seconds_between(from_instant, to_instant) -%}
    ({{ epoch_seconds(to_instant) }} - {{ epoch_seconds(from_instant) }})
{%- endmacro %}


{#- Whole seconds since 1970 of a UTC timestamp, as a bigint. -#}
{% macro epoch_seconds(instant) -%}
    {{ return(adapter.dispatch('epoch_seconds', 'support_kpis')(instant)) }}
{%- endmacro %}

{% macro duckdb__epoch_seconds(instant) -%}
    (epoch_us({{ instant }}) // 1000000)
{%- endmacro %}

{% macro postgres__epoch_seconds(instant) -%}
    cast(floor(extract(epoch from {{ instant }})) as bigint)
{%- endmacro %}

{% macro spark__epoch_seconds(instant) -%}
    unix_seconds(cast({{ instant }} as timestamp))
{%- endmacro %}


{#- An instant some days later (a fixed 24 hours each). -#}
{% macro plus_days(instant, days) -%}
    ({{ instant }} + interval '{{ days }}' day)
{%- endmacro %}


{#- The wall clock of a UTC timestamp in a time zone; `zone` is SQL of an IANA name. -#}
{% macro to_local(instant, zone) -%}
    {{ return(adapter.dispatch('to_local', 'support_kpis')(instant, zone)) }}
{%- endmacro %}

{% macro default__to_local(instant, zone) -%}
    timezone({{ known_zone(zone) }}, timezone('UTC', {{ instant }}))
{%- endmacro %}

{% macro spark__to_local(instant, zone) -%}
    from_utc_timestamp({{ instant }}, {{ known_zone(zone, instant) }})
{%- endmacro %}


{#- The UTC timestamp at which a wall clock in a time zone shows a local timestamp; `zone` is SQL of an IANA name. -#}
{% macro to_utc(local_timestamp, zone) -%}
    {{ return(adapter.dispatch('to_utc', 'support_kpis')(local_timestamp, zone)) }}
{%- endmacro %}

{% macro default__to_utc(local_timestamp, zone) -%}
    timezone('UTC', timezone({{ known_zone(zone) }}, {{ local_timestamp }}))
{%- endmacro %}

{% macro spark__to_utc(local_timestamp, zone) -%}
    to_utc_timestamp({{ local_timestamp }}, {{ known_zone(zone, local_timestamp) }})
{%- endmacro %}


{#- The date of a UTC timestamp in the reporting time zone. -#}
{% macro reporting_date(instant) -%}
    {%- set zone = setting('reporting_time_zone') -%}
    {%- if zone == 'UTC' -%}
        cast({{ instant }} as date)
    {%- else -%}
        cast({{ to_local(instant, text_literal(zone)) }} as date)
    {%- endif -%}
{%- endmacro %}


{#- First day of the day, week (Monday), month, quarter or year of a date. -#}
{% macro period_start(grain, date_expression) -%}
    cast(date_trunc('{{ grain }}', {{ date_expression }}) as date)
{%- endmacro %}


{#- An instant before every row, for intervals that have always held. -#}
{% macro beginning_of_time() -%}
    cast('1900-01-01 00:00:00' as {{ dbt.type_timestamp() }})
{%- endmacro %}


{#- An instant after every row, for intervals that still hold. -#}
{% macro end_of_time() -%}
    cast('2999-12-31 00:00:00' as {{ dbt.type_timestamp() }})
{%- endmacro %}


{#- A date some days later; `days` is SQL of a whole number. -#}
{% macro add_days(date_expression, days) -%}
    {{ return(adapter.dispatch('add_days', 'support_kpis')(date_expression, days)) }}
{%- endmacro %}

{% macro default__add_days(date_expression, days) -%}
    ({{ date_expression }} + cast({{ days }} as integer))
{%- endmacro %}

{% macro spark__add_days(date_expression, days) -%}
    date_add({{ date_expression }}, cast({{ days }} as int))
{%- endmacro %}


{#- Day of the week of a date, 1 Monday to 7 Sunday. -#}
{% macro iso_day_of_week(date_expression) -%}
    {{ return(adapter.dispatch('iso_day_of_week', 'support_kpis')(date_expression)) }}
{%- endmacro %}

{% macro default__iso_day_of_week(date_expression) -%}
    cast(extract(isodow from {{ date_expression }}) as integer)
{%- endmacro %}

{% macro spark__iso_day_of_week(date_expression) -%}
    extract(dayofweek_iso from {{ date_expression }})
{%- endmacro %}


{#- First day after a period; `grain` is SQL of day, week, month, quarter or year. -#}
{% macro period_end(grain, start) -%}
    cast(case {{ grain }}
        when 'day' then {{ start }} + interval '1' day
        when 'week' then {{ start }} + interval '7' day
        when 'month' then {{ start }} + interval '1' month
        when 'quarter' then {{ start }} + interval '3' month
        when 'year' then {{ start }} + interval '12' month
    end as date)
{%- endmacro %}


{#- First day of the period before; `grain` is SQL of day, week, month, quarter or year. -#}
{% macro previous_period(grain, start) -%}
    cast(case {{ grain }}
        when 'day' then {{ start }} - interval '1' day
        when 'week' then {{ start }} - interval '7' day
        when 'month' then {{ start }} - interval '1' month
        when 'quarter' then {{ start }} - interval '3' month
        when 'year' then {{ start }} - interval '12' month
    end as date)
{%- endmacro %}
