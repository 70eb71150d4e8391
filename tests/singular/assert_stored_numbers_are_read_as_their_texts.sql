-- Protects raw tables whose columns are numbers already: each must be read as its text would be, and what no text could say is unreadable.
with numbers as (
    select
        stored_numbers.label,
        stored_numbers.expected,
        {{ stored_number('stored_numbers.stored', 'number') }} as found
    from (
        select
            'fraction' as label,
            {{ as_double('-0.5') }} as stored,
            {{ as_double('-0.5') }} as expected
        union all
        select
            'largest' as label,
            {{ as_double('9999999999.5') }} as stored,
            {{ as_double('9999999999.5') }} as expected
        union all
        select
            'too large' as label,
            {{ as_double('10000000000') }} as stored,
            cast(null as {{ type_double() }}) as expected
        union all
        select
            'no number' as label,
            {{ as_double("'NaN'") }} as stored,
            cast(null as {{ type_double() }}) as expected
        union all
        select
            'endless' as label,
            {{ as_double("'-Infinity'") }} as stored,
            cast(null as {{ type_double() }}) as expected
    ) as stored_numbers
),

others as (
    select
        'whole' as label,
        {{ as_double('3') }} as expected,
        {{ as_double(stored_number('cast(3 as ' ~ dbt.type_bigint() ~ ')', 'integer')) }} as found
    union all
    select
        'nineteen digits' as label,
        cast(null as {{ type_double() }}) as expected,
        {{ as_double(stored_number('cast(1000000000000000000 as ' ~ dbt.type_bigint() ~ ')', 'integer')) }} as found
    union all
    select
        'decimal' as label,
        {{ as_double('19.99') }} as expected,
        {{ as_double(stored_number('cast(19.99 as decimal(18, 2))', 'decimal')) }} as found
    union all
    select
        'fourteen digits' as label,
        cast(null as {{ type_double() }}) as expected,
        {{ as_double(stored_number('cast(10000000000000 as decimal(18, 2))', 'decimal')) }} as found
),

compared as (
    select * from numbers
    union all
    select * from others
)

select *
from compared
where
    found <> expected
    or (found is null and expected is not null)
    or (found is not null and expected is null)
