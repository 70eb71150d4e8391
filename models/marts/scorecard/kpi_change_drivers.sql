{%- set figures = ['numerator', 'denominator', 'sample_size'] -%}
-- Read from what the scorecard publishes and nothing else. Where it hides a small group, there is no account by groups: what the others leave
-- over would give it away.
with definitions as (
    select * from {{ ref('kpi_definitions') }}
    where statistic in ('share', 'mean', 'ratio', 'nps', 'time_share')
),

scorecard as (
    select
        published.*,
        {{ period_end('published.period_grain', 'published.period_start') }} as next_period_start,
        case when definitions.statistic = 'nps' then {{ as_double('definitions.unit_factor') }} / definitions.unit_divisor else 1.0 end as unit_factor
    from {{ ref('kpi_scorecard') }} as published
    inner join definitions on published.kpi_key = definitions.kpi_key
    where
        published.dimension in ('all', 'team', 'channel', 'priority', 'topic')
        -- By channel a ticket counts in each channel that it used: its channels do not add up to the whole.
        and (published.kpi_key <> 'interactions_per_ticket' or published.dimension <> 'channel')
),

paired as (
    {{ periods_paired('scorecard', ['kpi_key', 'period_grain', 'dimension', 'member_id'], figures) | indent(4) }}
),

-- The changes to be explained, by every dimension by which the KPI is cut.
cuts as (
    select distinct
        kpi_key,
        dimension as cut
    from scorecard
    where dimension <> 'all'
),

hidden as (
    select distinct
        kpi_key,
        period_grain,
        period_start,
        dimension
    from paired
    where is_hidden
),

totals as (
    select
        paired.*,
        cuts.cut,
        paired.unit_factor * {{ as_double('paired.numerator') }} / {{ as_double('paired.denominator') }} as whole_rate,
        paired.unit_factor * {{ as_double('paired.previous_numerator') }} / {{ as_double('paired.previous_denominator') }} as previous_whole_rate
    from paired
    inner join cuts on paired.kpi_key = cuts.kpi_key
    left join hidden
        on
            paired.kpi_key = hidden.kpi_key
            and paired.period_grain = hidden.period_grain
            and paired.period_start = hidden.period_start
            and cuts.cut = hidden.dimension
    where
        paired.dimension = 'all'
        and paired.change is not null
        and hidden.kpi_key is null
),

members as (
    select * from paired
    where
        dimension <> 'all'
        and member_id <> 'unknown'
),

-- Unknown is what is in the whole and in no other member: tickets that have none, surveys without a ticket.
pieces as (
    {%- for relation, dimension, member, sign in [('members', 'dimension', 'member_id', ''), ('totals', 'cut', "'unknown'", ''), ('members', 'dimension', "'unknown'", '-')] %}
    select
        kpi_key,
        period_grain,
        period_start,
        {{ dimension }} as dimension,
        {{ member }} as member_id,
        {{ 'member_name' if member == 'member_id' else "'Unknown'" }} as member_name,
        {%- for figure in figures %}
        {{ sign }}{{ figure }} as {{ figure }},
        {{ sign }}previous_{{ figure }} as previous_{{ figure }}{%- if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- Numerators are decimals of ten places: where nobody is unknown, what is left of them is dust, and counts as nothing.
summed as (
    select
        kpi_key,
        period_grain,
        period_start,
        dimension,
        member_id,
        max(member_name) as member_name,
        {%- for figure in figures %}
        case when abs(sum({{ figure }})) < 0.0000001 then 0 else sum({{ figure }}) end as {{ figure }},
        case when abs(sum(previous_{{ figure }})) < 0.0000001 then 0 else sum(previous_{{ figure }}) end as previous_{{ figure }}{%- if not loop.last %},{% endif %}
        {%- endfor %}
    from pieces
    group by kpi_key, period_grain, period_start, dimension, member_id
),

rated as (
    select
        summed.*,
        totals.change as total_change,
        totals.is_significant_change,
        totals.is_complete_period,
        totals.whole_rate,
        totals.previous_whole_rate,
        {{ as_double('summed.denominator') }} / {{ as_double('totals.denominator') }} as weight,
        {{ as_double('summed.previous_denominator') }} / {{ as_double('totals.previous_denominator') }} as previous_weight,
        totals.unit_factor * {{ as_double('summed.numerator') }} / nullif({{ as_double('summed.denominator') }}, 0) as member_rate,
        totals.unit_factor * {{ as_double('summed.previous_numerator') }} / nullif({{ as_double('summed.previous_denominator') }}, 0) as previous_member_rate,
        case when summed.denominator > 0 then 0 else totals.unit_factor * {{ as_double('summed.numerator') }} / {{ as_double('totals.denominator') }} end as weightless,
        case when summed.previous_denominator > 0 then 0 else totals.unit_factor * {{ as_double('summed.previous_numerator') }} / {{ as_double('totals.previous_denominator') }} end
            as previous_weightless
    from summed
    inner join totals
        on
            summed.kpi_key = totals.kpi_key
            and summed.period_grain = totals.period_grain
            and summed.period_start = totals.period_start
            and summed.dimension = totals.cut
    where greatest(summed.denominator, summed.previous_denominator, abs(summed.numerator), abs(summed.previous_numerator)) > 0.5
),

parted as (
    select
        *,
        {{ mix_part('weight', 'previous_weight', 'member_rate', 'previous_member_rate', 'whole_rate', 'previous_whole_rate') }} as mix_part,
        {{ rate_part('weight', 'previous_weight', 'member_rate', 'previous_member_rate', 'weightless', 'previous_weightless') }} as rate_part
    from rated
),

ranked as (
    select
        {{ stable_key(['kpi_key', 'period_grain', 'period_start', 'dimension', 'member_id']) }} as change_driver_id,
        *,
        mix_part + rate_part as total_part,
        row_number() over (
            partition by kpi_key, period_grain, period_start, dimension
            order by abs(mix_part + rate_part) desc, {{ bytewise('member_id') }}
        ) as driver_rank,
        least(sample_size, previous_sample_size) < {{ smallest_sample() }} as is_small_sample
    from parted
),

typed as (
    {{ select_as_contracted('kpi_change_drivers', 'ranked') | indent(4) }}
)

select * from typed
