-- The themes of each open answer, each once however many of its patterns are found; `uncategorised` where none is.
with comments as (
    select
        response_id,
        survey_type,
        responded_on,
        published_score,
        language,
        {{ words_of('comment_text') }} as comment_words
    from {{ ref('int_survey_comments') }}
),

-- One pattern a theme and language: engines read a pattern anew for every row, so the fewer the better.
themes as (
    select
        theme,
        {{ listed_word('language') }} as language,
        string_agg(pattern, '|') as patterns
    from {{ ref('comment_themes') }}
    group by theme, {{ listed_word('language') }}
),

texts as (
    select
        comment_words,
        language
    from comments
    group by comment_words, language
),

found as (
    select
        texts.comment_words,
        coalesce(texts.language, '') as language,
        themes.theme
    from texts
    cross join themes
    where
        (themes.language is null or texts.language is null or themes.language = texts.language)
        and {{ holds_words('texts.comment_words', 'themes.patterns') }}
    group by texts.comment_words, coalesce(texts.language, ''), themes.theme
),

themed as (
    select
        comments.response_id,
        comments.survey_type,
        comments.responded_on,
        comments.published_score,
        coalesce(found.theme, 'uncategorised') as theme
    from comments
    left join found
        on
            comments.comment_words = found.comment_words
            and coalesce(comments.language, '') = found.language
)

select * from themed
