with counted as (
    {{ rows_counted({
        'agents': ref('stg_helpdesk__agents'),
        'agent_team_history': ref('stg_helpdesk__agent_team_history'),
        'teams': ref('stg_helpdesk__teams'),
        'agent_shifts': ref('stg_helpdesk__agent_shifts'),
        'business_units': ref('stg_helpdesk__business_units'),
    }) }}
)

select * from counted
