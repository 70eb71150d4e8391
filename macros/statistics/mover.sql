{#-
    Bound of the 95 % interval of the difference of two estimates, each with an interval of its own, by the method of variance estimates
    recovery (G. Y. Zou and A. Donner, 2008, Statistics in Medicine 27, 1693-1702): Newcombe's way of putting two intervals together, for
    estimates of any kind. The intervals need not be symmetric.

    Args:
        estimate, estimate_low, estimate_high: the first one and its bounds.
        other, other_low, other_high: the one that is taken from it.
        side: 'low' or 'high'.
    Returns: SQL of a double; null where a bound is.
-#}
{% macro mover_bound(estimate, estimate_low, estimate_high, other, other_low, other_high, side) -%}
    {%- set own_bound, other_bound = (estimate_low, other_high) if side == 'low' else (estimate_high, other_low) -%}
    {%- set own = "(" ~ estimate ~ " - " ~ own_bound ~ ")" -%}
    {%- set others = "(" ~ other ~ " - " ~ other_bound ~ ")" -%}
    ({{ estimate }} - {{ other }} {{ '-' if side == 'low' else '+' }} sqrt({{ own }} * {{ own }} + {{ others }} * {{ others }}))
{%- endmacro %}
