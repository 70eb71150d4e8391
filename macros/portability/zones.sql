{#-
    A time zone under a name that the engine reads as meant: names that an engine lacks, or takes for something else, give way to another
    of the same clock.

    Args:
        zone: SQL of an IANA name, a text literal or a column.
        at: SQL of a timestamp near which the zone is asked for.
    Returns: SQL of a name.
-#}
{% macro known_zone(zone, at=none) -%}
    {%- set others = other_zones(at) -%}
    {%- if not others -%}
        {{ zone }}
    {%- elif zone.startswith("'") -%}
        {{ others.get(zone[1:-1], zone) }}
    {%- else -%}
        case {{ zone }}
            {%- for name, other in others.items() %} when '{{ name }}' then {{ other }}{% endfor %} else {{ zone }}
        end
    {%- endif -%}
{%- endmacro %}


{#- Names that give way: a dict of name to the SQL of another. -#}
{% macro other_zones(at) -%}
    {{ return(adapter.dispatch('other_zones', 'support_kpis')(at)) }}
{%- endmacro %}

{% macro default__other_zones(at) -%}
    {{ return({}) }}
{%- endmacro %}

{#- PostgreSQL takes these four for abbreviations, which know no summer time. The time zone database says of each which zone it follows. -#}
{% macro postgres__other_zones(at) -%}
    {{ return({
        'CET': "'Europe/Brussels'",
        'EET': "'Europe/Athens'",
        'MET': "'Europe/Brussels'",
        'WET': "'Europe/Lisbon'",
    }) }}
{%- endmacro %}

{#-
    Java lacks ROC, and before its releases of mid-2025 America/Coyhaique, which parted from Santiago in March of that year and keeps Punta
    Arenas's time since.
-#}
{% macro spark__other_zones(at) -%}
    {{ return({
        'ROC': "'Asia/Taipei'",
        'America/Coyhaique': "case when " ~ at ~ " < timestamp '2025-03-20' then 'America/Santiago' else 'America/Punta_Arenas' end",
    }) }}
{%- endmacro %}
