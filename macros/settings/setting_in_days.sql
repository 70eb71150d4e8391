{#-
    The length of a window in days.

    Args:
        name: fcr_window_days, influence_window_days or activity_window_days.
    Returns: a whole number.
    Errors: a compiler error where the setting is none from 1 to 3650. Engines would read 7.5 as 7 and take -3 without a word.
-#}
{% macro setting_in_days(name) %}
    {%- set value = setting(name) | string -%}
    {%- if not modules.re.fullmatch('[0-9]{1,4}', value) or not 1 <= value | int <= 3650 -%}
        {{ exceptions.raise_compiler_error("The setting " ~ name ~ " (SUPPORT_KPIS_" ~ name | upper ~ ") is a whole number of days from 1 to 3650, not '" ~ value ~ "'.") }}
    {%- endif -%}
    {{ return(value | int) }}
{% endmacro %}
