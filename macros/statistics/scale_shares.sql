{#-
    Whether points are a share of their scale or more, where 0.6 of 0.8 is three quarters although doubles lose a hair of it.

    Args:
        points: SQL of points above the bad end of the scale, a double.
        scale: SQL of the points from end to end, a double above zero.
        numerator, denominator: whole numbers, the share.
    Returns: SQL of a boolean. Nothing is divided; a thousand-millionth of the scale is forgiven, far less than scores differ by.
-#}
{% macro reaches_share(points, scale, numerator, denominator) -%}
    {{ denominator }} * {{ points }} >= ({{ numerator }} - {{ as_double('0.000000001') }}) * {{ scale }}
{%- endmacro %}
