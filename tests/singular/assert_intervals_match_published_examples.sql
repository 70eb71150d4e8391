-- Protects the intervals of shares and of their differences: bounds that were published, to the four places in which they were. Wilson's
-- are those of 81 in 263, 15 in 148, 0 in 20 and 1 in 29 (Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3), the
-- differences 56 in 70 less 48 in 80 and 9 in 10 less 3 in 10 (the same volume, 873-890, table II, method 10).
{%- set examples = [
    (81, 263, none, none, 0.2553, 0.3662),
    (15, 148, none, none, 0.0624, 0.1605),
    (0, 20, none, none, 0.0000, 0.1611),
    (1, 29, none, none, 0.0061, 0.1718),
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
] %}
with computed as (
    {%- for hits, trials, other_hits, other_trials, published_low, published_high in examples %}
    select
        '{{ hits }} in {{ trials }}' as example,
        {%- for side in ['low', 'high'] %}
        {% if other_hits is none -%}
        {{ wilson_bound(hits, trials, side) }} as computed_{{ side }},
        {%- else -%}
        {{ newcombe_bound(hits, trials, other_hits, other_trials, side) }} as computed_{{ side }},
        {%- endif %}
        {%- endfor %}
        {{ published_low }} as published_low,
        {{ published_high }} as published_high
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from computed
where
    abs(computed_low - published_low) > 0.00005
    or abs(computed_high - published_high) > 0.00005
