"""The raw tables of loyalty, read and judged row by row in plain Python by the landing contract."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, str]
Parsed = dict[str, Any]

# Columns with their types, in the contract's order; those with ! are required.
TABLES: dict[str, tuple[str, str]] = {
    "customers": (
        "customer_id",
        "customer_id:text! name:text email:text phone:text account_id:text created_at:timestamp "
        "merged_into_customer_id:text erased_at:timestamp",
    ),
    "accounts": ("account_id", "account_id:text! name:text segment:text business_unit_id:text"),
    "business_units": (
        "business_unit_id",
        "business_unit_id:text! name:text parent_business_unit_id:text",
    ),
    "orders": (
        "order_id",
        "order_id:text! customer_id:text! ordered_at:timestamp! amount:decimal! refunded_amount:decimal "
        "currency:text",
    ),
    "subscriptions": (
        "subscription_id",
        "subscription_id:text! customer_id:text! started_on:date! ended_on:date monthly_amount:decimal! "
        "currency:text",
    ),
    "exchange_rates": ("currency rate_on", "currency:text! rate_on:date! rate:decimal!"),
}

_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:\.\d+)?(Z|[+-]\d\d(?::?\d\d)?)?)?", re.ASCII
)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def instant(text: str) -> datetime:
    """A timestamp in UTC, cut to whole seconds; ValueError where it is none."""
    found = _INSTANT.fullmatch(text)
    if not found:
        raise ValueError(text)
    day, minute, second, offset = found.groups()
    moment = datetime.fromisoformat(f"{day} {minute or '00:00'}{second or ':00'}").replace(tzinfo=UTC)
    if offset and offset != "Z":
        digits = offset[1:].replace(":", "").ljust(4, "0")
        shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        moment -= -shift if offset[0] == "-" else shift
    return moment


def day(text: str) -> date:
    """An ISO date; ValueError where it is none."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text)


def number(text: str) -> Decimal:
    """A finite decimal; ValueError where it is none."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error


READERS: dict[str, Callable[[str], object]] = {
    "text": str,
    "timestamp": instant,
    "date": day,
    "decimal": number,
}


def _read(path: Path) -> list[Row]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _parse(row: Row, columns: Mapping[str, str]) -> Parsed | None:
    """The row's values, None where one is missing that is required, or cannot be read."""
    parsed: Parsed = {}
    for name, kind in columns.items():
        text = row.get(name) or ""
        if not text:
            if kind.endswith("!"):
                return None
            parsed[name] = None
            continue
        try:
            parsed[name] = READERS[kind.rstrip("!")](text)
        except ValueError:
            return None
    return parsed


def _is_sound(table: str, parsed: Parsed) -> bool:
    loaded = parsed["loaded_at"]
    if table == "orders" and loaded:
        return bool(parsed["ordered_at"] <= loaded + timedelta(days=1))
    if table == "subscriptions" and parsed["ended_on"]:
        return bool(parsed["started_on"] <= parsed["ended_on"])
    return True


def accepted(folder: Path, table: str) -> list[Parsed]:
    """The rows of a table that win: judged alone first, then the version loaded last, then the greatest."""
    key, listed = TABLES[table]
    columns = dict(column.split(":") for column in f"{listed} loaded_at:timestamp".split())
    winners: dict[tuple[object, ...], tuple[tuple[object, ...], Parsed]] = {}
    for row in _read(folder / f"{table}.csv"):
        parsed = _parse(row, columns)
        if parsed is None or not _is_sound(table, parsed):
            continue
        loaded = parsed["loaded_at"]
        values = tuple((row.get(name) or "").encode() for name in columns if name != "loaded_at")
        rank = (loaded is not None, loaded or datetime.min.replace(tzinfo=UTC), values)
        # Of a key in several columns the texts as they came are compared.
        place = tuple(row[name] for name in key.split())
        if place not in winners or rank > winners[place][0]:
            winners[place] = (rank, parsed)
    return [parsed for _, parsed in winners.values()]


@dataclass
class Rates:
    """Exchange rates: of each currency the latest on or before a date holds."""

    reporting: str
    listed: dict[str, list[tuple[date, Decimal]]] = field(default_factory=dict)

    def on(self, currency: str | None, when: date) -> Decimal | None:
        """Units of the reporting currency for one of this; None where there is none."""
        if currency is None or currency == self.reporting:
            return Decimal(1)
        known = [rate for since, rate in self.listed.get(currency, ()) if since <= when]
        return known[-1] if known else None


