-- One row a metric, priority, business unit that has policies of its own (null: any other unit) and stretch of time in which one
-- policy holds for it: the unit's own before the general one, then the latest valid_from.
with policies as (
    select
        policy_id,
        metric,
        priority,
        coalesce(business_unit_id, '') as unit_key,
        clock,
        -- Durations are whole seconds, so what is within the target is within its whole seconds.
        cast(floor({{ double_to_decimal('target_minutes') }} * 60) as {{ dbt.type_bigint() }}) as target_seconds,
        coalesce(valid_from, {{ beginning_of_time() }}) as valid_from,
        case when valid_from is null then 1 else 0 end as is_without_start,
        coalesce(valid_to, {{ end_of_time() }}) as valid_to
    from {{ ref('int_sla_policies_gated') }}
    where verdict = 'accepted'
),

units as (
    select unit_key
    from policies
    group by unit_key
    -- The general policies stand by themselves too. A union drops the repeat.
    union
    select '' as unit_key
),

candidates as (
    select
        units.unit_key,
        policies.policy_id,
        policies.metric,
        policies.priority,
        policies.clock,
        policies.target_seconds,
        policies.valid_from,
        policies.valid_to,
        policies.is_without_start,
        case when policies.unit_key = '' then 1 else 0 end as is_general
    from units
    inner join policies
        on
            units.unit_key = policies.unit_key
            or policies.unit_key = ''
    where policies.valid_from < policies.valid_to
),

-- A union drops repeats: the instants at which anything may change.
boundaries as (
    select
        unit_key,
        metric,
        priority,
        valid_from as boundary_at
    from candidates
    union
    select
        unit_key,
        metric,
        priority,
        valid_to as boundary_at
    from candidates
),

stretches as (
    select
        unit_key,
        metric,
        priority,
        boundary_at as valid_from,
        lead(boundary_at) over (partition by unit_key, metric, priority order by boundary_at) as valid_to
    from boundaries
),

ranked as (
    select
        stretches.unit_key,
        stretches.metric,
        stretches.priority,
        stretches.valid_from,
        stretches.valid_to,
        candidates.policy_id,
        candidates.clock,
        candidates.target_seconds,
        row_number() over (
            partition by stretches.unit_key, stretches.metric, stretches.priority, stretches.valid_from
            order by candidates.is_general, candidates.is_without_start, candidates.valid_from desc, {{ bytewise('candidates.policy_id') }} desc
        ) as policy_rank
    from stretches
    inner join candidates
        on
            stretches.unit_key = candidates.unit_key
            and stretches.metric = candidates.metric
            and stretches.priority = candidates.priority
            and candidates.valid_from <= stretches.valid_from
            and stretches.valid_to <= candidates.valid_to
),

spans as (
    select
        nullif(unit_key, '') as business_unit_id,
        metric,
        priority,
        policy_id,
        clock,
        target_seconds,
        valid_from,
        valid_to
    from ranked
    where policy_rank = 1
)

select * from spans
