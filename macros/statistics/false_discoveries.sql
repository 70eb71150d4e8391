{#- The q-value up to which a test becomes an alert: the share of false discoveries that is put up with in a period. -#}
{% macro false_discovery_bound() -%}0.05{%- endmacro %}


{#-
    The q-value of each test of a period: the least share of false discoveries at which it would be one, by the step-up procedure of
    Benjamini and Hochberg (1995, Journal of the Royal Statistical Society B 57, 289-300). Read from a relation with period_grain,
    period_start, p_value, tests_count (all tests of the period) and place (rank of the p-value, 1 is the least).

    Args:
        row_place: column that orders the rows of a period by p-value without ties; `place` itself, unless several rows share one place.
    Returns: SQL of a double, at most 1.
-#}
{% macro q_value_in_period(row_place='place') -%}
    min(least(1.0, p_value * tests_count / place)) over (
            partition by period_grain, period_start
            order by {{ row_place }} desc
            rows between unbounded preceding and current row
        )
{%- endmacro %}


{#-
    The part of the bound up to which a finding is told, by how many findings of its period are related to it: KPIs of the same member that
    are not made of the same values, and members of the same dimension with the same KPI, itself included. What is real mostly shows in more
    than one, and what is chance mostly does not.
-#}
{% macro lone_share(related_count) -%}
    least(1.0, (1 + {{ related_count }}) / 10.0)
{%- endmacro %}


{#- What KPIs that are made of the same values have in common: the name without the statistic. -#}
{% macro kpi_family(kpi_key) -%}
    replace(replace(replace({{ kpi_key }}, '_median', ''), '_mean', ''), '_p90', '')
{%- endmacro %}


{#- The q-value up to which a member is taken to be worse in several KPIs at once. -#}
{% macro joint_bound() -%}0.02{%- endmacro %}


{#- The q-value among the KPIs of such a member up to which a KPI is told. -#}
{% macro joint_bound_within() -%}0.03{%- endmacro %}


{#- How many KPIs that are not made of the same values a member must have to be tested so. -#}
{% macro joint_least_families() -%}3{%- endmacro %}


{#-
    A change below this part of what was expected is too small to matter, however certain it is. Of a share, the part is that of the smaller
    of what succeeds and what fails.
-#}
{% macro smallest_change() -%}0.01{%- endmacro %}
