{#-
    The value of one setting of the warehouse.

    Args:
        name: one of the names below.
    Returns: the dbt var of that name if one is given, else the environment variable SUPPORT_KPIS_<NAME>, else the
        default. Always text or a number as written; an empty text counts as not given.
    Errors: a compiler error names a setting that does not exist.
-#}
{% macro setting(name) %}
    {%- set defaults = {
        'as_of': '',
        'reporting_time_zone': 'UTC',
        'reporting_currency': 'USD',
        'fcr_window_days': 7,
        'influence_window_days': 5,
        'activity_window_days': 90,
        'cx_weights': '0.4, 0.3, 0.3',
        'publish_comments': 'false',
        'pseudonym_salt': '',
        'raw_schema': '',
        'raw_dir': '',
        'run_id': 'manual',
    } -%}
    {%- if name not in defaults -%}
        {{ exceptions.raise_compiler_error("There is no setting '" ~ name ~ "'; the settings are " ~ defaults.keys() | join(', ') ~ '.') }}
    {%- endif -%}
    {%- set value = var(name, '') | string | trim -%}
    {%- if value == '' -%}
        {%- set value = env_var('SUPPORT_KPIS_' ~ name | upper, '') | trim -%}
    {%- endif -%}
    {{ return(value if value != '' else defaults[name]) }}
{% endmacro %}
