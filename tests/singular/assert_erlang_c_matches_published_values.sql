{#-
    Protects the staffing table's queueing formulas: the same macros that int_staffing_queues is made of must give what is known.

    - ten erlangs of 180 seconds, target 20 seconds: the worked example of Call Centre Helper's "Erlang C formula", with the figures that the R
      package ErlangC (CRAN, 2024) prints for it: 11 people 0.6821182 waiting; 14 people 0.1741319 waiting, 0.88835 answered.
    - 48 erlangs of 240 seconds, target 15 seconds, 55 people: Mitan's tutorial on Erlang C: 0.239 waiting.
    - one and two people have closed forms: C = a, and a * a / (2 + a).
    - hundreds of people: Erlang B by its recursion in exact fractions, outside of any database.
-#}
{%- set known = [
    ('textbook', 10, 180, 20, 11, 0.6821182, 0.3896138, 0.0000001),
    ('textbook', 10, 180, 20, 12, 0.4493882, 0.6401580, 0.0000001),
    ('textbook', 10, 180, 20, 14, 0.1741319, 0.88835, 0.0000005),
    ('mitan', 48, 240, 15, 55, 0.239, 0.846, 0.0005),
    ('one', 0.5, 100, 0, 1, 0.5, 0.5, 0.000000000001),
    ('two', 1, 100, 0, 2, 0.333333333333333, 0.666666666666667, 0.000000000001),
    ('overrun', 3, 100, 0, 3, 1, 0, 0.000000000001),
    ('hundreds', 300, 240, 20, 310, 0.4559306058238976, 0.8018533755053873, 0.00000000001),
    ('thousand', 1000, 300, 20, 1040, 0.14045389495454796, 0.9902407786408731, 0.00000000001),
] -%}
with factorials as (
    {{ log_factorials() | indent(4) }}
),

known as (
    {%- for queue, load, handle, target, agents, waiting, answered, tolerance in known %}
    select
        '{{ queue }}' as queue_id,
        {{ as_double(load) }} as load_erlangs,
        {{ as_double(handle) }} as handle_seconds,
        {{ target }} as target_seconds,
        {{ agents }} as agents,
        {{ as_double(waiting) }} as waiting_share,
        {{ as_double(answered) }} as service_level,
        {{ as_double(tolerance) }} as tolerance
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

queues as (
    select
        queue_id,
        load_erlangs,
        handle_seconds,
        target_seconds,
        max(agents) as most_agents
    from known
    group by queue_id, load_erlangs, handle_seconds, target_seconds
),

curve as (
    {{ erlang_c_curve('queues', 'factorials') | indent(4) }}
)

select
    known.queue_id,
    known.agents,
    known.waiting_share,
    curve.waiting_share as computed_waiting_share,
    known.service_level,
    curve.service_level as computed_service_level
from known
left join curve
    on
        known.queue_id = curve.queue_id
        and known.agents = curve.agents
where
    curve.queue_id is null
    or abs(known.waiting_share - curve.waiting_share) > known.tolerance
    or abs(known.service_level - curve.service_level) > known.tolerance
