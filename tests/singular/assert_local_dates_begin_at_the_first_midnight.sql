-- A local date begins at the first instant that bears it: nights on which midnight comes twice, never, or once as always. Instants by
-- the time zone database.
with expected as (
    select
        'Atlantic/Azores' as zone,
        cast('2024-10-27' as date) as local_date,
        cast('2024-10-27 00:00:00' as {{ dbt.type_timestamp() }}) as begins_at
    union all
    select
        'America/Havana' as zone,
        cast('2024-11-03' as date) as local_date,
        cast('2024-11-03 04:00:00' as {{ dbt.type_timestamp() }}) as begins_at
    union all
    select
        'Africa/Cairo' as zone,
        cast('2024-04-26' as date) as local_date,
        cast('2024-04-25 22:00:00' as {{ dbt.type_timestamp() }}) as begins_at
    union all
    select
        'America/Santiago' as zone,
        cast('2024-09-08' as date) as local_date,
        cast('2024-09-08 04:00:00' as {{ dbt.type_timestamp() }}) as begins_at
    union all
    select
        'Asia/Beirut' as zone,
        cast('2024-10-27' as date) as local_date,
        cast('2024-10-26 22:00:00' as {{ dbt.type_timestamp() }}) as begins_at
    union all
    select
        'Europe/Berlin' as zone,
        cast('2024-10-27' as date) as local_date,
        cast('2024-10-26 22:00:00' as {{ dbt.type_timestamp() }}) as begins_at
),

found as (
    select
        expected.*,
        {{ first_midnight('expected.local_date', 'expected.zone') }} as found_at
    from expected
)

select * from found
where found_at <> begins_at
