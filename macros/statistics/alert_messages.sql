{#- Alerts in words. -#}

{#-
    The sentence of an alert: what, where, how far, since when. The row must have the columns of `judged` in kpi_alerts.
-#}
{% macro alert_message() -%}
    {%- set when = "case period_grain when 'day' then ' on ' else ' in the week of ' end || cast(period_start as " ~ dbt.type_string() ~ ")" -%}
    {%- set since = "case when since_on < period_start then ' Since ' || cast(since_on as " ~ dbt.type_string() ~ ") || '.' else '' end" -%}
    {%- set side = "case when is_small then ' The change is certain but small.' when is_worse then ' This is worse.' when not is_worse then ' This is better.' else '' end" -%}
    kpi_name || ', ' || case dimension when 'all' then 'all' else replace(dimension, '_', ' ') || ' ' || member_name end || ': '
    || case
        when kind = 'stale'
            then case when sample_size > 0 then 'hardly any data (' || {{ in_words('sample_size', 0) }} || ')' else 'no data' end || {{ when }} || ', where the same period of the weeks before had about ' || {{ in_words('expected_value', 0) }} || ' observations.'
        when kind = 'target_missed'
            then {{ value_in_words('value') }} || {{ when }} || ', target ' || {{ value_in_words('expected_value') }} || ' missed.'
        when kind = 'creep'
            then {{ value_in_words('value') }} || {{ when }} || ', after weeks of ' || case
                when is_growth then 'growing ' || case when deviation_score > 0 then 'faster' else 'slower' end || ' than before'
                when deviation_score > 0 then 'climbing'
                else 'sinking'
            end || '; the weeks before lead to expect ' || {{ value_in_words('expected_value') }} || '.' || {{ side }}
        else {{ value_in_words('value') }} || {{ when }} || ', ' || case when deviation_score > 0 then 'above' else 'below' end
            || ' the ' || {{ value_in_words('expected_low') }} || ' to ' || {{ value_in_words('expected_high') }}
            || ' that its own past leads to expect.' || {{ side }}
    end || {{ since }}
{%- endmacro %}


{#- A number as text with a fixed number of places; `places` is 0 to 9. -#}
{% macro in_words(number, places) -%}
    cast(cast(round({{ as_decimal(number) }}, {{ places }}) as decimal(28, {{ places }})) as {{ dbt.type_string() }})
{%- endmacro %}


{#- A value of a KPI with its unit, out of the column `unit`; minutes from two hours on are told in hours, from two days on in days. -#}
{% macro value_in_words(number) -%}
    coalesce(case
        when unit = 'share' then {{ in_words('100 * ' ~ number, 1) }} || ' %'
        when unit = 'minutes' and {{ number }} < 120 then {{ in_words(number, 1) }} || ' min'
        when unit = 'minutes' and {{ number }} < 2880 then {{ in_words(number ~ ' / 60', 1) }} || ' h'
        when unit = 'minutes' then {{ in_words(number ~ ' / 1440', 1) }} || ' days'
        when unit = 'count' then {{ in_words(number, 0) }}
        else {{ in_words(number, 2) }}
    end, 'not known')
{%- endmacro %}
