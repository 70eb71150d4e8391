"""Tells the tickets of a chunk: who writes when, who answers, what moves, and how it ends.

Each channel has a flow of its own; escalations, reopenings and the planted signals come in on the way. The
rare things that every output must have are laid over the stories by ``twists``.
"""

from __future__ import annotations

import random
from bisect import bisect_right

from support_kpis.simulate.calendar import DAY, END, HOUR, MINUTE
from support_kpis.simulate.organisation import GAP_TOPICS, SECOND_LINE, THIRD_LINE, TOPICS, Team
from support_kpis.simulate.pen import Pen
from support_kpis.simulate.people import Customer, Pool
from support_kpis.simulate.story import Story
from support_kpis.simulate.world import BOT, BOT_AGENT, World

_CHANNELS = ("email", "web", "chat", "phone", "in_app", "social", "sms", "other")
_CHANNEL_WEIGHTS = (0.34, 0.50, 0.68, 0.84, 0.93, 0.96, 0.99, 1.0)
_PRIORITIES = ("normal", "low", "high", "urgent", "")
_PRIORITY_WEIGHTS = (0.66, 0.80, 0.93, 0.97, 1.0)
_KINDS = ("question", "problem", "incident", "task", "")
_TAGS = ("", "", "", "vip", "vip|renewal", "beta", "press")


