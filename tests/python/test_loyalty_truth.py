"""Loyalty in the marts against a plain account from the raw files, to the row, on a simulated operation."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import md5
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from conftest import PROJECT, environment
from loyalty_reference import Answer, Reference, Settings, Ticket, newcombe, wilson
from loyalty_tables import instant, read_books
from support_kpis.simulate import simulate

pytestmark = pytest.mark.slow

MODELS = (
    "+fct_customer_months",
    "+kpi_retention_cohorts",
    "+kpi_effort_loyalty",
    "+kpi_retention_by_support",
    "+int_retention_values",
    "+int_repeat_purchase_values",
)
HALF_A_TEN_THOUSANDTH = Decimal("0.00005")


@dataclass(frozen=True)
class Case:
    """One way to build the operation: with its subscriptions or without, and the settings."""

    name: str
    has_subscriptions: bool
    as_of: str
    zone: str
    window_days: int


CASES = (
    Case("subscriptions", True, "", "UTC", 90),
    # February begins in Havana in the very second of as_of, so that January is covered.
    Case("orders", False, "2025-02-01T05:00:00", "America/Havana", 60),
)


@dataclass
class Warehouse:
    """What was built, and the account of it."""

    database: duckdb.DuckDBPyConnection
    reference: Reference

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.database.sql(sql).fetchall()


def _pseudonym(customer: str) -> str:
    return "erased-" + md5(f"|{customer}".encode()).hexdigest()


def _truth(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _tickets(folder: Path, published: dict[str, str], as_of: datetime) -> list[Ticket]:
    return [
        Ticket(row["ticket_id"], published.get(row["customer_id"], row["customer_id"]), at)
        for row in _truth(folder, "tickets")
        if not row["exclusion_reason"] and (at := instant(row["created_at"])) <= as_of
    ]


def _answers(
    folder: Path, published: dict[str, str], tickets: list[Ticket], settings: Settings
) -> Iterator[Answer]:
    """Answered surveys; of several to one question the last one. Without a customer it is the requester's."""
    requesters = {ticket.ticket_id: ticket.customer for ticket in tickets}
    last: dict[tuple[str, ...], tuple[datetime, str, dict[str, str]]] = {}
    for row in _truth(folder, "survey_responses"):
        if row["is_answered"] != "true" or (row["ticket_id"] and row["ticket_id"] not in requesters):
            continue
        at = instant(row["responded_at"])
        if at > settings.as_of:
            continue
        local = at.astimezone(settings.zone)
        question = "" if row["ticket_id"] else row["wave"] or f"{local.year}-{(local.month - 1) // 3}"
        if not row["ticket_id"] and not row["customer_id"]:
            question = row["response_id"]
        place = (row["survey_type"], row["ticket_id"], row["customer_id"], question)
        last[place] = max(
            last.get(place, (at, "", row)), (at, row["response_id"], row), key=lambda one: one[:2]
        )
    for at, response_id, row in last.values():
        customer = published.get(row["customer_id"], row["customer_id"]) or requesters.get(
            row["ticket_id"], ""
        )
        if customer:
            ease = float(row["ease_or_satisfaction"]) if row["ease_or_satisfaction"] else None
            yield Answer(response_id, row["survey_type"], customer, at, ease, row["nps_group"])


def _account(folder: Path, case: Case, as_of: datetime) -> Reference:
    settings = Settings(as_of, ZoneInfo(case.zone), timedelta(days=case.window_days))
    books = read_books(folder, as_of, settings.zone, "USD", _pseudonym)
    tickets = _tickets(folder, books.published, as_of)
    answers = _answers(folder, books.published, tickets, settings)
    return Reference(books, [ticket for ticket in tickets if ticket.customer], answers, settings)


