-- Protects raw tables written from data frames, which keep a date as the timestamp of its midnight, and a whole number that is missing somewhere as a
-- double: both are read as what they stand for.
{%- set date_column = {'name': 'hired_on', 'type': 'date', 'values': none} -%}
{%- set id_column = {'name': 'agent_id', 'type': 'text', 'values': none} -%}
{%- set midnight = "cast('2024-03-01 00:00:00' as " ~ dbt.type_timestamp() ~ ')' -%}
{%- set morning = "cast('2024-03-01 10:00:00' as " ~ dbt.type_timestamp() ~ ')' -%}
{%- set values = [
    ('a midnight', as_text(read_value(midnight, 'timestamp', date_column)), '2024-03-01'),
    ('a time of day', as_text(read_value(morning, 'timestamp', date_column)), none),
    ('a whole double', read_value(as_double('17'), 'double', id_column), '17'),
    ('a whole double below zero', read_value(as_double('-3'), 'double', id_column), '-3'),
    ('a fraction', read_value(as_double('17.5'), 'double', id_column), '17.5'),
    ('a text of a fraction', read_value("'17.0'", 'varchar', id_column), '17.0'),
] %}
with compared as (
    {%- for name, expression, expected in values %}
    select
        '{{ name }}' as what,
        {% if expected is none %}cast(null as {{ dbt.type_string() }}){% else %}'{{ expected }}'{% endif %} as expected,
        {{ expression }} as found
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select *
from compared
where coalesce(found, 'nothing') <> coalesce(expected, 'nothing')