@dataclass(frozen=True)
class Order:
    """An order that counts: who (after merges), when, and its net amount in the reporting currency."""

    order_id: str
    customer: str
    at: datetime
    net: Decimal


@dataclass(frozen=True)
class Subscription:
    """A subscription that counts; it runs from the first day up to the end, which is not in it."""

    customer: str
    start: date
    end: date
    amount: Decimal
    currency: str | None

    def runs(self, when: date) -> bool:
        """Whether it runs on a day."""
        return self.start <= when < self.end


@dataclass
class Books:
    """What the raw tables say of customers, orders and subscriptions."""

    orders: list[Order]
    subscriptions: list[Subscription]
    rates: Rates
    published: dict[str, str]
    """Each customer record to the id under which its survivor is published."""
    members: dict[str, tuple[tuple[str, ...], str]]
    """Each published customer to its business unit with all above, and its segment."""


def _survivor(customer: str, merged: Mapping[str, str | None]) -> str:
    """The end of the chain of merges; the customer itself where it runs into a loop."""
    seen, current = {customer}, customer
    while (target := merged[current]) is not None and target in merged:
        if target in seen:
            return customer
        seen.add(target)
        current = target
    return current


def _lines_of_units(rows: Iterable[Parsed]) -> dict[str, tuple[str, ...]]:
    """Each sound unit with all units above it."""
    parents = {str(row["business_unit_id"]): row["parent_business_unit_id"] for row in rows}

    def line(unit: str, known: Mapping[str, object]) -> list[str]:
        found = [unit]
        while (above := known[found[-1]]) in known and above not in found:
            found.append(str(above))
        return found

    # A unit that is its own ancestor is none.
    sound = {unit: above for unit, above in parents.items() if parents[line(unit, parents)[-1]] != unit}
    return {unit: tuple(line(unit, sound)) for unit in sound}


def read_books(
    folder: Path, as_of: datetime, zone: ZoneInfo, reporting: str, pseudonym: Callable[[str], str]
) -> Books:
    """Read the raw tables of a folder as they stand at an instant.

    Args:
        folder: holds ``<table>.csv``.
        as_of: orders after it are not yet.
        zone: whose days have the exchange rates.
        reporting: the reporting currency.
        pseudonym: what an erased customer is published as.
    """
    rates = Rates(reporting)
    for row in accepted(folder, "exchange_rates"):
        rates.listed.setdefault(str(row["currency"]), []).append((row["rate_on"], row["rate"]))
    for listed in rates.listed.values():
        listed.sort()
    customers = {str(row["customer_id"]): row for row in accepted(folder, "customers")}
    merged = {name: row["merged_into_customer_id"] for name, row in customers.items()}
    survivors = {name: _survivor(name, merged) for name in customers}
    published = {
        name: pseudonym(survivor) if customers[survivor]["erased_at"] else survivor
        for name, survivor in survivors.items()
    }
    accounts = {str(row["account_id"]): row for row in accepted(folder, "accounts")}
    units = _lines_of_units(accepted(folder, "business_units"))
    members = {}
    for name in set(survivors.values()):
        account = accounts.get(str(customers[name]["account_id"]), {})
        line = units.get(str(account.get("business_unit_id")), ("unknown",))
        members[published[name]] = (line, str(account.get("segment") or "unknown"))
    orders = []
    for row in accepted(folder, "orders"):
        at = row["ordered_at"]
        rate = rates.on(row["currency"], at.astimezone(zone).date())
        if rate is None or at > as_of:
            continue
        customer = str(row["customer_id"])
        net = (row["amount"] - (row["refunded_amount"] or 0)) * rate
        orders.append(Order(str(row["order_id"]), published.get(customer, customer), at, net))
    subscriptions = [
        Subscription(
            published.get(str(row["customer_id"]), str(row["customer_id"])),
            row["started_on"],
            row["ended_on"] or date.max,
            row["monthly_amount"],
            row["currency"],
        )
        for row in accepted(folder, "subscriptions")
    ]
    return Books(orders, subscriptions, rates, published, members)
