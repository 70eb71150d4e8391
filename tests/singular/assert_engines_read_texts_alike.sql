-- Protects keys, quarantined rows and themes: how values become a key, a record and words, on every engine. Each line is an expression of the
-- macros that models use, and what it must give, worked out by hand (the keys are the MD5 of what stands beside them).
{%- set backslash = 'chr(92)' -%}
{%- set texts = [
    ('a key: md5 of a|1|', stable_key(["'a'", '1', 'cast(null as ' ~ dbt.type_string() ~ ')']), 'a3b315fe9d910e236a976bb4a9ea9ebe'),
    ('a key of letters beyond ASCII: md5 of é', stable_key(["'é'"]), '66ddcd97cfdeabb2f6fb8a999b4bc76f'),
    ('a record', json_members([('a', "'1'"), ('b', 'cast(null as ' ~ dbt.type_string() ~ ')')]), '"a": "1", "b": null'),
    ('a name with quotes and a backslash', json_members([("it's \"a\" \\", "'1'")]), '"it\'\'s !"a!" !!": "1"'),
    ('a name with a line end, a tab and a control character', json_members([('a\nb\tc\x07', "'1'")]), '"a!nb!tc\ufffd": "1"'),
    ('a quote', json_text("'say \"so\"'"), '"say !"so!""'),
    ('a backslash', json_text("'a' || " ~ backslash ~ " || 'b'"), '"a!!b"'),
    ('a line end', json_text("'a' || chr(10) || 'b'"), '"a!nb"'),
    ('a tab', json_text("'a' || chr(9) || 'b'"), '"a!tb"'),
    ('a control character', json_text("'a' || chr(7) || 'b'"), '"a�b"'),
    ('a letter beyond ASCII', json_text("'Zoë 日本'"), '"Zoë 日本"'),
    ('a member', json_member("'{\"a\": \"1\", \"b\": null}'", 'a'), '1'),
    ('a member that is null', json_member("'{\"a\": \"1\", \"b\": null}'", 'b'), none),
    ('a member that is not there', json_member("'{\"a\": \"1\"}'", 'c'), none),
    ('the first part', "split_part('late|3 days', '|', 1)", 'late'),
    ('the second part', "split_part('late|3 days', '|', 2)", '3 days'),
    ('a part that is not there', "nullif(split_part('late', '|', 2), '')", none),
    ('words', words_of("'Über-GROSS,  isn' || chr(39) || 't it'"), " über gross isn''t it | über gross isn t it "),
    ('the apostrophe of word processors', words_of("'It isn’t'"), " it isn''t | it isn t "),
    ('capitals of which others make two letters, or two kinds', lower_case("'İΑΣ ẞÉ'"), 'iασ ßé'),
    ('a word of a list between spaces of all kinds', listed_word("'\u00a0Open\u3000 '"), 'open'),
    ('a tab is no space', trimmed("chr(9) || 'a'"), '\ta'),
    ('signs that count without being digits', words_of("'A Ⅷ slow① two٣'"), ' a slow two٣ '),
    ('a letter with an accent of its own', words_of("'Slo\u0301w'"), ' slo w '),
    ('a number among words', words_of("'Call2 me²'"), ' call2 me² '),
] %}
{%- set flags = [
    ('a whole word', holds_words(words_of("'The app is slow.'"), "'slow|late'"), 'true'),
    ('a part of a word', holds_words(words_of("'slowly'"), "'slow|late'"), 'false'),
    ('a pattern for all of a text', matches("'2024'", '[0-9]{4}'), 'true'),
    ('a pattern with a line end after it', matches("'2024' || chr(10)", '[0-9]{4}'), 'false'),
    ('a pattern of alternatives', matches("'ab'", 'a|b'), 'false'),
    ('capitals before small letters, byte by byte', "(" ~ bytewise("'B'") ~ " < " ~ bytewise("'a'") ~ ")", 'true'),
] %}
with compared as (
    {%- for name, expression, expected in texts + flags %}
    select
        '{{ name }}' as what,
        {% if expected is none %}cast(null as {{ dbt.type_string() }}){% else %}replace('{{ expected }}', '!', {{ backslash }}){% endif %} as expected,
        cast({{ expression }} as {{ dbt.type_string() }}) as found
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select *
from compared
where coalesce(found, 'nothing') <> coalesce(expected, 'nothing')
