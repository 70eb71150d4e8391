"""The surveys of a chunk: who is asked, who answers what, and what is true of each answer."""

from __future__ import annotations

import random
from collections.abc import Callable

from support_kpis.simulate import persons
from support_kpis.simulate.accounting import Timeline
from support_kpis.simulate.calendar import DAY, END, HOUR, date_of, text
from support_kpis.simulate.listings import Row, Truth, nps_group
from support_kpis.simulate.people import Pool
from support_kpis.simulate.story import SOLVED, Story, Survey
from support_kpis.simulate.twist_groups import TWISTED
from support_kpis.simulate.world import World, quarter_starts

SURVEYS_PER_CHUNK = 5_000
DEFAULT_SCALES = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 10), "fcr": (0, 1)}
_SCALES: dict[str, tuple[tuple[int, int] | None, ...]] = {
    "csat": (None, None, None, (1, 5), (1, 7), (0, 100)),
    "nps": (None, None, (0, 10), (1, 10)),
    "ces": (None, None, (1, 7), (1, 5)),
    "fcr": (None,),
}
# Survey type, how often it is sent after a ticket, how often it is answered.
_CHANCES = (("csat", 0.5, 0.45), ("ces", 0.25, 0.4), ("fcr", 0.15, 0.5), ("nps", 0.05, 0.4))
_COMMENTS = (
    "Quick and kind.",
    "Still waiting!",
    "It took three mails, sadly.",
    "Great help",
    "Zu spät, schade.",
    "ok",
)
_LANGUAGES = ("en", "de", "en", "fr", "")


class Surveyor:
    """Sends the surveys of one chunk.

    Args:
        rng: the source of every draw.
        chunk: the chunk's number.
    """

    def __init__(self, rng: random.Random, chunk: int) -> None:
        self._rnd = rng.random
        self._number = chunk * SURVEYS_PER_CHUNK
        self.unlinked: list[Survey] = []
        """Relationship surveys, which have no ticket."""

    def _survey(
        self,
        kind: str,
        sent: int | None,
        responded: int | None,
        mood: float,
        ticket: str = "",
        customer: str = "",
        wave: str = "",
        unit: str = "",
        person: int | None = None,
    ) -> Survey:
        """A survey; ``mood`` from 0 to 1 becomes the score, on one of the scales of its kind."""
        self._number += 1
        scale = _SCALES[kind][int(self._rnd() * len(_SCALES[kind]))]
        low, high = scale or DEFAULT_SCALES[kind]
        reversed_ = kind in ("csat", "ces") and self._rnd() < 0.08
        score: int | None = None
        comment = ""
        if responded is not None:
            score = low + min(high - low, int((1 - mood if reversed_ else mood) * (high - low + 1)))
            draw = self._rnd()
            if draw < 0.3:
                comment = _COMMENTS[int(draw * 20)]
                if draw < 0.1 and person is not None:
                    comment = f"{comment} Yours, {persons.name_of(person)}"
        response = f"r{self._number:08d}"
        language = _LANGUAGES[self._number % len(_LANGUAGES)]
        return Survey(
            response,
            kind,
            sent,
            responded,
            ticket,
            customer,
            unit,
            wave,
            score,
            scale,
            reversed_,
            comment,
            language,
        )

    def after_ticket(self, s: Story) -> None:
        """Ask about a ticket that was solved."""
        rnd = self._rnd
        solved = [event.at for event in s.events if event.kind == "status" and event.new in SOLVED]
        if not solved or s.spam or s.test:
            return
        sent = solved[-1] + HOUR
        hours = (solved[-1] - s.created) / HOUR
        pleased = (
            0.78 - min(0.35, hours / 400) - (0.25 if any(e.kind == "escalated" for e in s.events) else 0)
        )
        for kind, chance, answers in _CHANCES:
            if rnd() > chance:
                continue
            for number in range(2 if rnd() < 0.04 else 1):
                asked = sent + number * DAY
                at = asked + int(rnd() ** 3 * 6 * DAY) + 30
                mood = min(0.999, max(0.0, pleased + 0.45 * (rnd() - 0.4)))
                responded = at if rnd() < answers and at <= END else None
                if asked <= END:
                    s.surveys.append(
                        self._survey(kind, asked, responded, mood, s.ticket_id, s.customer, person=s.person)
                    )

    def relationship(self, world: World, pool: Pool) -> None:
        """Ask customers at large every quarter: in a named wave or in none, a few without a customer."""
        rnd = self._rnd
        for quarter, start in enumerate(quarter_starts(world)):
            for customer in pool.customers:
                draw = rnd()
                if draw > 0.08:
                    continue
                sent = start + 30 * DAY + int(rnd() * 10 * DAY)
                responded = sent + int(rnd() * 9 * DAY) if rnd() < 0.45 else None
                kind = "nps" if draw > 0.01 else "csat"
                name = "" if draw < 0.004 else customer.customer_id
                wave = f"wave-{quarter + 1}" if draw < 0.055 else ""
                unit = customer.home if draw < 0.02 else ""
                for again in range(2 if responded is not None and draw < 0.03 else 1):
                    at = None if responded is None else responded + again * 5 * HOUR
                    mood = min(0.999, rnd() ** 0.35)
                    if sent <= END and (at is None or at <= END):
                        survey = self._survey(kind, sent, at, mood, "", name, wave, unit, customer.number)
                        self.unlinked.append(survey)

    def twist(self, stories: list[Story]) -> None:
        """Lay the rare answers over the first tickets after the twisted ones."""
        changes: tuple[Callable[[Survey], Survey], ...] = (
            lambda survey: survey,
            lambda survey: survey._replace(responded=None, score=None),  # sent, never answered
            lambda survey: survey._replace(score=None, comment=""),  # opened, left empty
            lambda survey: survey._replace(responded=None),  # a score without an instant is no answer
            lambda survey: survey._replace(sent=None),  # the loader does not know when it was sent
            lambda survey: survey._replace(responded=survey.sent),  # answered in the second it was sent
            lambda survey: survey._replace(scale=(0, 100), score=75, is_reversed=False),
            lambda survey: survey._replace(scale=(0, 100), score=25, is_reversed=True),
            lambda survey: survey._replace(scale=(1, 7), score=5, is_reversed=False),
            lambda survey: survey._replace(unit="bu-retail"),
        )
        for place, change in enumerate(changes):
            if TWISTED + place >= len(stories):
                return
            s = stories[TWISTED + place]
            sent = min(s.updated, END - 3 * DAY) + HOUR
            for kind in ("csat", "ces"):
                for number in range(2):
                    survey = self._survey(
                        kind,
                        sent,
                        sent + (number + 1) * DAY + place,
                        0.7,
                        s.ticket_id,
                        s.customer,
                        person=s.person,
                    )
                    s.surveys.append(change(survey) if number else survey)