class Teller(Pen):
    """Tells the stories of one chunk; arguments as those of the pen."""

    def __init__(self, world: World, rng: random.Random, chunk: int, pool: Pool) -> None:
        super().__init__(world, rng, chunk, pool)
        self._writers: dict[str, list[Customer]] = {}
        for customer in pool.customers:
            self._writers.setdefault(customer.home, []).append(customer)
        self._teams = world.front
        self._team_weights = world.team_weights

    def tell(self, place: int) -> Story:
        """Tell the next ticket of the chunk.

        Args:
            place: the ticket's place in its chunk.
        """
        s = self._open(place)
        team = self._front_team(s)
        if s.channel == "phone":
            self._call(s, team)
        elif s.channel == "chat" or (s.channel == "in_app" and self.rnd() < 0.5):
            self._chat(s, team)
        else:
            self._write(s, team)
        self.stories.append(s)
        return s

    def _open(self, place: int) -> Story:
        rnd = self.rnd
        before = self.stories
        ticket_id = f"t{self.chunk * 1_000 + place:08d}"
        if before and rnd() < 0.12:
            # The same customer comes back with the same topic, within the window of a first contact or
            # after it.
            first = before[-1 - int(rnd() * min(60, len(before)))]
            created = first.created + int((0.02 + rnd()) * 11 * DAY)
            if created <= END - HOUR:
                s = Story(ticket_id, created, first.channel, first.customer, first.person)
                s.topic = first.topic
                return self._describe(s)
        team = self._teams[bisect_right(self._team_weights, rnd() * self._team_weights[-1])]
        # Where a small chunk has no customer of a unit, anybody writes to its team.
        writers = self._writers.get(team.serves) or self.pool.customers
        customer = writers[int(rnd() ** 1.5 * len(writers))]
        channel = _CHANNELS[bisect_right(_CHANNEL_WEIGHTS, rnd())]
        s = Story(
            ticket_id, self.world.moment(self.rng, team), channel, customer.customer_id, customer.number
        )
        s.team = team.team_id
        s.topic = TOPICS[
            bisect_right(self.world.topic_weights, rnd() * self.world.topic_weights[-1])
        ].topic_id
        return self._describe(s)

    def _describe(self, s: Story) -> Story:
        rnd = self.rnd
        s.priority = _PRIORITIES[bisect_right(_PRIORITY_WEIGHTS, rnd())]
        draw = rnd()
        s.kind = _KINDS[int(draw * 4.4)]
        s.numbered = draw * 10 % 1 < 0.5
        s.source = ("", "helpdesk", "chatdesk")[int(draw * 300) % 3]
        s.tags = _TAGS[int(draw * 700) % 7]
        if draw * 100 % 1 < 0.6:
            s.subject = f"Request {s.ticket_id[-4:]}"
        return s

    def _front_team(self, s: Story) -> Team:
        """The team that a ticket comes to; the columns say it until events do."""
        if not s.team:
            number = int(s.customer[1:]) - self.pool.customers[0].number
            home = self.pool.customers[number].home
            serving = [team for team in self._teams if team.serves == home]
            s.team = serving[0].team_id
        team = self.world.teams[s.team]
        draw = self.rnd()
        if draw < 0.3:
            s.unit = team.serves
        elif draw < 0.305:
            s.unit = "bu-antiques"
        # Nearly every history begins with the routing, at creation or a little later; the rest has no team
        # event.
        draw = self.rnd()
        start = s.team
        if draw < 0.93:
            s.team = ""
            self.route(s, s.created if draw < 0.88 else s.created + 20 + int(draw * 1000) % 600, start)
        return team

    def _write(self, s: Story, team: Team) -> None:
        """Mail, forms and posts: someone answers when the desk is open."""
        rnd = self.rnd
        self.asks(s, s.created)
        draw = rnd()
        if draw < 0.22:
            bot, kind = (BOT, "bot") if draw < 0.15 else (BOT_AGENT, "agent")
            self.say(s, s.created + 2 + int(rnd() * 60), kind, bot, body="We got your message.")
        if draw > 0.985:
            return  # nobody ever answers
        if 0.96 < draw <= 0.985:
            # The bot's article was enough: the ticket is solved without a person.
            at = s.created + 5 + int(rnd() * 90)
            self.say(s, at, "bot", BOT, body="Does this article help?")
            self.status(s, at + 1 + int(rnd() * DAY), "solved", BOT)
            return
        self._converse(s, team, s.created, 2.2 * HOUR)

    def _converse(self, s: Story, team: Team, since: int, median: float) -> None:
        """Replies back and forth until the ticket is solved."""
        rnd, world = self.rnd, self.world
        pressure = world.pressure(team.team_id, s.created)
        desk: Team = team
        schedule = world.schedule_of(team.team_id)
        at = since + self.wait(median * pressure)
        if schedule is not None:
            at = schedule.next_open(at) + int(rnd() * 20 * MINUTE)
        agent = world.on_duty(self.rng, desk.team_id, at)
        if not s.assignee:
            taken = max(since, at - int(rnd() * 40 * MINUTE)) if rnd() < 0.9 else since
            if rnd() < 0.95:
                self.assign(s, taken, agent)
            else:
                s.assignee = agent  # the loader knows the assignee, its history does not
            if s.status == "new":
                self.status(s, taken, "open", agent)
        elif s.status != "open":
            self.status(s, at, "open", agent)
        escalates = rnd() < self._escalation_chance(s, team)
        rounds = 1
        while rounds < 8 and rnd() < 0.45:
            rounds += 1
        for turn in range(rounds):
            self.answers(s, at, agent)
            if escalates and turn == 0:
                at += self.wait(30 * MINUTE * pressure)
                desk, agent, at = self._escalate(s, desk, agent, at)
                if desk.tier == 2 and rnd() < 0.15:
                    at += self.wait(2 * HOUR)
                    desk, agent, at = self._escalate(s, desk, agent, at)
                at += self.wait(3 * HOUR * pressure)
                self.answers(s, at, agent)
            if turn == rounds - 1:
                break
            self.status(s, at, "pending", agent)
            at += self.wait(4 * HOUR)
            self.asks(s, at)
            self.status(s, at, "open", "customer")
            agent, at = self._between(s, desk, agent, at)
            at += self.wait(1.5 * HOUR * pressure)
        self._finish(s, desk, agent, at + int(rnd() * rnd() * 5 * HOUR * pressure))

    def _between(self, s: Story, desk: Team, agent: str, at: int) -> tuple[str, int]:
        """What can happen while an agent has the ticket: a note, a hold, another hand, another priority."""
        draw = self.rnd()
        if draw < 0.25:
            # The flag of a note is left at its default, public: only the direction says that it is a note.
            self.say(s, at + 30, "agent", agent, direction="internal", is_public=draw < 0.12, wrap_up=45.0)
        elif draw < 0.37:
            other = self.world.on_duty(self.rng, desk.team_id, at)
            self.assign(s, at + 60, other, agent)
            agent = other
        elif draw < 0.45:
            self.status(s, at + 90, "hold", agent)
            at += self.wait(10 * HOUR)
            self.status(s, at, "open", agent)
        elif draw < 0.52:
            self.event(
                s, at + 45, "priority", s.priority, "high" if s.priority != "high" else "urgent", agent
            )
            s.priority = s.events[-1].new
        elif draw < 0.55:
            # A move to another desk of the same tier is no escalation.
            side = self._teams[int(self.rnd() * len(self._teams))].team_id
            if desk.tier == 1 and side != s.team:
                self.route(s, at + 50, side, agent)
        elif draw < 0.58:
            self.say(s, at + 20, "agent", agent, "email", is_public=False, wrap_up=90.0)
        return agent, at

    def _escalation_chance(self, s: Story, team: Team) -> float:
        if self.world.in_spike(team.team_id, s.created):
            return 0.75
        if s.topic in GAP_TOPICS:
            return 0.38
        return 0.13 if s.topic in ("topic-damage", "topic-outage") else 0.06

    def _escalate(self, s: Story, desk: Team, agent: str, at: int) -> tuple[Team, str, int]:
        """Up one tier: by a team, by a tier, by an escalation event, or by all three in one second."""
        draw = self.rnd()
        upper = SECOND_LINE.get(desk.team_id) or THIRD_LINE.get(desk.team_id, "")
        if not upper:
            return desk, agent, at
        target = self.world.teams[upper]
        if draw < 0.65:
            self.route(s, at, upper, agent)
            if draw < 0.3:
                self.event(s, at, "tier", str(desk.tier), str(target.tier), agent)
                self.event(s, at, "escalated", "", "", agent, "needs a specialist")
            chosen = self.world.on_duty(self.rng, upper, at)
            self.assign(s, at, chosen, agent)
            return target, chosen, at
        if draw < 0.8 and desk.tier == 1:
            self.event(s, at, "tier", "1", "2", agent)
        else:
            self.event(s, at, "escalated", "", "", agent, "customer asked for a manager")
        return desk, agent, at

    def _finish(self, s: Story, desk: Team, agent: str, at: int) -> None:
        """Solve, close, and sometimes reopen."""
        rnd = self.rnd
        draw = rnd()
        if draw < 0.03:
            self.status(s, at, "pending", agent)  # it waits for the customer to this day
            return
        self.status(s, at, "closed" if draw < 0.08 else "solved", agent)
        if rnd() < 0.075:
            at += self.wait(20 * HOUR)
            self.asks(s, at)
            self.status(s, at, "open" if rnd() < 0.9 else "pending", "customer")
            at += self.wait(3 * HOUR)
            self.answers(s, at, agent)
            self.status(s, at, "solved", agent)
        if s.status == "solved" and rnd() < 0.8:
            self.status(s, at + 4 * DAY, "closed")

    def _chat(self, s: Story, team: Team) -> None:
        """A chat: one session of several messages; a bot often speaks first, and may be all it takes."""
        rnd = self.rnd
        session = self.session()
        at = s.created
        self.asks(s, at, session=session)
        draw = rnd()
        if draw < 0.5:
            self.say(s, at + 1 + int(rnd() * 4), "bot", BOT, session=session, body="Hello, I am Iris.")
        if draw < 0.13:
            self.asks(s, at + 40, session=session)
            self.say(s, at + 45, "bot", BOT, session=session)
            self.status(s, at + 300, "solved", BOT)
            return
        queue = int(self.talk(60) * self.world.pressure(team.team_id, at))
        first = at + 10 + queue
        agent = self.world.on_duty(self.rng, team.team_id, first)
        self.assign(s, first, agent)
        self.status(s, first, "open", agent)
        talk = float(self.talk(240))
        load: float | None = (1.0, 2.0, 3.0, 2.5, None)[int(rnd() * 5)]
        self.say(s, first, "agent", agent, session=session, queue=float(queue), concurrency=load, body="Hi!")
        if rnd() < 0.4:
            self.asks(s, first + 30, session=session)
        last = first + int(talk)
        self.say(
            s,
            last,
            "agent",
            agent,
            session=session,
            ended=last + 5,
            talk=talk,
            wrap_up=float(int(rnd() * 120)),
            concurrency=load,
        )
        self._after_live(s, team, agent, last + 5)

    def _call(self, s: Story, team: Team) -> None:
        """A call: a session that the customer begins; it may be abandoned, or handed on to another agent."""
        rnd = self.rnd
        session = self.session()
        at = s.created
        queue = float(self.talk(50))
        draw = rnd()
        if draw < 0.07:
            self.say(
                s,
                at,
                "customer",
                s.customer,
                session=session,
                ended=at + int(queue),
                queue=queue,
                is_abandoned=True,
            )
            if draw < 0.03:
                return
            # Someone calls back.
            back = at + self.wait(HOUR)
            agent = self.world.on_duty(self.rng, team.team_id, back)
            self.assign(s, back, agent)
            self.status(s, back, "open", agent)
            talk = float(self.talk(200))
            self.say(s, back, "agent", agent, session=self.session(), ended=back + int(talk), talk=talk)
            self.status(s, back + int(talk), "solved", agent)
            return
        first = at + int(queue) + 1
        agent = self.world.on_duty(self.rng, team.team_id, first)
        talk = float(self.talk(260))
        hold = float(int(rnd() * 90)) if rnd() < 0.3 else None
        end = first + int(talk) + int(hold or 0)
        self.say(s, at, "customer", s.customer, session=session, ended=end, queue=queue)
        self.assign(s, first, agent)
        self.status(s, first, "open", agent)
        wrap_up = float(int(rnd() * 150)) if rnd() < 0.8 else None
        self.say(s, first, "agent", agent, session=session, ended=end, talk=talk, hold=hold, wrap_up=wrap_up)
        if rnd() < 0.1:
            other = self.world.on_duty(self.rng, team.team_id, end)
            self.assign(s, end, other, agent)
            self.say(s, end, "agent", other, session=session, ended=end + 90, talk=90.0, wrap_up=20.0)
            agent, end = other, end + 90
        self._after_live(s, team, agent, end)

    def _after_live(self, s: Story, team: Team, agent: str, at: int) -> None:
        """After a chat or a call most tickets are solved; the rest goes on in writing or up a tier."""
        draw = self.rnd()
        chance = self._escalation_chance(s, team)
        if draw < chance:
            desk, agent, at = self._escalate(s, team, agent, at + 1)
            at += self.wait(3 * HOUR)
            self.answers(s, at, agent, "email")
            self._finish(s, desk, agent, at + 60)
        elif draw > 0.82:
            self.status(s, at, "pending", agent)
            at += self.wait(5 * HOUR)
            self.asks(s, at, "email")
            self._converse(s, team, at, 1.5 * HOUR)
        else:
            at += int(self.rnd() * 20 * MINUTE)
            pressure = self.world.pressure(team.team_id, s.created)
            if pressure > 1:
                at += self.wait(2 * HOUR * pressure)  # while it creeps, nobody finds the time to finish
            self._finish(s, team, agent, at)
