{#- Fails where a staging model has more or fewer rows than the raw table it reads. Passes where there is no such table. -#}
{% test keeps_every_row(model, raw_table) %}

{%- set relation = raw_relation(raw_table) -%}
{%- set is_there = columns_at_hand(relation) | length > 0 %}

select
    (select count(*) from {{ model }}) as staged_count,
    {{ '(select count(*) from ' ~ relation ~ ')' if is_there else '0' }} as raw_count
where
    (select count(*) from {{ model }}) <> {{ '(select count(*) from ' ~ relation ~ ')' if is_there else '0' }}

{% endtest %}
