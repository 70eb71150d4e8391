"""The raw rows of the small tables: the organisation, its calendars, rates and employee surveys.

Every function gives rows as text in the contract's columns; an empty text is a missing value.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from dataclasses import dataclass

from support_kpis.simulate import organisation, persons
from support_kpis.simulate.calendar import DAY, END, HOUR, MINUTE, date_of, day_text, text
from support_kpis.simulate.world import World, quarter_starts

Row = tuple[str, ...]
Truth = tuple[object, ...]


@dataclass
class Rates:
    """Exchange rates in ten-thousandths of the reporting currency, by currency and day."""

    days: dict[str, list[int]]
    rates: dict[str, list[int]]

    def on(self, currency: str, day: int) -> int | None:
        """The latest rate on or before a day; 10,000 for the reporting currency and for none."""
        if currency in ("", organisation.REPORTING_CURRENCY):
            return 10_000
        place = bisect_right(self.days.get(currency, []), day)
        return self.rates[currency][place - 1] if place else None


def make_rates(world: World) -> Rates:
    """A rate for every currency and week; the late currency's begin half-way."""
    rng = random.Random(f"{world.seed}/rates")
    rates = Rates({}, {})
    middle = (world.first + world.last) // 2
    starts = dict.fromkeys(organisation.CURRENCIES, world.first - 7) | {organisation.LATE_CURRENCY: middle}
    base = organisation.CURRENCIES | {organisation.LATE_CURRENCY: organisation.LATE_RATE}
    for currency, start in starts.items():
        rates.days[currency] = list(range(start, world.last + 1, 7))
        rates.rates[currency] = [
            round(base[currency] * (0.96 + 0.08 * rng.random())) for _ in rates.days[currency]
        ]
    return rates


def listing_rows(world: World, rates: Rates) -> dict[str, list[Row]]:
    """The rows of all small tables but the employee surveys."""
    days = organisation.HOLIDAYS
    return {
        "business_units": list(organisation.UNITS),
        "teams": [
            (team.team_id, team.name, str(team.tier), team.unit, team.schedule)
            for team in world.teams.values()
        ],
        "agents": _agents(world),
        "agent_team_history": _history(world),
        "agent_shifts": _shifts(world),
        "topics": [
            (
                topic.topic_id,
                topic.name,
                "true"
                if topic.is_first_line_resolvable and i % 2
                else ""
                if topic.is_first_line_resolvable
                else "false",
            )
            for i, topic in enumerate(organisation.TOPICS)
        ],
        "kb_articles": _articles(world),
        "schedules": [
            (schedule.schedule_id, schedule.name, schedule.time_zone) for schedule in world.schedules.values()
        ],
        "schedule_hours": _hours(world),
        "holidays": [
            (schedule_id, day.isoformat(), name)
            for schedule_id in days
            for day, name in sorted(world.schedules[schedule_id].holidays.items())
        ],
        "sla_policies": [tuple(policy) for policy in organisation.POLICIES],
        "exchange_rates": [
            (currency, day_text(day), f"{rate / 10_000:.4f}")
            for currency in rates.days
            for day, rate in zip(rates.days[currency], rates.rates[currency], strict=True)
        ],
    }


