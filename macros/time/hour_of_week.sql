{#- The hour of the week of a local timestamp: 0 from Monday 00:00 to 01:00, 167 from Sunday 23:00 to midnight. -#}
{% macro hour_of_week(local_timestamp) -%}
    cast(24 * ({{ iso_day_of_week('cast(' ~ local_timestamp ~ ' as date)') }} - 1) + extract(hour from {{ local_timestamp }}) as integer)
{%- endmacro %}
