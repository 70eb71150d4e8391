{#-
    What is counted of tickets, said once.

    Returns: a list of dicts, one an instant by which tickets are counted: `name`, `observed_at` (column of the instant), `team_id` and
        `agent_id` (columns of who held the ticket then) and `measures`: dicts with `measure`, `amount` (SQL of a whole number, null
        where the ticket does not count), and where they are not the usual `condition` (SQL; else every ticket that has the instant),
        `scope` (else ticket), `is_ranked` (true where a median or a percentile is published of it) and `is_flag` (true where the amount
        is 0 or 1).
-#}
{% macro ticket_measures() -%}
    {%- set solved_at_once = 'case when is_first_contact_resolution then 1 else 0 end' -%}
    {{ return([
        {
            'name': 'created', 'observed_at': 'created_at', 'team_id': 'team_id', 'agent_id': 'created_agent_id',
            'measures': [
                {'measure': 'tickets_created', 'amount': '1'},
                {'measure': 'escalation_rate', 'amount': 'case when is_escalated then 1 else 0 end', 'is_flag': true},
                {'measure': 'open_unanswered', 'amount': '1', 'condition': 'first_responded_at is null'},
                {'measure': 'open_unsolved', 'amount': '1', 'condition': 'resolved_at is null'},
                {'measure': 'open_never_solved', 'amount': '1', 'condition': 'first_resolved_at is null'},
            ],
        },
        {
            'name': 'first_response', 'observed_at': 'first_responded_at',
            'team_id': 'first_response_team_id', 'agent_id': 'first_response_agent_id',
            'measures': [
                {'measure': 'first_response', 'amount': 'first_response_seconds', 'is_ranked': true},
                {'measure': 'first_response_business', 'amount': 'first_response_business_seconds', 'is_ranked': true},
            ],
        },
        {
            'name': 'first_resolution', 'observed_at': 'first_resolved_at',
            'team_id': 'first_resolution_team_id', 'agent_id': 'first_resolution_agent_id',
            'measures': [
                {'measure': 'first_resolution', 'amount': 'first_resolution_seconds'},
                {'measure': 'reopen_rate', 'amount': 'case when reopen_count > 0 then 1 else 0 end', 'is_flag': true},
            ],
        },
        {
            'name': 'resolution', 'observed_at': 'resolved_at', 'team_id': 'resolution_team_id', 'agent_id': 'resolution_agent_id',
            'measures': [
                {'measure': 'tickets_resolved', 'amount': '1'},
                {'measure': 'resolution', 'amount': 'resolution_seconds', 'is_ranked': true},
                {'measure': 'resolution_business', 'amount': 'resolution_business_seconds', 'is_ranked': true},
                {'measure': 'requester_wait', 'amount': 'requester_wait_seconds'},
                {'measure': 'interactions_per_ticket', 'amount': 'public_interaction_count', 'scope': 'all_but_channel'},
                {'measure': 'contacts_per_ticket', 'amount': 'inbound_interaction_count'},
                {'measure': 'handle_per_ticket', 'amount': 'handle_seconds'},
                {'measure': 'fcr_rate', 'amount': solved_at_once, 'is_flag': true, 'condition': 'is_fcr_eligible'},
                {
                    'measure': 'fcr_net_rate', 'amount': solved_at_once, 'is_flag': true,
                    'condition': 'is_fcr_eligible and coalesce(is_first_line_resolvable, true)',
                },
                {
                    'measure': 'bot_resolution_rate', 'amount': 'case when is_bot_resolved then 1 else 0 end', 'is_flag': true,
                    'condition': 'is_bot_resolved is not null',
                },
            ],
        },
    ]) }}
{%- endmacro %}


{#- The measures of tickets of which ranks are published: dicts with `measure`, `amount`, `observed_at`, `team_id` and `agent_id`. -#}
{% macro ranked_ticket_measures() -%}
    {%- set ranked = [] -%}
    {%- for anchor in ticket_measures() -%}
        {%- for measured in anchor.measures if measured.is_ranked -%}
            {%- do ranked.append({
                'measure': measured.measure,
                'amount': measured.amount,
                'observed_at': anchor.observed_at,
                'team_id': anchor.team_id,
                'agent_id': anchor.agent_id,
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(ranked) }}
{%- endmacro %}
