"""A slow judge of what was told up the chain: might each message go, and who should have heard?

It knows what happened and what arrived, and keeps no state.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from alert_oracle import HEARERS, name_of, true_at, was_true
from alert_world import (
    CALENDAR,
    RULES,
    START,
    STEP,
    UNIT,
    UNITS,
    Arrival,
    Stale,
    World,
    planner,
)

from ioc.alerts.engine.planning import Planner
from ioc.alerts.notice import NoticeKind
from ioc.alerts.people import Person, Post, Role
from ioc.alerts.people_book import PeopleBook
from schemas.alerting.rules_model import RulesFile
from schemas.events import EventRecord
from streams.deadlines import Crossing, Rule

WAIT_SECONDS = 3_600
CHAIN = ("lead", "head", "chair")


def chain_planner() -> Planner:
    """The world's rules, with two steps up for overdue files after a working hour each."""
    rules = RULES.model_dump(mode="json")
    for rule in rules["rules"]:
        if rule["what"] == "overdue":
            rule["escalate"] = {"after_working_hours": 1, "levels": 2}
    book = planner().people
    chair = Person("chair", "chair", "vi", (Post(Role.CHAIR, UNIT),), {"email": "c@ioc.example"})
    return planner(RulesFile.model_validate(rules), PeopleBook([*book, chair], UNITS))


@dataclass(frozen=True)
class Said:
    """One alert in one message that arrived; repeats of a message are left out."""

    step: int
    kind: NoticeKind
    alert: str
    person: str


class Judge:
    """What happened, and what each message may say of it."""

    def __init__(self, world: World, arrivals: Sequence[Arrival], steps: int) -> None:
        self._world, self._arrivals, self._last = world, arrivals, steps - 1
        self.said = list(_said(world))
        self._standing: dict[tuple[str, int], dict[str, Crossing]] = {}

    def check(self) -> None:
        """Raise `AssertionError` for a message that was wrong, or one that is missing."""
        heard: dict[tuple[str, str], Said] = {}
        for one in self.said:
            key = (one.alert, one.person)
            if one.kind is NoticeKind.WITHDRAWAL:
                assert key in heard, f"{one}: nobody was told"
                assert one.alert not in self._at(one.alert, one.step), f"{one}: it stands"
                del heard[key]
                continue
            assert key not in heard, f"{one}: told twice"
            assert one.alert in self._at(one.alert, one.step), f"{one}: it does not stand"
            if one.kind is NoticeKind.ESCALATION:
                self._check_step_up(one, heard)
            elif one.person != "chair":
                assert any(self._is_open(step) for step in range(one.step + 1)), f"{one}: held"
            heard[key] = one
        if self._is_open(self._last) and not self._world.away.holds(_at(self._last)):
            self._check_end(heard)

    def _check_step_up(self, one: Said, heard: dict[tuple[str, str], Said]) -> None:
        assert self._is_open(one.step), f"{one}: from a stale feed, or silenced"
        below = heard.get((one.alert, CHAIN[CHAIN.index(one.person) - 1]))
        assert below is not None, f"{one}: whoever is below never got it"
        assert not self._is_answered(one.alert, one.step), f"{one}: it was answered"
        waited = self._waited(below.step, one.step)
        assert waited >= WAIT_SECONDS, f"{one}: after {waited} seconds"

    def _check_end(self, heard: dict[tuple[str, str], Said]) -> None:
        for name in {name for _, name, _ in self._arrivals}:
            for alert, crossing in self._of_file(name, self._last).items():
                for person in HEARERS[crossing.rule]:
                    assert (alert, person) in heard, f"{person} never heard of {alert}"
                if crossing.rule is Rule.OVERDUE:
                    self._check_chain(alert, heard)
        for alert, person in heard:
            crossing = self._crossing(alert)
            known = self._known(_file(alert), self._last)
            assert was_true(known, crossing), f"{person} was never told that {alert} was wrong"

    def _check_chain(self, alert: str, heard: dict[tuple[str, str], Said]) -> None:
        if self._is_answered(alert, self._last):
            return
        for person, above in pairwise(CHAIN):
            below = heard.get((alert, person))
            if below is None:
                return
            stood = all(alert in self._at(alert, n) for n in range(below.step, self._last + 1))
            if stood and self._waited(below.step, self._last) >= WAIT_SECONDS + 2 * STEP:
                assert (alert, above) in heard, f"{above} never heard of {alert}"

    def _is_open(self, step: int) -> bool:
        now = _at(step)
        return not self._world.stale.holds(now) and not self._world.hushed.holds(now)

    def _is_answered(self, alert: str, step: int) -> bool:
        return any(
            at <= step and name == _file(alert) and any(
                one.alert == alert and one.step < at for one in self.said
            )
            for at, name in self._world.answered
        )  # fmt: skip

    def _waited(self, since: int, until: int) -> int:
        """Working seconds between two steps in which the feed was heard."""
        return sum(
            CALENDAR.working_seconds(_at(step), _at(step + 1))
            for step in range(since, until)
            if not self._world.stale.holds(_at(step))
        )

    def _at(self, alert: str, step: int) -> dict[str, Crossing]:
        return self._of_file(_file(alert), step)

    def _of_file(self, name: str, step: int) -> dict[str, Crossing]:
        key = (name, step)
        if key not in self._standing:
            standing = true_at(self._known(name, step), _at(step))
            self._standing[key] = {name_of(name, each): each for each in standing}
        return self._standing[key]

    def _crossing(self, alert: str) -> Crossing:
        return next(
            found[alert]
            for step in range(self._last + 1)
            if alert in (found := self._at(alert, step))
        )

    def _known(self, name: str, step: int) -> list[EventRecord]:
        known: defaultdict[str, list[EventRecord]] = defaultdict(list)
        for known_at, dossier_id, event in sorted(self._arrivals, key=lambda each: each[0]):
            if known_at <= _at(step):
                known[dossier_id].append(event)
        return known[name]


def run(
    arrivals: Sequence[Arrival],
    stale: Stale,
    crashes: dict[int, str],
    away: Stale,
    hushed: Stale,
    answered: Sequence[tuple[int, str]],
    steps: int,
) -> Judge:
    world = World(arrivals, stale, crashes, away, hushed, answered, chain_planner())
    world.run(steps)
    return Judge(world, arrivals, steps)


def _said(world: World) -> Iterator[Said]:
    seen: set[str] = set()
    for step, notice, ids in world.delivered:
        if notice.notice_id in seen:
            assert notice.is_repeat, "a second message must say that it is one"
            continue
        seen.add(notice.notice_id)
        for alert in ids:
            yield Said(step, notice.kind, alert, notice.person)


def _at(step: int) -> int:
    return START + step * STEP


def _file(alert: str) -> str:
    return alert.split("/")[1].partition("#")[0]
