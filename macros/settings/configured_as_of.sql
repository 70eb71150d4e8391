{#-
    The setting as_of as SQL of a timestamp; a typed null where it is not set.

    Errors: a compiler error where it is no timestamp in one of the contract's forms.
-#}
{% macro configured_as_of() -%}
    {%- set value = setting('as_of') -%}
    {%- set form = '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?$' -%}
    {%- if value == '' -%}
        cast(null as {{ dbt.type_timestamp() }})
    {%- elif not modules.re.match(form, value) -%}
        {{ exceptions.raise_compiler_error("The setting as_of (SUPPORT_KPIS_AS_OF) is no timestamp such as 2025-03-31T23:59:59: '" ~ value ~ "'.") }}
    {%- else -%}
        {{ safe_timestamp("'" ~ value ~ "'") }}
    {%- endif -%}
{%- endmacro %}
