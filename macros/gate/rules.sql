{#- Rules of the gate that more than one raw table shares: each is a dict for `first_defect`. -#}

{#-
    The rule that the time by which a row is dated lies in the years 1900 to 2099: no event of a helpdesk does otherwise, and one zero time
    (0001-01-01) would stretch the calendar beyond what any table of days holds. `instant` is SQL over `staged`.
-#}
{% macro time_out_of_range_rule(instant) -%}
    {%- set qualified = instant if '.' in instant else 'staged.' ~ instant -%}
    {{ return({
        'reason': 'time_out_of_range',
        'when': qualified ~ " < cast('1900-01-01 00:00:00' as " ~ dbt.type_timestamp() ~ ') or '
            ~ qualified ~ " >= cast('2100-01-01 00:00:00' as " ~ dbt.type_timestamp() ~ ')',
        'detail': "'the time lies outside the years 1900 to 2099: ' || cast(" ~ qualified ~ " as " ~ dbt.type_string() ~ ")",
    }) }}
{%- endmacro %}


{#- The rule that an event time lies no more than 24 hours after the row's own loaded_at; `instant` is SQL over `staged`. -#}
{% macro after_loading_rule(instant) -%}
    {%- set qualified = instant if '.' in instant else 'staged.' ~ instant -%}
    {{ return({
        'reason': 'after_loading',
        'when': qualified ~ ' > ' ~ plus_days('staged.loaded_at', 1),
        'detail': "'the time lies more than 24 hours after loaded_at: ' || cast(" ~ qualified ~ " as " ~ dbt.type_string() ~ ")",
    }) }}
{%- endmacro %}


{#- The rule that none of some columns is below zero. -#}
{% macro negative_seconds_rule(columns) -%}
    {%- set conditions = [] -%}
    {%- set details = [] -%}
    {%- for column in columns -%}
        {%- do conditions.append('staged.' ~ column ~ ' < 0') -%}
        {%- do details.append("case when staged." ~ column ~ " < 0 then '" ~ column ~ " is negative: ' || " ~ as_text("staged.raw_" ~ column) ~ " end") -%}
    {%- endfor -%}
    {{ return({
        'reason': 'negative_seconds',
        'when': conditions | join(' or '),
        'detail': "concat_ws(', ', " ~ details | join(', ') ~ ')',
    }) }}
{%- endmacro %}


{#- The lower or upper end of a survey's scale: as given, else the contract's default of the survey type. -#}
{% macro scale_bound(raw_table, bound, relation='staged') -%}
    {%- set defaults = {} -%}
    {%- for column in contract(raw_table).columns if column.name == bound -%}
        {%- do defaults.update(column.default_by_survey_type) -%}
    {%- endfor -%}
    coalesce({{ relation }}.{{ bound }}, case {{ relation }}.survey_type
    {%- for survey_type, value in defaults.items() %} when '{{ survey_type }}' then {{ value }}{% endfor %}{{ " when '' then 0" if not defaults }} end)
{%- endmacro %}


{#- The overrides with which a gate of surveys publishes the scale that holds. -#}
{% macro scale_overrides(raw_table, relation) -%}
    {{ return({
        'scale_min': scale_bound(raw_table, 'scale_min', relation),
        'scale_max': scale_bound(raw_table, 'scale_max', relation),
    }) }}
{%- endmacro %}


{#- The rule that a score lies on its scale. -#}
{% macro score_outside_scale_rule(raw_table) -%}
    {{ return({
        'reason': 'score_outside_scale',
        'when': 'staged.score < ' ~ scale_bound(raw_table, 'scale_min') ~ ' or staged.score > ' ~ scale_bound(raw_table, 'scale_max'),
        'detail': "'score lies outside its scale: ' || " ~ as_text('staged.raw_score'),
    }) }}
{%- endmacro %}


{#- The rule that a scale ends above where it begins. -#}
{% macro invalid_scale_rule(raw_table) -%}
    {{ return({
        'reason': 'invalid_scale',
        'when': scale_bound(raw_table, 'scale_min') ~ ' >= ' ~ scale_bound(raw_table, 'scale_max'),
        'detail': "'scale_min is not below scale_max'",
    }) }}
{%- endmacro %}


{#- The rule that the scale of an NPS question (of the survey type given) runs from 0 or 1 to 10. -#}
{% macro invalid_nps_scale_rule(raw_table, survey_type) -%}
    {{ return({
        'reason': 'invalid_nps_scale',
        'when': "staged.survey_type = '" ~ survey_type ~ "' and not ("
            ~ scale_bound(raw_table, 'scale_min') ~ ' in (0, 1) and ' ~ scale_bound(raw_table, 'scale_max') ~ ' = 10)',
        'detail': "'an NPS scale runs from 0 or 1 to 10'",
    }) }}
{%- endmacro %}
