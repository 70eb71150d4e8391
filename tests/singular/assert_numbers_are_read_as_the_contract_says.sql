-- Protects the reading of every raw value, and so all marts: each text below is read by the macros that staging uses, and must
-- give what stands beside it (null where it is unreadable), worked out by hand from the landing contract and its fine print.
with integers as (
    select
        written_integers.written,
        written_integers.expected,
        {{ safe_integer('written_integers.written') }} as found
    from (
        values
        ('3', '3'),
        ('-3', '-3'),
        ('+3', '3'),
        ('3.0', '3'),
        ('3.', '3'),
        ('007', '7'),
        ('3.7', null),
        ('3e2', null),
        ('1_000', null),
        ('1,000', null),
        ('9999999999999999999', null),
        ('', null)
    ) as written_integers (written, expected)
),

numbers as (
    select
        written_numbers.written,
        cast(written_numbers.expected as {{ type_double() }}) as expected,
        {{ safe_number('written_numbers.written') }} as found
    from (
        values
        ('3', 3),
        ('-0.5', -0.5),
        ('.5', 0.5),
        ('5.', 5),
        ('1e3', 1000),
        ('2.5E-1', 0.25),
        ('9999999999.9', 9999999999.9),
        ('10000000000', null),
        ('1e99', null),
        -- Nearer to zero than a double can be.
        ('0.' || repeat('0', 400) || '1', 0),
        ('1.' || repeat('0', 400) || '1e2', 100),
        ('NaN', null),
        ('inf', null),
        ('-Infinity', null),
        ('1_000', null),
        ('1,000', null),
        ('1 000', null),
        ('0x10', null),
        ('', null)
    ) as written_numbers (written, expected)
),

decimals as (
    select
        written_decimals.written,
        cast(written_decimals.expected as decimal(23, 10)) as expected,
        {{ safe_decimal('written_decimals.written') }} as found
    from (
        values
        ('19.99', 19.99),
        ('-0.0000000001', -0.0000000001),
        ('9999999999999', 9999999999999),
        ('10000000000000', null),
        ('1e15', null),
        ('12345678901234567.5e-5', 123456789012.345675),
        ('-123456789012345678901234567890E-20', -1234567890.123456789),
        ('0.000000000000000000000000000000125e+30', 0.125),
        ('5.e3', 5000),
        ('.5e-1', 0.05),
        ('80274.37e-20', 0),
        ('1.5' || repeat('0', 20000) || '1', 1.5),
        ('nan', null),
        ('1.000,00', null),
        ('', null)
    ) as written_decimals (written, expected)
),

compared as (
    select
        'integer' as type_name,
        written,
        expected,
        cast(found as {{ dbt.type_string() }}) as found
    from integers
    union all
    select
        'number' as type_name,
        written,
        cast(expected as {{ dbt.type_string() }}) as expected,
        cast(found as {{ dbt.type_string() }}) as found
    from numbers
    union all
    select
        'decimal' as type_name,
        written,
        cast(expected as {{ dbt.type_string() }}) as expected,
        cast(found as {{ dbt.type_string() }}) as found
    from decimals
)

select *
from compared
where coalesce(expected, 'unreadable') <> coalesce(found, 'unreadable')
