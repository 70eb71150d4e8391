-- The rate of each currency from one date to the next.
with rates as (
    select
        currency,
        rate_on,
        rate
    from {{ ref('int_exchange_rates_gated') }}
    where verdict = 'accepted'
),

spans as (
    select
        currency,
        rate,
        rate_on as valid_from,
        lead(rate_on, 1, cast('2999-12-31' as date)) over (partition by currency order by rate_on) as valid_to
    from rates
)

select * from spans