def _agents(world: World) -> list[Row]:
    rows: list[Row] = []
    for agent in world.agents.values():
        is_bot = agent.role == "bot"
        rows.append(
            (
                agent.agent_id,
                "" if is_bot else persons.name_of(agent.number + 400),
                "" if is_bot else persons.email_of(agent.number + 400),
                agent.stays[-1].team,
                agent.role,
                day_text(agent.hired // DAY),
                "" if agent.left is None else day_text(agent.left),
                "" if is_bot else f"{agent.cost_cents / 100:.2f}",
            )
        )
    return rows


def _history(world: World) -> list[Row]:
    return [
        (agent.agent_id, stay.team, text(stay.since), "" if stay.until is None else text(stay.until))
        for agent in world.agents.values()
        if agent.has_history
        for stay in agent.stays
    ]


def _shifts(world: World) -> list[Row]:
    rows: list[Row] = []
    for agent in world.agents.values():
        if agent.role not in ("agent", "lead"):
            continue
        rest = agent.number % 7
        for day in range(world.first, world.last + 1):
            team = world.teams.get(agent.team_at(day * DAY + 12 * HOUR) or "")
            if team is None or (agent.left is not None and day >= agent.left):
                continue
            schedule = world.schedules.get(team.schedule)
            on = date_of(day)
            at_night = team.team_id == "team-stays"
            round_the_clock = at_night or team.team_id in ("team-chat", "team-hosting", "team-experts")
            # Where the doors never close each agent has two other days off; elsewhere it is the weekend.
            off = (day + rest) % 7 < 2 if round_the_clock else on.isoweekday() > 5
            if off or (schedule is not None and on in schedule.holidays):
                continue
            local = 20 if at_night else 9 + (agent.number % 2) * (8 if round_the_clock else 2)
            start = day * DAY + (local - team.zone_hours) * HOUR
            rows.append((f"s{len(rows) + 1:06d}", agent.agent_id, text(start), text(start + 8 * HOUR)))
    return rows


def _articles(world: World) -> list[Row]:
    rows: list[Row] = []
    for topic in organisation.TOPICS:
        if not topic.has_article:
            continue
        for edition in range(1, 4):
            published = world.start - (4 - edition) * 90 * DAY
            # The first edition of every article was retired when the second came.
            retired = text(published + 90 * DAY) if edition == 1 else ""
            number = len(rows) + 1
            rows.append(
                (f"kb{number:03d}", topic.topic_id, f"{topic.name}, part {edition}", text(published), retired)
            )
    # Written, but never published: the gap stays one.
    rows.append((f"kb{len(rows) + 1:03d}", organisation.GAP_TOPICS[0], "Draft on privacy requests", "", ""))
    return rows


def _hours(world: World) -> list[Row]:
    def clock(minutes: int) -> str:
        return f"{minutes // MINUTE:02d}:{minutes % MINUTE:02d}"

    return [
        (
            schedule.schedule_id,
            str(hours.day_of_week),
            clock(hours.opens),
            clock(hours.closes),
            "" if hours.valid_from is None else hours.valid_from.isoformat(),
            "" if hours.valid_to is None else hours.valid_to.isoformat(),
        )
        for schedule in world.schedules.values()
        for hours in schedule.hours
    ]


def employee_surveys(world: World) -> tuple[list[Row], list[Truth]]:
    """The rows of the employee surveys, with loaded_at, and what is true of each.

    Every quarter each agent is asked for satisfaction (esat, 1 to 5 or, in some waves, 1 to 7) and
    recommendation (enps, 0 to 10); three in four answer.
    """
    rng = random.Random(f"{world.seed}/employees")
    rows: list[Row] = []
    truth: list[Truth] = []
    people = [agent for agent in world.agents.values() if agent.role in ("agent", "lead", "manager")]
    for place, start in enumerate(quarter_starts(world)):
        day = date_of(start // DAY)
        wave = f"{day.year}-Q{(day.month + 2) // 3}"
        top = 7 if place % 3 == 2 else 5
        for agent in people:
            for kind in ("esat", "enps"):
                draw = rng.random()
                moment = start + 20 * DAY + int(rng.random() * 20 * DAY)
                mood = rng.random() ** 0.6
                team = agent.team_at(moment)
                if draw > 0.8 or moment > END or team is None:
                    continue
                score = 1 + int(mood * top) if kind == "esat" else int(mood * 11)
                known = draw < 0.76  # the rest opened the survey and left it empty
                scale = ("1", str(top)) if kind == "esat" and top != 5 else ("", "")
                number = len(rows) + 1
                response = f"es{number:05d}"
                comment = f"{persons.name_of(agent.number + 400)} says hello" if draw < 0.05 else ""
                rows.append(
                    (
                        response,
                        kind,
                        wave,
                        text(moment) if known else "",
                        team,
                        str(score) if known else "",
                        *scale,
                        comment,
                        text(moment - moment % DAY + DAY + 3 * HOUR),
                    )
                )
                is_top = (score - 1) * 4 >= 3 * (top - 1) if kind == "esat" and known else None
                group = nps_group(score) if kind == "enps" and known else None
                truth.append(
                    (
                        response,
                        kind,
                        wave,
                        moment if known else None,
                        team,
                        score if known else None,
                        is_top,
                        group,
                    )
                )
    return rows, truth


def nps_group(score: int) -> str:
    """The group of a recommendation score: 9 and 10, 7 and 8, 0 to 6."""
    return "promoter" if score >= 9 else "passive" if score >= 7 else "detractor"
