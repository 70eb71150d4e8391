"""Customers, orders and surveys of the simulator: cases worked out by hand from the KPI page."""

import random

from support_kpis.simulate.accounting import Timeline
from support_kpis.simulate.calendar import DAY, HOUR, instant
from support_kpis.simulate.listings import Rates, make_rates, nps_group
from support_kpis.simulate.people import Order, Pool, make_pool, order_truth
from support_kpis.simulate.story import Event, Story, Survey
from support_kpis.simulate.surveys import survey_truth
from support_kpis.simulate.tables import TRUTH
from support_kpis.simulate.world import build_world

NOON = instant(2024, 8, 12, 12)
WINDOW = 5 * DAY


def pool() -> Pool:
    """c2 was merged into c1, and c3 into c2."""
    return Pool([], [], {"c1": "bu-rail", "c4": ""}, {"c1": "c1", "c2": "c1", "c3": "c1", "c4": "c4"})


def order(
    number: int, customer: str, at: int, amount: int, refunded: int | None = None, currency: str = ""
) -> Order:
    return Order(f"o{number}", customer, at, amount, refunded, currency)


def test_net_amount_takes_the_rate_of_the_day_or_the_last_one_before() -> None:
    day = NOON // DAY
    rates = Rates({"EUR": [day - 10, day]}, {"EUR": [10_000, 11_000]})
    assert rates.on("EUR", day - 11) is None
    assert [rates.on("EUR", on) for on in (day - 10, day - 1, day, day + 99)] == [
        10_000,
        10_000,
        11_000,
        11_000,
    ]
    assert (rates.on("", day), rates.on("USD", day), rates.on("XAU", day)) == (10_000, 10_000, None)
    orders = [order(1, "c1", NOON, 1_000, 250, "EUR"), order(2, "c4", NOON, 1_000, None, "USD")]
    net = [row[3] for row in order_truth(orders, pool(), rates, {}, WINDOW)]
    assert net == [8_250_000, 10_000_000]  # 7.50 at 1.1, and 10.00; in millionths


def test_repeats_and_influence_are_the_surviving_customers() -> None:
    orders = [
        order(1, "c3", NOON, 100),
        order(2, "c1", NOON + 1, 100),
        order(3, "c4", NOON, 100),
        order(4, "c2", NOON + WINDOW + 1, 100),
    ]
    tickets = {"c1": [(NOON, "t1"), (NOON + 1, "t2"), (NOON + 1, "t3")]}
    rows = order_truth(orders, pool(), Rates({}, {}), tickets, WINDOW)
    assert [row[4] for row in rows] == [False, True, False, True]
    assert [row[5] for row in rows] == ["t1", "t3", None, "t3"]


def test_merged_customers_end_at_one_who_is_not_merged() -> None:
    world = build_world(1_000, 3, 15)
    made = make_pool(world, random.Random(1), 4, 1_000)
    by_id = {customer.customer_id: customer for customer in made.customers}
    chains = 0
    for customer in made.customers:
        end = by_id[made.survivor(customer.customer_id)]
        assert not end.merged_into
        assert (end is customer) == (not customer.merged_into)
        chains += customer.merged_into not in ("", end.customer_id)
        assert not (customer.erased and customer.merged_into)
    assert chains > 0
    assert made.survivor("c-in-no-list") == "c-in-no-list"


def test_every_currency_but_the_late_one_has_a_rate_from_the_first_day() -> None:
    world = build_world(1_000, 3, 15)
    rates = make_rates(world)
    assert all(rates.on(currency, world.first) for currency in ("EUR", "GBP", "AUD", "INR"))
    assert rates.on("CHF", world.first) is None
    assert rates.on("CHF", world.last)


def survey(number: int, kind: str, score: int | None, at: int | None = NOON, **changes: object) -> Survey:
    plain = Survey(f"r{number}", kind, NOON - HOUR, at, "", "c1", "", "", score, None, False, "", "")
    return plain._replace(**changes)  # type: ignore[arg-type]


