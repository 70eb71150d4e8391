-- Protects the reading of every raw value, and so all marts: each text below is read by the macros that staging uses, and must
-- give what stands beside it (null where it is unreadable), worked out by hand from the landing contract and its fine print.
with timestamps as (
    select
        written_timestamps.written,
        written_timestamps.expected,
        {{ safe_timestamp('written_timestamps.written') }} as found
    from (
        values
        ('2024-03-01', '2024-03-01 00:00:00'),
        ('2024-03-01T10:15', '2024-03-01 10:15:00'),
        ('2024-03-01 10:15:59', '2024-03-01 10:15:59'),
        ('2024-03-01T10:15:59.999', '2024-03-01 10:15:59'),
        ('2024-03-01T10:15:59Z', '2024-03-01 10:15:59'),
        ('2024-03-01T10:15+02:00', '2024-03-01 08:15:00'),
        ('2024-03-01 10:15:30.5-0330', '2024-03-01 13:45:30'),
        ('2024-03-01T00:15+01', '2024-02-29 23:15:00'),
        ('2024-02-30', null),
        ('2023-02-29T10:00', null),
        ('2024-03-01T24:00', null),
        ('2024-03-01T10:60', null),
        ('2024-03-01T10', null),
        ('2024-3-1', null),
        ('01.03.2024', null),
        ('2024-03-01T10:15:30 Z', null),
        ('2024-03-01T10:15+25:00', null),
        (' 2024-03-01', null),
        ('2024-03-01 10:15:59', '2024-03-01 10:15:59'),
        ('2024-03-01  1:15:59', null),
        ('2024-03-1  10:15:59', null),
        ('2024-03-01 10:15:5.', null),
        ('2024-03-01 10:15:5Z', null),
        ('2024-03-01 24:00:00', null),
        ('2024-03-01 10:15:60', null),
        ('2024-02-30 10:15:59', null),
        ('-024-03-01 10:15:59', null),
        ('0000-01-01', null),
        ('0001-01-01T00:00', '0001-01-01 00:00:00'),
        ('0001-01-01T00:00:00+02:00', '0001-01-01 00:00:00'),
        ('0001-01-02T00:00:00+02:00', '0001-01-01 22:00:00'),
        ('9999-12-31 23:59:59.9-0500', '9999-12-31 23:59:59'),
        ('1709287200', null),
        ('', null)
    ) as written_timestamps (written, expected)
),

dates as (
    select
        written_dates.written,
        written_dates.expected,
        {{ safe_date('written_dates.written') }} as found
    from (
        values
        ('2024-02-29', '2024-02-29'),
        ('2023-02-29', null),
        ('2024-02-29T00:00', null),
        ('20240229', null),
        ('0000-02-29', null),
        ('0987-02-28', '0987-02-28'),
        ('', null)
    ) as written_dates (written, expected)
),

booleans as (
    select
        written_booleans.written,
        written_booleans.expected,
        {{ safe_boolean('written_booleans.written') }} as found
    from (
        values
        ('true', 'true'),
        ('T', 'true'),
        ('Yes', 'true'),
        ('y', 'true'),
        ('1', 'true'),
        ('FALSE', 'false'),
        ('f', 'false'),
        ('no', 'false'),
        ('N', 'false'),
        ('0', 'false'),
        ('2', null),
        ('on', null),
        (' true', null),
        ('', null)
    ) as written_booleans (written, expected)
),

compared as (
    select
        'timestamp' as type_name,
        written,
        expected,
        cast(found as {{ dbt.type_string() }}) as found
    from timestamps
    union all
    select
        'date' as type_name,
        written,
        expected,
        cast(found as {{ dbt.type_string() }}) as found
    from dates
    union all
    select
        'boolean' as type_name,
        written,
        expected,
        lower(cast(found as {{ dbt.type_string() }})) as found
    from booleans
)

select *
from compared
where coalesce(expected, 'unreadable') <> coalesce(found, 'unreadable')
