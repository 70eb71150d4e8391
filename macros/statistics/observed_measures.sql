{#-
    Everything that is counted but tickets (see ticket_measures), and where.

    Returns: a dict of the model that holds the observations to a dict of its measures: `flag` where the amount is 0 or 1, `money` where it
        may have so many digits that its square has too many, else `amount`. Such a model has one row an observation: `scope` (which dimensions it has, see scorecard_dimensions), `observed_on`
        (local date), the columns of scorecard_cells, and a column a measure with a whole-number amount, null where the row is no
        observation of it.
-#}
{% macro observed_measures() -%}
    {{ return({
        'int_contact_observations': {'handle_per_contact': 'amount', 'interactions_per_ticket': 'amount', 'escalations': 'flag'},
        'int_survey_observations': {
            'csat_score': 'flag', 'csat_mean': 'amount', 'csat_response_rate': 'flag',
            'nps': 'amount', 'nps_promoter_share': 'flag', 'nps_passive_share': 'flag', 'nps_detractor_share': 'flag',
            'ces_mean': 'amount', 'ces_easy_share': 'flag', 'fcr_reported_rate': 'flag',
        },
        'int_order_observations': {'revenue': 'money', 'support_influenced_revenue': 'money'},
        'int_employee_observations': {'esat_score': 'flag', 'enps': 'amount'},
        'int_sla_observations': {'sla_first_response': 'flag', 'sla_next_response': 'flag', 'sla_resolution': 'flag'},
    }) }}
{%- endmacro %}


{#-
    One select of observations out of a relation.

    Args:
        model: name of the model that it is a part of, one of observed_measures.
        relation: CTE with the columns of scorecard_cells.
        observed_at: SQL of the UTC instant by which it is counted; rows where it is null are left out.
        amounts: dict of measure to SQL of a whole-number amount, null where the row is no observation of it.
        scope: SQL of the scope.
-#}
{% macro observe(model, relation, observed_at, amounts, scope="'ticket'") -%}
    select
        {{ scope }} as scope,
        {{ reporting_date(observed_at) }} as observed_on,
        {%- for column in cell_columns() %}
        {{ column }},
        {%- endfor %}
        {%- for measure, kind in observed_measures()[model].items() %}
        cast({{ amounts.get(measure, 'null') }} as {{ type_wide_integer() if kind == 'money' else dbt.type_bigint() }}) as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    where {{ observed_at }} is not null
{%- endmacro %}


{#-
    Measures that were counted side by side (see count_in_cells) one below the other.

    Args:
        relation: CTE of counted cells.
        measures: its measures.
        columns: list of columns to keep, SQL.
    Returns: selects of measure, the columns, observations_count, total and squares, joined by union all; no row without an observation.
-#}
{% macro measures_in_rows(relation, measures, columns) -%}
    {%- for measure in measures %}
    select
        '{{ measure }}' as measure,
        {{ columns | join(',\n        ') }},
        count_{{ measure }} as observations_count,
        total_{{ measure }} as total,
        squares_{{ measure }} as squares
    from {{ relation }}
    where count_{{ measure }} > 0
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- Those of a model's measures (see observed_measures) that are of a kind: flag, money or amount. -#}
{% macro measures_of_kind(measures, kind) -%}
    {{ return(measures.items() | selectattr(1, 'equalto', kind) | map(attribute=0) | list) }}
{%- endmacro %}