def judged(surveys: list[Survey]) -> list[dict[str, object]]:
    story = Story("t1", NOON - 9 * HOUR, "email", "c1", 1)
    story.team = "team-rail"
    story.events = [Event(NOON - 5, None, "e1", "assignee", "a001", "a002", "agent", "", "")]
    timelines = {"t1": Timeline(story, build_world(100, 1, 15))}
    survivors = {"t1": "t1", "t0": "t1"}  # t0 was merged into t1; t9 counts for none
    rows = survey_truth(surveys, pool(), survivors, timelines, {"t1": "bu-stays"})
    return [dict(zip(TRUTH["survey_responses"].columns, row, strict=True)) for row in rows]


def test_the_last_answer_of_a_ticket_customer_and_type_counts() -> None:
    rows = judged(
        [
            survey(1, "csat", 2, NOON, ticket="t1"),
            survey(2, "csat", 5, NOON + 60, ticket="t0", customer="c3"),  # merged ticket, merged customer
            survey(3, "csat", None, NOON + 90, ticket="t1"),  # no answer
            survey(4, "csat", 4, None, ticket="t1"),  # no answer either
            survey(5, "csat", 1, NOON + 99, ticket="t1", customer="c4"),  # another customer
            survey(6, "ces", 1, NOON + 99, ticket="t1"),  # another type
            survey(7, "csat", 1, ticket="t9"),  # its ticket counts for none
        ]
    )
    assert [row["response_id"] for row in rows] == ["r1", "r2", "r3", "r4", "r5", "r6"]
    assert [row["is_superseded"] for row in rows] == [True, False, False, False, False, False]
    assert [row["is_answered"] for row in rows] == [True, True, False, False, True, True]
    assert {row["ticket_id"] for row in rows} == {"t1"}
    assert {row["customer_id"] for row in rows} == {"c1", "c4"}


def test_without_a_ticket_one_answer_a_wave_or_quarter_counts() -> None:
    quarter = 92 * DAY
    rows = judged(
        [
            survey(1, "nps", 9, NOON),
            survey(2, "nps", 9, NOON + DAY),
            survey(3, "nps", 9, NOON + quarter),
            survey(4, "nps", 9, NOON + 2 * DAY, wave="w"),
            survey(5, "nps", 9, NOON + quarter, wave="w"),
            survey(6, "nps", 9, NOON, customer=""),
            survey(7, "nps", 9, NOON + 1, customer=""),
        ]
    )
    assert [row["is_superseded"] for row in rows] == [True, False, False, True, False, False, False]


def test_scores_on_any_scale() -> None:
    rows = judged(
        [
            survey(1, "csat", 4, customer="a"),
            survey(2, "csat", 5, scale=(1, 7), customer="b"),
            survey(3, "csat", 25, scale=(0, 100), is_reversed=True, customer="c"),
            survey(4, "csat", 26, scale=(0, 100), is_reversed=True, customer="d"),
            survey(5, "ces", 7, customer="e"),
            survey(6, "ces", 2, scale=(1, 7), is_reversed=True, customer="f"),
            survey(7, "nps", 6, customer="g"),
            survey(8, "nps", 7, scale=(1, 10), customer="h"),
        ]
    )
    assert [row["is_top_box"] for row in rows] == [True, False, True, False, None, None, None, None]
    ease = [row["ease_or_satisfaction"] for row in rows]
    assert ease == [0.75, 4 / 6, 0.75, 0.74, 6 / 9, 5 / 6, None, None]
    assert [row["nps_group"] for row in rows] == [None] * 6 + ["detractor", "passive"]
    assert [nps_group(score) for score in (0, 6, 7, 8, 9, 10)] == ["detractor"] * 2 + ["passive"] * 2 + [
        "promoter"
    ] * 2


def test_credit_goes_to_agent_and_team_at_the_answer_and_to_a_unit() -> None:
    rows = judged(
        [
            survey(1, "csat", 4, NOON, ticket="t1"),
            survey(2, "ces", 4, None, ticket="t1"),  # dated by its sending
            survey(3, "fcr", 1, NOON, ticket="t1", unit="bu-cloud"),
            survey(4, "nps", 9),
            survey(5, "nps", 9, customer="c4"),
        ]
    )
    assert [row["agent_id"] for row in rows] == ["a002", "a001", "a002", None, None]
    assert [row["business_unit_id"] for row in rows] == ["bu-stays", "bu-stays", "bu-cloud", "bu-rail", None]
    assert rows[3]["team_id"] is None
