-- Protects every figure: rounding, division, decimals and quantiles on every engine. Each line is an expression of the macros that models
-- use, and what it must give, worked out by hand.
{%- set numbers = [
    ('half up', round_half_up('0.5'), '1'),
    ('half up at two', round_half_up('2.5'), '3'),
    ('a double a hair below a half, which it is meant to be', round_half_up(as_double('1.005') ~ ' * 100'), '101'),
    ('below a half', round_half_up('2.4999'), '2'),
    ('whole division', whole_division('7', '2'), '3'),
    ('whole division below zero', whole_division('-7', '2'), '-4'),
    ('a share of whole numbers', 'floor(1000 * ' ~ as_double('1') ~ ' / 3)', '333'),
    ('a double with all its digits', 'case when ' ~ as_decimal(as_double("'123456.7890123456'")) ~ ' = 123456.7890123456 then 1 else 0 end', '1'),
    ('a great double, digit by digit', 'case when ' ~ exact_decimal(as_double("'98765432.1'")) ~ ' = 98765432.0999999940 then 1 else 0 end', '1'),
    ('a double below zero', 'case when ' ~ exact_decimal(as_double("'-2.25'")) ~ ' = -2.25 then 1 else 0 end', '1'),
    ('a decimal too great', 'coalesce(' ~ round_half_up(as_double("'1e15'")) ~ ', -1)', '-1'),
    ('a wide sum of squares', 'case when ' ~ as_wide_integer('3000000000') ~ ' * ' ~ as_wide_integer('3000000000') ~ ' > 8999999999999999999 then 1 else 0 end', '1'),
] %}
with listed as (
    select
        {{ sorted_values('unsorted.amount') }} as amounts,
        percentile_cont(0.5) within group (order by unsorted.amount) as middle,
        percentile_cont(0.9) within group (order by unsorted.amount) as ninetieth
    from (
        values (cast(40 as {{ dbt.type_bigint() }})), (10), (20), (30)
    ) as unsorted (amount)
),

compared as (
    {%- for name, expression, expected in numbers %}
    select
        '{{ name }}' as what,
        {{ expected }} as expected,
        cast({{ expression }} as {{ dbt.type_bigint() }}) as found
    union all
    {%- endfor %}
    -- Between the second and the third; seven tenths of the way from the third to the fourth: 30 + 0.7 * 10.
    select
        'a median' as what,
        25 as expected,
        cast(middle as {{ dbt.type_bigint() }}) as found
    from listed
    union all
    select
        'a ninetieth percentile' as what,
        37 as expected,
        cast(round(ninetieth) as {{ dbt.type_bigint() }}) as found
    from listed
    union all
    select
        'a median of a list' as what,
        25 as expected,
        cast({{ quantile_of('amounts', '4', 0.5) }} as {{ dbt.type_bigint() }}) as found
    from listed
    union all
    select
        'the second of a list' as what,
        20 as expected,
        cast({{ value_at('amounts', '2') }} as {{ dbt.type_bigint() }}) as found
    from listed
)

select *
from compared
where
    found is null
    or found <> expected
