{#-
    The Erlang formulas, for queues of any size. Erlang B is read from the Poisson distribution of the load: B(n, a) = P(N = n) / P(N <= n), whose
    terms are made from logarithms, so that no factorial and no power can run over. Erlang C follows from B (A. K. Erlang, 1917; L. Kleinrock, 1975,
    Queueing Systems 1, section 3.5): C = B / (1 - a/n (1 - B)), and the share answered within t is 1 - C exp(-(n - a) t / h).
-#}

{#- Most agents that the formulas are worked out for. -#}
{% macro erlang_most_agents() -%}9999{%- endmacro %}


{#-
    The logarithms of the factorials from 0 up, summed in whole parts of 1e-14, so that their order does not matter.

    Returns: a select of `agents` (0 to erlang_most_agents) and `log_factorial`.
-#}
{% macro log_factorials() -%}
select
    number as agents,
    {{ as_double('sum(' ~ as_wide_integer('floor(ln(' ~ as_double('greatest(number, 1)') ~ ') * 1e14 + 0.5)') ~ ') over (order by number rows between unbounded preceding and current row)') }} / 1e14
        as log_factorial
from (
    {{ whole_numbers(4) | indent(4) }}
) as numbers
{%- endmacro %}


{#- exp() of a number of zero or less; below 1e-130 it is zero, for engines that fail where it, or the product of two, is too small for a double. -#}
{% macro exp_or_zero(expression) -%}
    case when {{ expression }} > -300 then exp({{ expression }}) else 0 end
{%- endmacro %}


{#-
    Erlang C along the number of agents.

    Args:
        queues: CTE with queue_id, load_erlangs (above 0), handle_seconds (above 0), target_seconds and most_agents (up to which it is wanted).
        factorials: CTE made by log_factorials.
    Returns: a select with queue_id, agents (0 to most_agents), waiting_share (of contacts that have to wait) and service_level (the share answered within
        target_seconds). With no more agents than load the line grows without end: everybody waits, and nobody is answered in time.
-#}
{% macro erlang_c_curve(queues, factorials) -%}
select
    queue_id,
    agents,
    case when agents > load_erlangs then {{ erlang_c('poisson_term', 'poisson_sum', 'load_erlangs', 'agents') }} else 1.0 end as waiting_share,
    case
        when agents > load_erlangs
            then 1.0 - {{ erlang_c('poisson_term', 'poisson_sum', 'load_erlangs', 'agents') }} * {{ exp_or_zero('-(agents - load_erlangs) * target_seconds / handle_seconds') }}
        else 0.0
    end as service_level
from (
    select
        terms.*,
        {{ as_double("sum(cast(floor(terms.poisson_term * 1e17 + 0.5) as " ~ dbt.type_bigint() ~ ")) over (partition by terms.queue_id order by terms.agents rows between unbounded preceding and current row)") }} / 1e17
            as poisson_sum
    from (
        select
            queues.*,
            factorials.agents,
            {{ exp_or_zero('factorials.agents * ln(queues.load_erlangs) - queues.load_erlangs - factorials.log_factorial') }} as poisson_term
        from {{ queues }} as queues
        inner join {{ factorials }} as factorials on queues.most_agents >= factorials.agents
    ) as terms
) as summed
{%- endmacro %}


{#-
    The share of contacts that have to wait, by Erlang's second formula.

    Args:
        term, cumulated: Poisson probability of exactly, and of at most, as many contacts as agents.
        load: offered load in erlangs.
        agents: number of agents, greater than the load.
-#}
{% macro erlang_c(term, cumulated, load, agents) -%}
    ({{ term }} / {{ cumulated }} / (1.0 - {{ load }} / {{ agents }} * (1.0 - {{ term }} / {{ cumulated }})))
{%- endmacro %}


{#- Agents beyond which no target below 0.9999 asks for more: the load and six times its root, and ten. -#}
{% macro erlang_reach(load) -%}
    cast(least({{ erlang_most_agents() }}, ceil({{ load }} + 6 * sqrt({{ load }}) + 10)) as {{ dbt.type_bigint() }})
{%- endmacro %}


{#- People as whole billionths, so that sums do not depend on their order; a hundred million of them stand for more than anybody has. -#}
{% macro in_billionths(people) -%}
    cast(floor(case when {{ people }} > 1e8 then 1e8 else {{ people }} end * 1e9 + 0.5) as {{ dbt.type_bigint() }})
{%- endmacro %}
