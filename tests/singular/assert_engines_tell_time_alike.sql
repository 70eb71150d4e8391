-- Protects what every mart says of time: local clocks and dates around both changes of the clocks, whole seconds between instants, days,
-- weeks and months. Each line is an expression of the macros that models use, and what it must give on every engine, worked out by hand.
-- A local time that comes twice is left out on purpose: engines differ in which of the two they take, and no model asks.
{%- set berlin = "'Europe/Berlin'" %}
{%- set clocks = [
    ('the second before the clocks go forward', to_local("timestamp '2024-03-31 00:59:59'", berlin), '2024-03-31 01:59:59'),
    ('the second in which they go forward', to_local("timestamp '2024-03-31 01:00:00'", berlin), '2024-03-31 03:00:00'),
    ('an hour that comes twice, first', to_local("timestamp '2024-10-27 00:30:00'", berlin), '2024-10-27 02:30:00'),
    ('an hour that comes twice, again', to_local("timestamp '2024-10-27 01:30:00'", berlin), '2024-10-27 02:30:00'),
    ('a zone of half an hour', to_local("timestamp '2024-07-01 12:00:00'", "'Asia/Kolkata'"), '2024-07-01 17:30:00'),
    ('a zone south of the equator', to_local("timestamp '2024-01-01 00:00:00'", "'Australia/Lord_Howe'"), '2024-01-01 11:00:00'),
    ('summer in a zone whose name is an abbreviation too', to_local("timestamp '2024-07-01 12:00:00'", "'CET'"), '2024-07-01 14:00:00'),
    ('the same in a column', to_local("timestamp '2024-07-01 12:00:00'", "substr('EET ', 1, 3)"), '2024-07-01 15:00:00'),
    ('its winter', to_local("timestamp '2024-01-01 12:00:00'", "'WET'"), '2024-01-01 12:00:00'),
    ('back from its summer', to_utc("timestamp '2024-07-01 12:00:00'", "'MET'"), '2024-07-01 10:00:00'),
    ('a name that Java lacks', to_local("timestamp '2024-07-01 12:00:00'", "'ROC'"), '2024-07-01 20:00:00'),
    ('a young zone, before it was', to_local("timestamp '2024-07-01 12:00:00'", "'America/Coyhaique'"), '2024-07-01 08:00:00'),
    ('a young zone, since it is', to_local("timestamp '2025-07-01 12:00:00'", "substr('America/Coyhaique ', 1, 17)"), '2025-07-01 09:00:00'),
    ('back from winter', to_utc("timestamp '2024-01-01 12:00:00'", berlin), '2024-01-01 11:00:00'),
    ('back from summer', to_utc("timestamp '2024-07-01 12:00:00'", berlin), '2024-07-01 10:00:00'),
    ('back from a time that there is not', to_utc("timestamp '2024-03-31 02:30:00'", berlin), '2024-03-31 01:30:00'),
    ('a midnight that comes twice', first_midnight("date '2024-10-27'", "'Atlantic/Azores'"), '2024-10-27 00:00:00'),
    ('seconds later over the leap day', plus_seconds("timestamp '2024-02-28 23:59:59'", '86402'), '2024-03-01 00:00:01'),
    ('seconds earlier', plus_seconds("timestamp '2024-01-01 00:00:00'", '-1'), '2023-12-31 23:59:59'),
    ('days later', plus_days("timestamp '2024-02-28 12:00:00'", 2), '2024-03-01 12:00:00'),
    ('an epoch', instant_of_epoch('1709251200'), '2024-03-01 00:00:00'),
    ('an epoch before 1970', instant_of_epoch('-1'), '1969-12-31 23:59:59'),
] %}
{%- set days = [
    ('a week begins on Monday', period_start('week', "date '2024-03-03'"), '2024-02-26'),
    ('a quarter begins', period_start('quarter', "date '2024-06-30'"), '2024-04-01'),
    ('a month ends', period_end("'month'", "date '2024-02-01'"), '2024-03-01'),
    ('a year ends', period_end("'year'", "date '2024-01-01'"), '2025-01-01'),
    ('a week before', previous_period("'week'", "date '2024-01-01'"), '2023-12-25'),
    ('a quarter before', previous_period("'quarter'", "date '2024-01-01'"), '2023-10-01'),
    ('days later', add_days("date '2024-02-28'", '2'), '2024-03-01'),
    ('days earlier', add_days("date '2024-03-01'", '-1'), '2024-02-29'),
    ('the month of a number', first_of_month(month_number("date '2024-12-31'")), '2024-12-01'),
] %}
{%- set numbers = [
    ('seconds between', seconds_between("timestamp '2024-03-01 10:00:00'", "timestamp '2024-03-01 10:01:01'"), 61),
    ('seconds back', seconds_between("timestamp '2024-03-01 10:00:00'", "timestamp '2024-03-01 09:59:59'"), -1),
    ('seconds over a boundary of days', seconds_between("timestamp '2024-02-29 23:59:59'", "timestamp '2024-03-01 00:00:00'"), 1),
    ('seconds over ten years', seconds_between("timestamp '2014-03-01 00:00:00'", "timestamp '2024-03-01 00:00:00'"), 315619200),
    ('an epoch', epoch_seconds("timestamp '2024-03-01 00:00:00'"), 1709251200),
    ('Sunday', iso_day_of_week("date '2024-03-03'"), 7),
    ('Monday', iso_day_of_week("date '2024-03-04'"), 1),
    ('the number of a month', month_number("date '2024-12-31'"), 24299),
] %}
with compared as (
    {%- for name, expression, expected in clocks + days + numbers %}
    select
        '{{ name }}' as what,
        '{{ expected }}' as expected,
        cast({{ expression }} as {{ dbt.type_string() }}) as found
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select *
from compared
where coalesce(found, 'nothing') <> expected
