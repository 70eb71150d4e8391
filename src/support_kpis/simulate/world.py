"""The world that all chunks of a simulation share: agents and their moves, calendars of demand, planted
signals.

It depends only on the seed, the number of tickets (which sets how many agents there are) and the months.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

from support_kpis.simulate import organisation
from support_kpis.simulate.calendar import DAY, END, HOUR, Schedule, date_of, day_number, first_day, instant
from support_kpis.simulate.organisation import TEAMS, TOPICS, Team

BOT = "bot-iris"
"""A bot that writes as author_type bot."""
BOT_AGENT = "bot-echo"
"""A bot that writes as an agent; only its role says what it is."""

_WEEKDAYS = (1.25, 1.2, 1.1, 1.05, 1.0, 0.45, 0.35)
_MONTHS = (1.1, 0.95, 0.95, 0.95, 0.95, 0.9, 0.85, 0.85, 1.0, 1.05, 1.25, 1.45)
_HOURS = (1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 18, 16, 13, 14, 16, 16, 15, 12, 10, 9, 8, 6, 4, 2)


@dataclass(frozen=True)
class Stay:
    """The time of an agent in a team; ``until`` is exclusive, None while it lasts."""

    team: str
    since: int
    until: int | None


@dataclass
class Agent:
    """A person or a bot of the support organisation."""

    agent_id: str
    number: int
    role: str
    stays: tuple[Stay, ...]
    has_history: bool
    hired: int
    left: int | None
    cost_cents: int

    def team_at(self, moment: int) -> str | None:
        """The team that the agent belongs to at an instant, if any."""
        for stay in self.stays:
            if stay.since <= moment and (stay.until is None or moment < stay.until):
                return stay.team
        return None


@dataclass(frozen=True)
class Signals:
    """When the planted signals hold: first and last day since 1970; None if the operation is too short."""

    spike: tuple[int, int] | None
    creep: tuple[int, int] | None


SPIKE_TEAM = "team-chat"
CREEP_TEAM = "team-us"


@dataclass
class World:
    """Everything that tickets refer to and that no chunk changes."""

    seed: int
    tickets: int
    start: int
    first: int
    """The first day of the operation, counted from 1970."""
    last: int
    schedules: dict[str, Schedule]
    teams: dict[str, Team]
    agents: dict[str, Agent]
    rosters: dict[str, list[Agent]]
    signals: Signals
    day_weights: dict[str, list[float]] = field(repr=False)
    front: list[Team] = field(default_factory=list)
    team_weights: list[float] = field(default_factory=list)
    hour_weights: list[float] = field(default_factory=list)
    topic_weights: list[float] = field(default_factory=list)
    clock_changes: list[int] = field(default_factory=list)

    def schedule_of(self, team: str | None) -> Schedule | None:
        """The schedule of a team, None if it has none or the reference points nowhere."""
        known = self.teams.get(team or "")
        return None if known is None else self.schedules.get(known.schedule)

    def tier_of(self, team: str | None) -> int | None:
        """The tier of a team, None if the team is not known."""
        known = self.teams.get(team or "")
        return None if known is None else known.tier

    def is_bot(self, agent: str) -> bool:
        """Whether an agent's role is bot; agents that are not known are human."""
        known = self.agents.get(agent)
        return known is not None and known.role == "bot"

    def history_team(self, agent: str | None, moment: int) -> str | None:
        """The team that agent_team_history gives an agent at an instant."""
        known = self.agents.get(agent or "")
        return known.team_at(moment) if known is not None and known.has_history else None

    def on_duty(self, rng: random.Random, team: str, moment: int) -> str:
        """An agent who belongs to a team at an instant; where chance finds none, the first of its roster."""
        roster = self.rosters[team]
        for _ in range(4):
            agent = roster[int(rng.random() * len(roster))]
            if agent.team_at(moment) == team:
                return agent.agent_id
        return roster[0].agent_id

    def moment(self, rng: random.Random, team: Team) -> int:
        """A time at which a ticket of a team is written: season, weekday and the local hour weigh in."""
        weights = self.day_weights[team.team_id]
        day = self.first + bisect_right(weights, rng.random() * weights[-1])
        hour = bisect_right(self.hour_weights, rng.random() * self.hour_weights[-1])
        moment = day * DAY + (hour - team.zone_hours) * HOUR + int(rng.random() * HOUR)
        return min(max(moment, self.start), END)

    def pressure(self, team: str, moment: int) -> float:
        """By how much longer a team takes than usual: 1, but in the weeks of the planted creep."""
        creep = self.signals.creep
        if creep is None or team != CREEP_TEAM or not creep[0] <= moment // DAY <= creep[1]:
            return 1.0
        return 1.0 + 0.4 * (moment // DAY - creep[0] + 1)

    def in_spike(self, team: str, moment: int) -> bool:
        """Whether a ticket of a team falls into the planted days of many escalations."""
        spike = self.signals.spike
        return spike is not None and team == SPIKE_TEAM and spike[0] <= moment // DAY <= spike[1]


def build_world(tickets: int, seed: int, months: int) -> World:
    """The world of a simulation.

    Args:
        tickets: how many tickets it will have; the number of agents follows it.
        seed: the seed of every draw.
        months: calendar months that the operation runs, up to ``calendar.END``.
    """
    begin = first_day(months)
    first, last = day_number(begin), END // DAY
    schedules = organisation.schedules()
    for schedule_id, days in organisation.HOLIDAYS.items():
        for year in range(begin.year, date_of(last).year + 1):
            for month, day, name in days:
                schedules[schedule_id].holidays[begin.replace(year=year, month=month, day=day)] = name
    world = World(
        seed=seed,
        tickets=tickets,
        start=first * DAY,
        first=first,
        last=last,
        schedules=schedules,
        teams={team.team_id: team for team in TEAMS},
        agents={},
        rosters={},
        signals=_signals(first, last),
        day_weights={},
    )
    world.front = [team for team in TEAMS if team.volume > 0]
    world.day_weights = {team.team_id: _day_weights(world, team) for team in world.front}
    # The planted signals bring their teams more tickets than the others' days do.
    usual = world.day_weights["team-eu"][-1]
    world.team_weights = list(
        accumulate(team.volume * world.day_weights[team.team_id][-1] / usual for team in world.front)
    )
    world.hour_weights = list(accumulate(_HOURS))
    world.topic_weights = list(accumulate(topic.volume for topic in TOPICS))
    changes = {day for schedule in schedules.values() for day in schedule.clock_changes(begin, date_of(last))}
    world.clock_changes = sorted(changes)
    _hire(world, random.Random(f"{seed}/agents"), months)
    return world


def _signals(first: int, last: int) -> Signals:
    length = last - first + 1
    if length < 85:
        return Signals(None, None)
    spike = first + int(length * 0.72)
    spike += (1 - date_of(spike).weekday()) % 7  # a Tuesday, so that three working days follow each other
    creep = first + int(length * 0.45)
    return Signals((spike, spike + 2), (creep, creep + 20))


def _day_weights(world: World, team: Team) -> list[float]:
    weights = []
    for day in range(world.first, world.last + 1):
        on = date_of(day)
        growth = 1 + 0.3 * (day - world.first) / (world.last - world.first + 1)
        weight = _WEEKDAYS[on.weekday()] * _MONTHS[on.month - 1] * growth
        # More tickets while a signal holds, so that it can be told from chance in a small sample too.
        if world.in_spike(team.team_id, day * DAY):
            weight *= 9
        elif world.pressure(team.team_id, day * DAY) > 1:
            weight *= 5
        weights.append(weight)
    return list(accumulate(weights))


def _hire(world: World, rng: random.Random, months: int) -> None:
    per_team = min(40, max(2, round(world.tickets / months / 130)))
    number = 0
    for team in TEAMS:
        size = 2 if team.tier > 1 else per_team
        size = max(size, per_team // 3) + (1 if team.team_id in ("team-eu", "team-chat") else 0)
        for place in range(size):
            number += 1
            agent = _agent(world, rng, number, team.team_id, "lead" if place == 0 else "agent")
            world.agents[agent.agent_id] = agent
    manager = Agent(
        "a-head", 0, "manager", (Stay("team-legal", 0, None),), True, world.start - 900 * DAY, None, 9_500
    )
    world.agents[manager.agent_id] = manager
    for bot, team_id in ((BOT, "team-chat"), (BOT_AGENT, "team-hosting")):
        world.agents[bot] = Agent(
            bot, 0, "bot", (Stay(team_id, 0, None),), False, world.start - 400 * DAY, None, 0
        )
    for team in TEAMS:
        world.rosters[team.team_id] = [
            agent
            for agent in world.agents.values()
            if agent.role != "bot" and any(stay.team == team.team_id for stay in agent.stays)
        ]


def _agent(world: World, rng: random.Random, number: int, team: str, role: str) -> Agent:
    hired = world.start - int(rng.random() * 1500 + 30) * DAY
    span = world.last - world.first
    stays = [Stay(team, hired, None)]
    left = None
    if role == "agent":
        draw = rng.random()
        if draw < 0.3:
            # The move takes effect in the middle of a day: what the agent did that morning is the old team's.
            moved = world.start + int(span * (0.2 + 0.6 * rng.random())) * DAY + 12 * HOUR
            others = [other for other in TEAMS if other.team_id != team and other.tier <= 2]
            target = others[int(rng.random() * len(others))].team_id
            stays = [Stay(team, hired, moved), Stay(target, moved, None)]
        elif draw < 0.4:
            left = world.first + int(span * (0.5 + 0.4 * rng.random()))
            stays = [Stay(team, hired, left * DAY)]
    cost = 1_800 + int(rng.random() * 2_400)
    return Agent(f"a{number:03d}", number, role, tuple(stays), rng.random() > 0.08, hired, left, cost)


def lognormal_table(sigma: float, size: int = 1024) -> list[float]:
    """Quantiles of a lognormal distribution with median 1, for cheap draws: ``table[int(random() * size)]``.

    Args:
        sigma: the standard deviation of the logarithm.
        size: how many quantiles, in the middle of as many equal shares.
    """
    return [math.exp(sigma * _normal_quantile((i + 0.5) / size)) for i in range(size)]


def _normal_quantile(share: float) -> float:
    # Bisection on the error function: exact enough, and needs no constants of an approximation.
    low, high = -8.0, 8.0
    for _ in range(60):
        middle = (low + high) / 2
        if 0.5 * (1 + math.erf(middle / math.sqrt(2))) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def quarter_starts(world: World) -> list[int]:
    """The instants at which the calendar quarters of the operation begin."""
    days = [date_of(day) for day in range(world.first, world.last + 1)]
    return [instant(day.year, day.month, 1) for day in days if day.day == 1 and day.month % 3 == 1]
