"""The columns of the raw tables and of the truth, in the order in which they are written.

The contract itself stands in the staging models' yml. The simulator builds its rows by position, so it
keeps the order here, and a test holds this page equal to the contract: a column that is added there fails
the test here.

Types of raw columns are the contract's (text, timestamp, date, integer, number, decimal, boolean), and
``choice`` for text with listed values. ``!`` marks a required column.
"""

from __future__ import annotations

from dataclasses import dataclass

_RAW = {
    "tickets": (
        "ticket_id",
        "ticket_id:text! source_system:text created_at:timestamp! updated_at:timestamp status:choice!"
        " priority:choice ticket_type:choice channel:text subject:text topic_id:text customer_id:text"
        " assignee_id:text team_id:text business_unit_id:text merged_into_ticket_id:text is_spam:boolean"
        " is_test:boolean is_deleted:boolean tags:text",
        "requester_note",
    ),
    "ticket_events": (
        "event_id",
        "event_id:text! ticket_id:text! occurred_at:timestamp! sequence:integer event_type:choice!"
        " from_value:text to_value:text actor_type:choice actor_id:text reason:text",
        None,
    ),
    "interactions": (
        "interaction_id",
        "interaction_id:text! ticket_id:text! session_id:text started_at:timestamp! ended_at:timestamp"
        " channel:text! direction:choice! author_type:choice! author_id:text is_public:boolean"
        " talk_seconds:number hold_seconds:number wrap_up_seconds:number queue_seconds:number"
        " concurrency:number is_abandoned:boolean body:text",
        None,
    ),
    "survey_responses": (
        "response_id",
        "response_id:text! survey_type:choice! sent_at:timestamp responded_at:timestamp ticket_id:text"
        " customer_id:text business_unit_id:text wave:text score:number scale_min:number scale_max:number"
        " is_reversed:boolean comment:text language:text",
        "collector",
    ),
    "employee_survey_responses": (
        "response_id",
        "response_id:text! survey_type:choice! wave:text! responded_at:timestamp team_id:text score:number"
        " scale_min:number scale_max:number comment:text",
        None,
    ),
    "agents": (
        "agent_id",
        "agent_id:text! name:text email:text team_id:text role:choice hired_on:date left_on:date"
        " hourly_cost:decimal",
        None,
    ),
    "agent_team_history": (
        "agent_id valid_from",
        "agent_id:text! team_id:text! valid_from:timestamp! valid_to:timestamp",
        None,
    ),
    "teams": (
        "team_id",
        "team_id:text! name:text tier:integer business_unit_id:text schedule_id:text",
        None,
    ),
    "agent_shifts": (
        "shift_id",
        "shift_id:text! agent_id:text! starts_at:timestamp! ends_at:timestamp!",
        None,
    ),
    "customers": (
        "customer_id",
        "customer_id:text! name:text email:text phone:text account_id:text created_at:timestamp"
        " merged_into_customer_id:text erased_at:timestamp",
        None,
    ),
    "accounts": ("account_id", "account_id:text! name:text segment:text business_unit_id:text", None),
    "business_units": (
        "business_unit_id",
        "business_unit_id:text! name:text parent_business_unit_id:text",
        None,
    ),
    "topics": ("topic_id", "topic_id:text! name:text is_first_line_resolvable:boolean", None),
    "kb_articles": (
        "article_id",
        "article_id:text! topic_id:text title:text published_at:timestamp retired_at:timestamp",
        None,
    ),
    "ticket_articles": (
        "ticket_id article_id",
        "ticket_id:text! article_id:text! linked_at:timestamp",
        None,
    ),
    "schedules": ("schedule_id", "schedule_id:text! name:text time_zone:text!", None),
    "schedule_hours": (
        "schedule_id day_of_week opens_at valid_from",
        "schedule_id:text! day_of_week:integer! opens_at:text! closes_at:text! valid_from:date valid_to:date",
        None,
    ),
    "holidays": ("schedule_id holiday_on", "schedule_id:text! holiday_on:date! name:text", None),
    "sla_policies": (
        "policy_id",
        "policy_id:text! metric:choice! priority:text! business_unit_id:text target_minutes:number!"
        " clock:choice! valid_from:timestamp valid_to:timestamp",
        None,
    ),
    "orders": (
        "order_id",
        "order_id:text! customer_id:text! ordered_at:timestamp! amount:decimal! refunded_amount:decimal"
        " currency:text",
        None,
    ),
    "subscriptions": (
        "subscription_id",
        "subscription_id:text! customer_id:text! started_on:date! ended_on:date monthly_amount:decimal!"
        " currency:text",
        None,
    ),
    "exchange_rates": (
        "currency rate_on",
        "currency:text! rate_on:date! rate:decimal!",
        None,
    ),
}

