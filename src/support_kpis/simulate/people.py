"""The customers of a chunk: accounts, merges, erasures, subscriptions, and the orders that they place."""

from __future__ import annotations

import random
from dataclasses import dataclass

from support_kpis.simulate import organisation, persons
from support_kpis.simulate.calendar import DAY, END, HOUR, day_text, text
from support_kpis.simulate.listings import Rates, Row, Truth
from support_kpis.simulate.world import World

PER_CHUNK = 400
"""Customers of a full chunk."""
ACCOUNTS_PER_CHUNK = 100


@dataclass
class Customer:
    """A customer and what tickets and orders need to know of it."""

    customer_id: str
    number: int
    account: str
    unit: str
    """The unit of the account, empty if there is no account or it names none."""
    home: str
    """The unit whose support the customer writes to."""
    segment: str
    merged_into: str
    erased: int | None
    created: int


@dataclass
class Pool:
    """The customers of one chunk; all that a customer does stays in its chunk."""

    customers: list[Customer]
    accounts: list[Row]
    units: dict[str, str]
    """The unit of each customer's account."""
    survivors: dict[str, str]
    """Each customer's id to the id it was merged into in the end; its own if it was not merged."""

    def survivor(self, customer: str) -> str:
        """The surviving customer; an unknown customer survives as itself."""
        return self.survivors.get(customer, customer)


