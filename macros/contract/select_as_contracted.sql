{#-
    The columns of a published table in the order and types of its contract, so that the contract stands once, in its yml.

    Args:
        mart: name of the model whose yml lists the columns.
        relation: name of the CTE to read from.
    Returns: a select that lists every column with its cast. While dbt only parses, and in a unit test, which dbt compiles without its
        graph, all columns as they are.
-#}
{% macro select_as_contracted(mart, relation) -%}
{%- if execute and graph.get('nodes') -%}
{%- set columns = graph.nodes['model.support_kpis.' ~ mart].columns.values() | list -%}
select
{%- for column in columns %}
    cast({{ column.name }} as {{ engine_type(column.data_type) }}) as {{ column.name }}{{ ',' if not loop.last }}
{%- endfor %}
from {{ relation }}
{%- else -%}
select * from {{ relation }}
{%- endif -%}
{%- endmacro %}