# The tables whose loader writes loaded_at, as a loader of events does and a loader of small lists does not.
_LOADED = (
    "tickets",
    "ticket_events",
    "interactions",
    "survey_responses",
    "employee_survey_responses",
    "ticket_articles",
    "customers",
    "orders",
    "subscriptions",
)

_TRUTH = {
    "tickets": (
        "ticket_id:text exclusion_reason:text survivor_ticket_id:text source_system:text customer_id:text"
        " business_unit_id:text team_id:text assignee_id:text channel:text priority:text ticket_type:text"
        " topic_id:text status:text created_at:timestamp first_responded_at:timestamp"
        " first_resolved_at:timestamp resolved_at:timestamp is_resolution_inferred:boolean"
        " first_response_seconds:integer first_response_business_seconds:integer"
        " first_response_agent_id:text first_resolution_seconds:integer resolution_seconds:integer"
        " resolution_business_seconds:integer resolution_agent_id:text resolution_team_id:text"
        " requester_wait_seconds:integer agent_work_seconds:integer reopen_count:integer"
        " reassignment_count:integer public_interaction_count:integer inbound_interaction_count:integer"
        " human_reply_count:integer handle_seconds:integer is_escalated:boolean"
        " first_escalated_at:timestamp is_resolved:boolean is_bot_resolved:boolean is_fcr_eligible:boolean"
        " is_first_contact_resolution:boolean is_first_line_resolvable:boolean"
    ),
    "status_spans": (
        "ticket_id:text status:text starts_at:timestamp ends_at:timestamp calendar_seconds:integer"
        " business_seconds:integer team_id:text agent_id:text"
    ),
    "escalations": (
        "ticket_id:text escalated_at:timestamp is_first:boolean from_team_id:text to_team_id:text"
        " from_tier:integer to_tier:integer"
    ),
    "interactions": (
        "interaction_id:text ticket_id:text session_id:text channel:text direction:text author_type:text"
        " author_id:text is_human:boolean is_public:boolean started_at:timestamp ended_at:timestamp"
        " handle_seconds:integer"
    ),
    "survey_responses": (
        "response_id:text survey_type:text ticket_id:text customer_id:text business_unit_id:text"
        " agent_id:text team_id:text sent_at:timestamp responded_at:timestamp wave:text score:number"
        " ease_or_satisfaction:number nps_group:text is_top_box:boolean is_answered:boolean"
        " is_superseded:boolean"
    ),
    "employee_surveys": (
        "response_id:text survey_type:text wave:text responded_at:timestamp team_id:text score:number"
        " is_top_box:boolean nps_group:text"
    ),
    "orders": (
        "order_id:text customer_id:text ordered_at:timestamp net_amount:decimal is_repeat_purchase:boolean"
        " influencing_ticket_id:text"
    ),
    "customers": "customer_id:text surviving_customer_id:text is_erased:boolean",
    "faults": "raw_table:text raw_key:text reason:text detail:text rows_count:integer",
    "verdicts": (
        "raw_table:text raw_count:integer accepted_count:integer duplicate_count:integer"
        " superseded_count:integer quarantined_count:integer"
    ),
    "exclusions": "raw_table:text reason:text excluded_count:integer",
    "signals": (
        "signal:text kpi_key:text dimension:text member_id:text starts_on:text ends_on:text detail:text"
    ),
}


@dataclass(frozen=True)
class Table:
    """One table that is written: its columns with their types, its key and what else it carries."""

    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    required: tuple[str, ...]
    key: tuple[str, ...]
    contract_width: int
    """How many of the columns are the contract's; loaded_at and unknown columns come after them."""

    def index(self, column: str) -> int:
        """The position of a column in a row."""
        return self.columns.index(column)

    @property
    def has_loaded_at(self) -> bool:
        """Whether rows say when the loader wrote them."""
        return "loaded_at" in self.columns


def _table(name: str, key: str, columns: str, extra: str | None, loaded: bool) -> Table:
    pairs = [column.split(":") for column in columns.split()]
    names = [pair[0] for pair in pairs]
    types = [pair[1].rstrip("!") for pair in pairs]
    required = tuple(pair[0] for pair in pairs if pair[1].endswith("!"))
    width = len(names)
    if loaded:
        names.append("loaded_at")
        types.append("timestamp")
    if extra is not None:
        names.append(extra)
        types.append("text")
    return Table(name, tuple(names), tuple(types), required, tuple(key.split()), width)


RAW: dict[str, Table] = {
    name: _table(name, key, columns, extra, name in _LOADED) for name, (key, columns, extra) in _RAW.items()
}
"""The 22 raw tables. Beyond the contract's columns go loaded_at, requester_note and collector."""

TRUTH: dict[str, Table] = {
    name: _table(name, columns.split(":")[0], columns, None, False) for name, columns in _TRUTH.items()
}
"""The tables under ``truth/``."""