def survey_rows(surveys: list[Survey]) -> list[Row]:
    """The raw rows of surveys, with loaded_at and the unknown column."""
    rows: list[Row] = []
    for survey in surveys:
        dated = survey.responded if survey.responded is not None else survey.sent or 0
        low, high = ("", "") if survey.scale is None else map(str, survey.scale)
        rows.append(
            (
                survey.response_id,
                survey.kind,
                "" if survey.sent is None else text(survey.sent),
                "" if survey.responded is None else text(survey.responded),
                survey.ticket,
                survey.customer,
                survey.unit,
                survey.wave,
                "" if survey.score is None else str(survey.score),
                low,
                high,
                "true" if survey.is_reversed else "",
                survey.comment,
                survey.language,
                text(dated - dated % HOUR + 2 * HOUR),
                "mail" if survey.ticket else "web",
            )
        )
    return rows


def survey_truth(
    surveys: list[Survey],
    pool: Pool,
    survivors: dict[str, str],
    timelines: dict[str, Timeline],
    units: dict[str, str | None],
) -> list[Truth]:
    """What is true of every survey that a mart shows.

    Args:
        surveys: all surveys of a chunk.
        pool: its customers.
        survivors: each ticket to the countable ticket that it counts for; without those that count for none.
        timelines: the history of each countable ticket.
        units: the business unit of each countable ticket.
    """
    last: dict[tuple[str, ...], tuple[int, str]] = {}
    keys: dict[str, tuple[str, ...]] = {}
    for survey in surveys:
        if (
            survey.responded is None
            or survey.score is None
            or (survey.ticket and survey.ticket not in survivors)
        ):
            continue
        customer = pool.survivor(survey.customer)
        key: tuple[str, ...]
        if survey.ticket:
            key = ("ticket", survivors[survey.ticket], customer, survey.kind)
        elif customer:
            day = date_of(survey.responded // DAY)
            wave = (
                ("wave", survey.wave)
                if survey.wave
                else ("quarter", str(day.year), str((day.month - 1) // 3))
            )
            key = ("customer", customer, survey.kind, *wave)
        else:
            key = ("answer", survey.response_id)
        keys[survey.response_id] = key
        last[key] = max(last.get(key, (0, "")), (survey.responded, survey.response_id))
    rows: list[Truth] = []
    for survey in surveys:
        if survey.ticket and survey.ticket not in survivors:
            continue
        rows.append(_survey_truth(survey, keys, last, pool, survivors, timelines, units))
    return rows


def _survey_truth(
    survey: Survey,
    keys: dict[str, tuple[str, ...]],
    last: dict[tuple[str, ...], tuple[int, str]],
    pool: Pool,
    survivors: dict[str, str],
    timelines: dict[str, Timeline],
    units: dict[str, str | None],
) -> Truth:
    ticket = survivors[survey.ticket] if survey.ticket else None
    answered = survey.responded is not None and survey.score is not None
    ease: float | None = None
    group: str | None = None
    is_top: bool | None = None
    if answered and survey.score is not None:
        low, high = survey.scale or DEFAULT_SCALES[survey.kind]
        up = high - survey.score if survey.is_reversed else survey.score - low
        if survey.kind == "nps":
            group = nps_group(survey.score)
        elif survey.kind != "fcr":
            ease = up / (high - low)
            if survey.kind == "csat":
                # Satisfied from three quarters of the scale on, compared in whole numbers.
                is_top = up * 4 >= (high - low) * 3
    moment = survey.responded if survey.responded is not None else survey.sent
    agent = team = None
    if ticket is not None and moment is not None:
        agent, team = timelines[ticket].agent(moment), timelines[ticket].team(moment)
    unit = survey.unit or (units[ticket] if ticket is not None else None)
    customer = pool.survivor(survey.customer)
    unit = unit or pool.units.get(customer) or None
    key = keys.get(survey.response_id)
    superseded = key is not None and last[key][1] != survey.response_id
    return (
        survey.response_id,
        survey.kind,
        ticket,
        customer or None,
        unit,
        agent,
        team,
        survey.sent,
        survey.responded,
        survey.wave or None,
        survey.score,
        ease,
        group,
        is_top,
        answered,
        superseded,
    )