def _build(root: Path, folder: Path, case: Case) -> None:
    extra = {"SUPPORT_KPIS_AS_OF": case.as_of} if case.as_of else {}
    done = subprocess.run(
        [
            *(Path(sys.executable).with_name("dbt"), "build", "--no-partial-parse"),
            *("--select", "path:seeds/reference", *MODELS),
            *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
            *("--target-path", root / "target", "--log-path", root / "logs"),
        ],
        cwd=PROJECT,
        env=environment(
            DBT_PROFILES_DIR=str(PROJECT / "profiles"),
            SUPPORT_KPIS_WAREHOUSE_DIR=str(root / "warehouse"),
            SUPPORT_KPIS_RAW_DIR=str(folder),
            SUPPORT_KPIS_REPORTING_TIME_ZONE=case.zone,
            SUPPORT_KPIS_ACTIVITY_WINDOW_DAYS=str(case.window_days),
            **extra,
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.name)
def warehouse(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    """The loyalty marts of 1,500 simulated tickets, dirt and all, and the account of the same files."""
    case: Case = request.param
    root = tmp_path_factory.mktemp(case.name)
    folder = root / "raw"
    summary = simulate(folder, 1_500, seed=5)
    if not case.has_subscriptions:
        (folder / "subscriptions.csv").unlink()
    (root / "warehouse" / "build").mkdir(parents=True)
    _build(root, folder, case)
    path = root / "warehouse" / "build" / "support_kpis.duckdb"
    with duckdb.connect(str(path), read_only=True) as database:
        yield Warehouse(database, _account(folder, case, instant(case.as_of or summary.as_of)))


def _close(value: object, expected: object, play: Decimal = Decimal("0.00000001")) -> bool:
    if value is None or expected is None:
        return value is expected
    return abs(Decimal(str(value)) - Decimal(str(expected))) <= play


def test_orders(warehouse: Warehouse) -> None:
    columns = "order_id, customer_id, ordered_at, net_amount, is_repeat_purchase, influencing_ticket_id"
    published = {row[0]: row for row in warehouse.rows(f"select {columns} from marts.fct_orders")}
    books = warehouse.reference.books
    assert len(books.orders) > 500
    assert set(published) == {order.order_id for order in books.orders}
    tickets, days = warehouse.reference.tickets, timedelta(days=5)
    for order in books.orders:
        _, customer, at, net, is_repeat, ticket = published[order.order_id]
        assert (customer, at.replace(tzinfo=UTC)) == (order.customer, order.at)
        assert abs(net - order.net) <= HALF_A_TEN_THOUSANDTH
        assert is_repeat == any(other.at < order.at for other in warehouse.reference.orders[customer])
        near = [(one.at, one.ticket_id) for one in tickets[customer] if one.at <= order.at <= one.at + days]
        assert ticket == (max(near)[1] if near else None), order.order_id


def test_retention(warehouse: Warehouse) -> None:
    expected = warehouse.reference.retention()
    published = warehouse.rows(
        "select (kpi_key, period_grain, period_start, dimension, member_id), kpi_value, numerator, "
        "denominator, sample_size, interval_low, interval_high from intermediate.int_retention_values"
    )
    assert len(expected) > 200
    assert {row[0] for row in published} == set(expected)
    assert len(published) == len(expected)
    for place, value, numerator, denominator, size, low, high in published:
        top, bottom, count = expected[place]
        assert size == count, place
        assert _close(numerator, top) and _close(denominator, bottom), place
        assert _close(value, top / bottom if bottom else None), place
        if place[0] == "customer_retention_rate":
            assert (low, high) == pytest.approx(wilson(int(top), int(bottom)), abs=1e-12)
        else:
            assert low is None and high is None


def test_customer_months(warehouse: Warehouse) -> None:
    expected = warehouse.reference.customer_months()
    published = warehouse.rows("select * exclude (customer_month_id) from marts.fct_customer_months")
    assert len(expected) > 1_000
    assert {row[:2] for row in published} == set(expected)
    assert len(published) == len(expected)
    for customer, month, at_start, at_end, amount_at_start, amount_at_end, tickets in published:
        stay, count = expected[customer, month]
        assert (at_start, at_end, tickets) == (stay.at_start, stay.at_end, count), (customer, month)
        assert _close(amount_at_start, stay.amount_at_start), (customer, month)
        assert _close(amount_at_end, stay.amount_at_end), (customer, month)


def test_cohorts(warehouse: Warehouse) -> None:
    expected = warehouse.reference.cohorts()
    published = warehouse.rows("select * exclude (retention_cohort_id) from marts.kpi_retention_cohorts")
    assert len(expected) > 50
    assert {row[:2] for row in published} == set(expected)
    assert len(published) == len(expected)
    for month, age, customers, retained, rate, amount, low, high in published:
        size, kept, money = expected[month, age]
        assert (customers, retained) == (size, kept), (month, age)
        assert (rate, low, high) == pytest.approx((kept / size, *wilson(kept, size)), abs=1e-12)
        assert _close(amount, money), (month, age)


def test_repeat_purchase(warehouse: Warehouse) -> None:
    expected = warehouse.reference.repeat_purchase()
    published = warehouse.rows(
        "select (period_grain, period_start, dimension, member_id), kpi_value, numerator, denominator, "
        "interval_low, interval_high from intermediate.int_repeat_purchase_values"
    )
    assert len(expected) > 2_000
    assert {row[0] for row in published} == set(expected)
    assert len(published) == len(expected)
    for place, value, numerator, denominator, low, high in published:
        hits, buyers = expected[place]
        assert (numerator, denominator, value) == (hits, buyers, hits / buyers), place
        assert (low, high) == pytest.approx(wilson(hits, buyers), abs=1e-12)


def test_effort_loyalty(warehouse: Warehouse) -> None:
    expected = warehouse.reference.effort_loyalty()
    published = warehouse.rows("select * exclude (effort_loyalty_id) from marts.kpi_effort_loyalty")
    assert len({outcome for _, outcome in expected}) == 4
    assert {row[:2] for row in published} == set(expected)
    for band, outcome, size, count, rate, low, high, difference, difference_low, difference_high in published:
        hits, answers = expected[band, outcome]
        assert (count, size) == (hits, answers), (band, outcome)
        assert (rate, low, high) == pytest.approx((hits / answers, *wilson(hits, answers)), abs=1e-12)
        other = expected.get(("high_effort", outcome))
        if band == "high_effort" or other is None:
            assert (difference, difference_low, difference_high) == (None, None, None)
        else:
            interval = newcombe(hits, answers, *other)
            assert difference == pytest.approx(hits / answers - other[0] / other[1], abs=1e-12)
            assert (difference_low, difference_high) == pytest.approx(interval, abs=1e-12)


def test_retention_by_support(warehouse: Warehouse) -> None:
    expected = warehouse.reference.retention_by_support()
    published = warehouse.rows(
        "select * exclude (retention_by_support_id) from marts.kpi_retention_by_support"
    )
    assert len({group for _, _, group in expected}) >= 4
    assert {row[:3] for row in published} == set(expected)
    assert len(published) == len(expected)
    for grain, start, group, customers, retained, rate, low, high, is_small in published:
        kept, count = expected[grain, start, group]
        assert (retained, customers, is_small) == (kept, count, count < 30), (grain, start, group)
        assert (rate, low, high) == pytest.approx((kept / count, *wilson(kept, count)), abs=1e-12)


def test_covered_periods(warehouse: Warehouse) -> None:
    """The account itself is held against days counted by hand."""
    months = [start for grain, start, _ in warehouse.reference.periods() if grain == "month"]
    if warehouse.reference.by_subscription:
        # The last month of the operation ends an instant after its last second.
        assert months[-1] == date(2025, 2, 1)
    else:
        # The first order comes in the first days of January, so sixty days later it is March.
        assert months == [date(2024, month, 1) for month in range(4, 13)] + [date(2025, 1, 1)]