def make_pool(world: World, rng: random.Random, chunk: int, size: int) -> Pool:
    """The customers of a chunk of ``size`` tickets."""
    accounts: list[tuple[str, str, str]] = []
    homes = [team.serves for team in world.front]
    weights = [team.volume for team in world.front]
    for place in range(max(2, size * ACCOUNTS_PER_CHUNK // 1000)):
        unit = rng.choices(homes, weights)[0]
        segment = organisation.SEGMENTS[int(rng.random() ** 1.7 * 4)]
        accounts.append((f"acc{chunk * ACCOUNTS_PER_CHUNK + place:06d}", unit, segment))
    pool = Pool([], [], {}, {})
    for place, (account, unit, segment) in enumerate(accounts):
        # One account in twelve names no unit: its tickets take their team's. One names a unit that is in no
        # list.
        shown = "" if place % 12 == 5 else "bu-unheard-of" if place == 40 else unit
        pool.accounts.append((account, f"Account {account[3:]}", segment, shown))
        accounts[place] = (account, unit, segment)
    shown_units = {row[0]: row[3] for row in pool.accounts}
    for place in range(max(3, size * PER_CHUNK // 1000)):
        number = chunk * PER_CHUNK + place
        account, home, segment = accounts[int(rng.random() * len(accounts))]
        without_account = rng.random() < 0.12
        # A merge points to an earlier customer of the chunk, so that chains come about and loops do not.
        into = ""
        if place > 5 and rng.random() < 0.03:
            into = pool.customers[int(rng.random() * place)].customer_id
        customer = Customer(
            customer_id=f"c{number:07d}",
            number=number,
            account="" if without_account else account,
            unit="" if without_account else shown_units[account],
            home=home,
            segment="" if without_account else segment,
            merged_into=into,
            erased=None,
            created=world.start - int(rng.random() * 700) * DAY + int(rng.random() * DAY),
        )
        pool.customers.append(customer)
        pool.units[customer.customer_id] = customer.unit
        pool.survivors[customer.customer_id] = pool.survivor(into) if into else customer.customer_id
    _erase(world, rng, pool)
    return pool


def _erase(world: World, rng: random.Random, pool: Pool) -> None:
    involved = {customer.customer_id for customer in pool.customers if customer.merged_into}
    involved |= {customer.merged_into for customer in pool.customers}
    for place, customer in enumerate(pool.customers):
        # Nobody who was merged is erased: which of the two asked for it would be a question of its own.
        if customer.customer_id not in involved and (place == 2 or rng.random() < 0.02):
            customer.erased = world.start + int(rng.random() * (END - world.start))


def customer_rows(pool: Pool) -> list[Row]:
    """The raw rows of the customers, with loaded_at."""
    rows: list[Row] = []
    for customer in pool.customers:
        number = customer.number
        last = max(customer.created, customer.erased or 0)
        rows.append(
            (
                customer.customer_id,
                persons.name_of(number),
                persons.email_of(number),
                persons.phone_of(number) if number % 3 else "",
                customer.account,
                text(customer.created),
                customer.merged_into,
                "" if customer.erased is None else text(customer.erased),
                text(last - last % DAY + DAY + 2 * HOUR),
            )
        )
    return rows


def customer_truth(pool: Pool) -> list[Truth]:
    """Who survives of the customers, and who is erased."""
    return [
        (customer.customer_id, pool.survivor(customer.customer_id), customer.erased is not None)
        for customer in pool.customers
    ]


def subscription_rows(world: World, rng: random.Random, chunk: int, pool: Pool) -> list[Row]:
    """Subscriptions: some end, some change their amount by a second one that follows without a gap."""
    rows: list[Row] = []

    def add(customer: Customer, start: int, end: int | None, cents: int, currency: str) -> None:
        number = chunk * 2 * PER_CHUNK + len(rows)
        loaded = max(start * DAY, world.start) + 4 * HOUR
        rows.append(
            (
                f"sub{number:07d}",
                customer.customer_id,
                day_text(start),
                "" if end is None else day_text(end),
                f"{cents / 100:.2f}",
                currency,
                text(loaded),
            )
        )

    for customer in pool.customers:
        draw = rng.random()
        start = world.first - 400 + int(rng.random() * (world.last - world.first + 300))
        length = 60 + int(rng.random() * 700)
        cents = 900 + int(rng.random() ** 2 * 40_000)
        change = rng.random()
        if draw > 0.55:
            continue
        currency = _currency(customer, draw)
        end = start + length if start + length < world.last else None
        if change < 0.25 and length > 120 and start + length // 2 < world.last:
            middle = start + length // 2
            add(customer, start, middle, cents, currency)
            add(customer, middle, end, int(cents * (0.7 + change * 3)), currency)
        else:
            # One that ends on the day it began is in order, and never active.
            add(customer, start, start if change > 0.995 else end, cents, currency)
    return rows


def _currency(customer: Customer, draw: float) -> str:
    local = organisation.UNIT_CURRENCY.get(customer.home, organisation.REPORTING_CURRENCY)
    if local == organisation.LATE_CURRENCY or draw < 0.1:
        local = organisation.REPORTING_CURRENCY
    return "" if local == organisation.REPORTING_CURRENCY and draw < 0.3 else local


class Order:
    """An order of a customer: amounts in hundredths of its currency."""

    __slots__ = ("amount", "at", "currency", "customer", "order_id", "refunded")

    def __init__(
        self, order_id: str, customer: str, at: int, amount: int, refunded: int | None, currency: str
    ) -> None:
        self.order_id = order_id
        self.customer = customer
        self.at = at
        self.amount = amount
        self.refunded = refunded
        self.currency = currency


def make_orders(
    world: World, rng: random.Random, chunk: int, pool: Pool, asked: list[tuple[int, str]]
) -> list[Order]:
    """The orders of a chunk's customers, no two of one survivor at one instant.

    Args:
        world: the world.
        rng: the source of every draw.
        chunk: the chunk's number.
        pool: its customers.
        asked: instant and customer of orders that follow a ticket, beside those at random.
    """
    orders: list[Order] = []
    taken: set[tuple[str, int]] = set()
    by_id = {customer.customer_id: customer for customer in pool.customers}
    wanted = list(asked)
    for customer in pool.customers:
        count = int(rng.random() ** 2 * 4)
        wanted += [
            (world.start + int(rng.random() * (END - world.start)), customer.customer_id)
            for _ in range(count)
        ]
    for at, customer_id in wanted:
        key = (pool.survivor(customer_id), at)
        if key in taken or at > END:
            continue
        taken.add(key)
        draw = rng.random()
        amount = 500 + int(rng.random() ** 2 * 60_000)
        refunded = None if draw < 0.7 else 0 if draw < 0.88 else amount if draw < 0.92 else amount // 3
        number = chunk * 4_000 + len(orders)
        currency = _currency(by_id[customer_id], rng.random()) if customer_id in by_id else ""
        orders.append(Order(f"o{number:08d}", customer_id, at, amount, refunded, currency))
    return orders


def order_rows(orders: list[Order]) -> list[Row]:
    """The raw rows of the orders, with loaded_at."""
    return [
        (
            order.order_id,
            order.customer,
            text(order.at),
            f"{order.amount / 100:.2f}",
            "" if order.refunded is None else f"{order.refunded / 100:.2f}",
            order.currency,
            text(order.at - order.at % HOUR + HOUR),
        )
        for order in orders
    ]


def order_truth(
    orders: list[Order], pool: Pool, rates: Rates, tickets: dict[str, list[tuple[int, str]]], window: int
) -> list[Truth]:
    """What is true of every order.

    Args:
        orders: the orders of a chunk.
        pool: its customers.
        rates: the exchange rates.
        tickets: for each surviving customer created_at and id of its countable tickets, sorted.
        window: seconds within which an order counts as influenced by a ticket, both ends included.
    """
    first: dict[str, int] = {}
    for order in orders:
        customer = pool.survivor(order.customer)
        first[customer] = min(order.at, first.get(customer, order.at))
    rows: list[Truth] = []
    for order in orders:
        customer = pool.survivor(order.customer)
        rate = rates.on(order.currency, order.at // DAY)
        if rate is None:
            raise AssertionError(f"order {order.order_id} has no rate")
        net = (order.amount - (order.refunded or 0)) * rate  # hundredths times ten-thousandths
        near = [ticket for ticket in tickets.get(customer, ()) if order.at - window <= ticket[0] <= order.at]
        influencing = max(near)[1] if near else None
        rows.append((order.order_id, customer, order.at, net, order.at > first[customer], influencing))
    return rows
