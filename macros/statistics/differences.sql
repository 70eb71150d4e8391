{#-
    Bound of the 95 % interval of the difference of two shares, by Newcombe's hybrid score method: the Wilson bounds of the two shares put
    together (R. G. Newcombe, 1998, Statistics in Medicine 17, 873-890, method 10). Unlike the plain normal interval it stays within -1
    and 1 and holds its promise for small samples and for shares near 0 and 1.

    Args:
        hits, trials: of the first share; trials above zero.
        other_hits, other_trials: of the one that is taken from it.
        side: 'low' or 'high'.
    Returns: SQL of a double.
-#}
{% macro newcombe_bound(hits, trials, other_hits, other_trials, side) -%}
    {%- set other_side = 'high' if side == 'low' else 'low' -%}
    {%- set share = "(" ~ as_double(hits) ~ " / " ~ trials ~ ")" -%}
    {%- set other_share = "(" ~ as_double(other_hits) ~ " / " ~ other_trials ~ ")" -%}
    {%- set reach = "(" ~ share ~ " - " ~ wilson_bound(hits, trials, side) ~ ")" -%}
    {%- set other_reach = "(" ~ other_share ~ " - " ~ wilson_bound(other_hits, other_trials, other_side) ~ ")" -%}
    ({{ share }} - {{ other_share }} {{ '-' if side == 'low' else '+' }} sqrt({{ reach }} * {{ reach }} + {{ other_reach }} * {{ other_reach }}))
{%- endmacro %}
