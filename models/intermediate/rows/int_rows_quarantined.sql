-- Rejected rows with a key of their own and without the id of an erased customer. Copies of one bad row are told apart by counting
-- them: they are alike in everything, so any order will do.
{%- set id_columns = ['customer_id', 'merged_into_customer_id', 'author_id', 'actor_id'] %}
with rejected as (
    select * from {{ ref('int_rows_judged') }}
    where verdict = 'quarantined'
),

erased as (
    select
        customer_id,
        published_customer_id
    from {{ ref('int_customers_resolved') }}
    where is_id_hidden
),

counted as (
    select
        raw_table,
        raw_key,
        defect_reason,
        defect_detail,
        raw_record,
        row_number() over (
            partition by raw_table, raw_key, raw_record
            order by defect_reason
        ) as copy_number
    from rejected
),

keyed as (
    select
        {{ stable_key(['counted.raw_table', 'counted.raw_key', 'counted.raw_record', 'counted.copy_number']) }} as quarantine_id,
        counted.raw_table,
        case
            when counted.raw_table = 'customers' then coalesce(erased.published_customer_id, counted.raw_key)
            else counted.raw_key
        end as raw_key,
        counted.defect_reason,
        counted.defect_detail,
        counted.raw_record
    from counted
    left join erased on counted.raw_key = erased.customer_id
),

{%- for column in id_columns %}
{%- set before = 'keyed' if loop.first else 'without_' ~ loop.previtem %}
{%- set member = json_name(column) ~ ': ' %}

without_{{ column }} as (
    select
        {{ before }}.quarantine_id,
        {{ before }}.raw_table,
        {{ before }}.raw_key,
        {{ before }}.defect_reason,
        {{ before }}.defect_detail,
        case
            when erased.customer_id is null then {{ before }}.raw_record
            else replace(
                {{ before }}.raw_record,
                '{{ member }}' || {{ json_text('erased.customer_id') }},
                '{{ member }}' || {{ json_text('erased.published_customer_id') }}
            )
        end as raw_record
    from {{ before }}
    left join erased on {{ json_member(before ~ '.raw_record', column) }} = erased.customer_id
),
{%- endfor %}

pseudonymised as (
    select * from without_{{ id_columns | last }}
)

select * from pseudonymised
