{#-
    Reading text as a type without ever failing: each macro takes SQL of a text and gives SQL of the typed value, null where
    the text is empty or is none of the forms that the landing contract allows. A pattern decides what is readable, the
    same on every engine, because the engines' own casts accept different texts.
-#}

{#- True where the whole text matches the pattern (no anchors in the pattern; RE2 and POSIX subset). -#}
{% macro matches(text, pattern) -%}
    {{ return(adapter.dispatch('matches', 'support_kpis')(text, pattern)) }}
{%- endmacro %}

{% macro default__matches(text, pattern) -%}
    ({{ text }}) ~ '^({{ pattern }})$'
{%- endmacro %}

{% macro spark__matches(text, pattern) -%}
    {#- \z, not $, which Java also finds before a line end. -#}
    ({{ text }}) rlike r'^({{ pattern }})\z'
{%- endmacro %}

{% macro duckdb__matches(text, pattern) -%}
    regexp_full_match({{ text }}, '{{ pattern }}')
{%- endmacro %}


{#-
    An instant: date, T or space, HH:MM, optional seconds and fraction, then nothing (UTC), Z or an offset, which is applied.
    A bare date is its midnight. Cut to whole seconds. On the first and the last day that can be written an offset is not applied: it could
    lead to a year that engines write in ways of their own, and such times stand for always and for ever.
-#}
{% macro safe_timestamp(text) -%}
    {%- set date_part = date_pattern() -%}
    {%- set time_part = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?' -%}
    {%- set offset_part = '[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?' -%}
    case
        {{ written_by_the_engine(text) }}
        when {{ matches(text, date_part ~ '[T ]' ~ time_part ~ 'Z?') }}
            then {{ cast_or_null(local_timestamp_text(text), dbt.type_timestamp()) }}
        when {{ matches(text, date_part) }}
            then {{ cast_or_null(text ~ " || ' 00:00:00'", dbt.type_timestamp()) }}
        when {{ matches(text, '(0001-01-01|9999-12-31)[T ]' ~ time_part ~ offset_part) }}
            then {{ cast_or_null(local_timestamp_text(text), dbt.type_timestamp()) }}
        when {{ matches(text, date_part ~ '[T ]' ~ time_part ~ offset_part) }}
            then {{ minus_offset(cast_or_null(local_timestamp_text(text), dbt.type_timestamp()), text) }}
    end
{%- endmacro %}


{#-
    A short way for the form in which nearly all timestamps come: a text of whole seconds that the engine itself would write for the
    timestamp that it reads in it. Patterns take three times as long. Returns: a branch of a case expression, or nothing.
-#}
{% macro written_by_the_engine(text) -%}
    {{ return(adapter.dispatch('written_by_the_engine', 'support_kpis')(text)) }}
{%- endmacro %}

{% macro default__written_by_the_engine(text) -%}{%- endmacro %}

{% macro duckdb__written_by_the_engine(text) -%}
    {%- set instant = cast_or_null(text, dbt.type_timestamp()) -%}
    when length({{ text }}) = 19 and cast({{ instant }} as {{ dbt.type_string() }}) = {{ text }}
            then {{ instant }}
{%- endmacro %}


{#- 'YYYY-MM-DD HH:MM:SS' out of a text that matched; seconds that are not there are 00, a fraction is dropped. -#}
{% macro local_timestamp_text(text) -%}
    substr({{ text }}, 1, 10) || ' ' || substr({{ text }}, 12, 5) || case when substr({{ text }}, 17, 1) = ':' then substr({{ text }}, 17, 3) else ':00' end
{%- endmacro %}


{#- A local timestamp less the offset (+HH, +HHMM or +HH:MM) at the end of a text. -#}
{% macro minus_offset(local_timestamp, text) -%}
    {{ return(adapter.dispatch('minus_offset', 'support_kpis')(local_timestamp, text)) }}
{%- endmacro %}

{% macro duckdb__minus_offset(local_timestamp, text) -%}
    {{ local_timestamp }} - to_minutes({{ offset_minutes("regexp_extract(" ~ text ~ ", '[+-][0-9]{2}(:?[0-9]{2})?$')") }})
{%- endmacro %}

{% macro postgres__minus_offset(local_timestamp, text) -%}
    {{ local_timestamp }} - make_interval(mins => {{ offset_minutes("substring(" ~ text ~ " from '[+-][0-9]{2}(?::?[0-9]{2})?$')") }})
{%- endmacro %}

{% macro spark__minus_offset(local_timestamp, text) -%}
    {{ plus_seconds(local_timestamp, "-60 * " ~ offset_minutes("regexp_extract(" ~ text ~ ", '[+-][0-9]{2}(:?[0-9]{2})?$', 0)")) }}
{%- endmacro %}


{#- The minutes of an offset written +HH, +HHMM or +HH:MM, with its sign. -#}
{% macro offset_minutes(offset) -%}
    {%- set digits = "replace(" ~ offset ~ ", ':', '')" -%}
    (
        case when left({{ digits }}, 1) = '-' then -1 else 1 end
        * (60 * cast(substr({{ digits }}, 2, 2) as integer) + coalesce(cast(nullif(substr({{ digits }}, 4, 2), '') as integer), 0))
    )
{%- endmacro %}


{#- A stored timestamp (with or without a zone), as UTC. -#}
{% macro as_plain_timestamp(expression, dtype) -%}
    {%- if 'time zone' in dtype and 'without' not in dtype or dtype == 'timestamptz' -%}
        {{ expression }} at time zone 'UTC'
    {%- else -%}
        cast({{ expression }} as {{ dbt.type_timestamp() }})
    {%- endif -%}
{%- endmacro %}


{#- A stored timestamp (with or without a zone), as UTC and cut to whole seconds. -#}
{% macro cut_to_second(expression, dtype) -%}
    date_trunc('second', {{ as_plain_timestamp(expression, dtype) }})
{%- endmacro %}


{#- YYYY-MM-DD as a pattern. There was no year 0: one engine reads 1 BC in it, another fails. -#}
{% macro date_pattern() -%}
    ([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])
{%- endmacro %}


{#- An ISO date, YYYY-MM-DD and nothing else. -#}
{% macro safe_date(text) -%}
    case
        when {{ matches(text, date_pattern()) }}
            then {{ cast_or_null(text, 'date') }}
    end
{%- endmacro %}


{#- What the contract reads as true, in small letters: in raw data and in a setting alike. -#}
{% macro words_of_true() -%}
    {{ return(['true', 't', 'yes', 'y', '1']) }}
{%- endmacro %}


{#- true/false, t/f, yes/no, y/n or 1/0 in any case. -#}
{% macro safe_boolean(text) -%}
    case
        when lower({{ text }}) in ({{ quoted_list(words_of_true()) }}) then true
        when lower({{ text }}) in ('false', 'f', 'no', 'n', '0') then false
    end
{%- endmacro %}
