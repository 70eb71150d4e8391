{#-
    The setting as_of as SQL of a timestamp; a typed null where it is not set.

    Errors: a compiler error where it is no timestamp in one of the contract's forms, or names a day that there is not. Left to the engine,
        such a day would be null, and the marts would speak for another instant without a word.
-#}
{% macro configured_as_of() -%}
    {%- set value = setting('as_of') -%}
    {%- set date_form = '(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])' -%}
    {%- set time_form = '(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]+)?)?' -%}
    {%- set zone_form = 'Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?' -%}
    {%- if value == '' -%}
        cast(null as {{ dbt.type_timestamp() }})
    {%- elif not modules.re.fullmatch(date_form ~ '(?:[T ]' ~ time_form ~ '(?:' ~ zone_form ~ ')?)?', value) or value[8:10] | int > days_in_month(value[:4] | int, value[5:7] | int) -%}
        {{ exceptions.raise_compiler_error("The setting as_of (SUPPORT_KPIS_AS_OF) is no timestamp such as 2025-03-31T23:59:59: '" ~ value ~ "'.") }}
    {%- else -%}
        {{ safe_timestamp("'" ~ value ~ "'") }}
    {%- endif -%}
{%- endmacro %}


{#- How many days a month has, as a number; `year` and `month` are numbers. -#}
{% macro days_in_month(year, month) -%}
    {%- set in_next_month = modules.datetime.date(year, month, 28) + modules.datetime.timedelta(days=4) -%}
    {{ return((in_next_month - modules.datetime.timedelta(days=in_next_month.day)).day) }}
{%- endmacro %}
