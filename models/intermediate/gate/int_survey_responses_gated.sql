{%- set rules = [
    score_outside_scale_rule('survey_responses'),
    {
        'reason': 'answer_before_sent',
        'when': 'staged.responded_at < staged.sent_at',
        'detail': "'responded_at lies before sent_at: ' || " ~ as_text('staged.raw_responded_at'),
    },
    time_out_of_range_rule('coalesce(staged.responded_at, staged.sent_at)'),
    after_loading_rule('coalesce(staged.responded_at, staged.sent_at)'),
    invalid_nps_scale_rule('survey_responses', 'nps'),
    invalid_scale_rule('survey_responses'),
] -%}
with staged as {{ inlined() }} (
    select * from {{ ref('stg_helpdesk__survey_responses') }}
),

judged as {{ inlined() }} (
    select
        staged.*,
        {{ first_defect('survey_responses', rules) }} as defect
    from staged
),

{{ settle_versions('survey_responses', 'judged') }}

accepted_tickets as (
    select ticket_id
    from {{ ref('int_tickets_gated') }}
    where verdict = 'accepted'
),

settled as (
    {{ reject_winners('survey_responses', [
        {
            'reason': 'missing_parent',
            'when': 'versions.ticket_id is not null and accepted_tickets.ticket_id is null',
            'detail': "'the ticket does not exist or was rejected: ' || versions.ticket_id",
        },
    ], 'left join accepted_tickets on versions.ticket_id = accepted_tickets.ticket_id') | indent(4) }}
),

gated as (
    {{ gate_result('survey_responses', 'settled', overrides=scale_overrides('survey_responses', 'settled')) | indent(4) }}
)

select * from gated
