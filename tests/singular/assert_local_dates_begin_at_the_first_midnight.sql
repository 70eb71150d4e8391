-- A local date begins at the first instant that bears it: nights on which midnight comes twice, never, or once as always. Instants by
-- the time zone database.
{%- set nights = [
    ('Atlantic/Azores', '2024-10-27', '2024-10-27 00:00:00'),
    ('America/Havana', '2024-11-03', '2024-11-03 04:00:00'),
    ('Africa/Cairo', '2024-04-26', '2024-04-25 22:00:00'),
    ('America/Santiago', '2024-09-08', '2024-09-08 04:00:00'),
    ('Asia/Beirut', '2024-10-27', '2024-10-26 22:00:00'),
    ('Europe/Berlin', '2024-10-27', '2024-10-26 22:00:00'),
] %}
with expected as (
    {%- for zone, local_date, begins_at in nights %}
    select
        '{{ zone }}' as zone,
        cast('{{ local_date }}' as date) as local_date,
        cast('{{ begins_at }}' as {{ dbt.type_timestamp() }}) as begins_at
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

found as (
    select
        expected.*,
        {{ first_midnight('expected.local_date', 'expected.zone') }} as found_at
    from expected
)

select * from found
where found_at <> begins_at
