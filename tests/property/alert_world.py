"""A small world for alerts: files, feeds, a ledger in memory, crashes; and a slow oracle."""

from __future__ import annotations

import copy
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ioc.alerts.engine.case import Case
from ioc.alerts.engine.feeds import Feeds
from ioc.alerts.engine.items import Wording
from ioc.alerts.engine.planning import Plan, Planner
from ioc.alerts.engine.rulebook import Rulebook
from ioc.alerts.engine.truth import true_now
from ioc.alerts.notice import Notice, NoticeKind
from ioc.alerts.people import Person, Post, Role
from ioc.alerts.people_book import PeopleBook
from ioc.alerts.preview.files import Files
from ioc.alerts.preview.simulation import Simulation
from ioc.alerts.store.loading import ToldRow, restore_board
from schemas.alerting.rules_model import RulesFile
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.events import EventRecord
from schemas.reference import ProcedureRegistry, UnitRegistry
from streams.deadlines import Crossing, Rule, crossings_of
from streams.fold import FoldRules, fold, order_events

STEP = 600
#: Monday 9 September 2024, 07:00 in Vietnam.
START = 1_725_840_000
UNIT, AGENCY, SOURCE = "04795", "04792", "desk"
LEAD_SECONDS = 3_600

UNITS, PROCEDURES = UnitRegistry.load(None), ProcedureRegistry.load(None)
CALENDAR = WorkingCalendar(CalendarSettings(_env_file=None))
FOLD = FoldRules(CALENDAR, {}, {})

RULES = RulesFile.model_validate(
    {
        "version": 1,
        "delivery": {
            "group_above": 2,
            "settle_seconds": 0,
            "longest_settle_seconds": 0,
            "stale_wait_working_hours": 160,
            "rate": {"messages": 1000},
        },
        "rules": [
            {"id": what, "what": what, "tell": tell, "urgent": True}
            for what, tell in (
                ("receipt_overdue", ["desk_lead"]),
                ("due_soon", ["handler_lead"]),
                ("overdue", ["handler_lead"]),
                ("leg_overdue", ["handler_lead", "authority_head"]),
            )
        ],
    }
)


def _person(name: str, *posts: Post) -> Person:
    return Person(name, name, "vi", posts, {"email": f"{name}@ioc.example"})


PEOPLE = PeopleBook(
    [
        _person("lead", Post(Role.HANDLER_LEAD, UNIT)),
        _person("agency", Post(Role.HANDLER_LEAD, AGENCY)),
        _person("head", Post(Role.AUTHORITY_HEAD, UNIT)),
        _person("desk", Post(Role.DESK_LEAD, UNIT)),
    ],
    UNITS,
)
#: Whom the oracle expects to hear of each rule.
HEARERS = {
    Rule.RECEIPT_OVERDUE: {"desk"},
    Rule.DUE_SOON: {"lead"},
    Rule.OVERDUE: {"lead"},
    Rule.LEG_OVERDUE: {"agency", "head"},
}

Arrival = tuple[int, str, EventRecord]
Pair = tuple[str, str]


def planner(rules: RulesFile = RULES, people: PeopleBook = PEOPLE) -> Planner:
    return Planner(Rulebook(rules), people, Wording(UNITS, PROCEDURES, CALENDAR), LEAD_SECONDS)


@dataclass(frozen=True)
class Stale:
    """Steps during which the one source is silent."""

    spans: tuple[tuple[int, int], ...] = ()

    def holds(self, now: int) -> bool:
        return any(START + a * STEP <= now < START + b * STEP for a, b in self.spans)

    def feeds(self, now: int) -> Feeds:
        return Feeds(now, {SOURCE: now - 1} if self.holds(now) else {})


# -- the system: the real decisions, with storage and sending in memory -----------------------


@dataclass
class _Row:
    """A ledger row."""

    notice: Notice
    alert_ids: tuple[str, ...]
    at: int
    state: str = "planned"


@dataclass
class World:
    """The alert process on a clock, dying where it is told to."""

    arrivals: Iterable[Arrival]
    stale: Stale
    crashes: Mapping[int, str]
    delivered: list[tuple[Notice, tuple[str, ...]]] = field(default_factory=list)
    cases: dict[str, Case] = field(default_factory=dict)
    ledger: dict[str, _Row] = field(default_factory=dict)

    def run(self, steps: int) -> None:
        files = Files(FOLD, LEAD_SECONDS)
        for known_at, dossier_id, event in self.arrivals:
            files.expect(dossier_id, event, known_at)
        simulation = Simulation(planner(), files, self.stale.feeds, finds=False)
        for step in range(steps):
            now = START + step * STEP
            if not self._step(simulation, now, self.crashes.get(step, "")):
                # Whoever takes over finds what was stored, and what the topic holds.
                board = restore_board(map(copy.copy, self.cases.values()), self._told())
                simulation.restart(board, now)
                self._store(simulation.board.cases.values())
                for row in list(self.ledger.values()):
                    if row.state == "sending":
                        self._send(simulation, row, repeat=True)
                    elif row.state == "planned":
                        self._send(simulation, row)
                assert self._step(simulation, now, "")

    def _step(self, simulation: Simulation, now: int, crash: str) -> bool:
        simulation.look(now, finds=False)
        self._store(simulation.board.cases.values())
        plan = simulation.decide(now, resting=True)
        if crash == "before-plan":
            return False
        rows = self._write(plan, now)
        if crash == "after-plan":
            return False
        self._store(plan.changed.values())
        if crash == "after-told":
            return False
        for row in rows:
            if crash == "before-sending":
                return False
            if crash == "after-send":
                row.state = "sending"
                self._hand_over(row, row.alert_ids, repeat=False)
                return False
            self._send(simulation, row)
        return True

    def _write(self, plan: Plan, now: int) -> list[_Row]:
        rows = []
        for message in plan.messages:
            ids = tuple(case.alert_id for case in message.cases)
            row = _Row(message.notice, ids, now)
            rows.append(row)
            self.ledger[message.notice.notice_id] = row
        return rows

    def _send(self, simulation: Simulation, row: _Row, *, repeat: bool = False) -> None:
        true = true_now(simulation.board, row.notice.kind, row.alert_ids)
        if not repeat:
            untold = set(row.alert_ids) - set(true)
            simulation.board.note_untold(untold, row.notice.person)
            row.alert_ids = true
            if not true:
                row.state = "dropped"
                return
        elif not true:
            row.state = "given_up"
            return
        row.state = "sending"
        self._hand_over(row, true, repeat=repeat)
        row.state = "sent"

    def _hand_over(self, row: _Row, ids: tuple[str, ...], *, repeat: bool) -> None:
        self.delivered.append((row.notice.repeated() if repeat else row.notice, ids))

    def _store(self, cases: Iterable[Case]) -> None:
        for case in cases:
            self.cases[case.alert_id] = copy.copy(case)

    def _told(self) -> Iterator[ToldRow]:
        for row in sorted(self.ledger.values(), key=lambda each: each.at):
            if row.state == "dropped":
                continue
            notice = row.notice
            for alert_id in row.alert_ids:
                yield ToldRow(
                    alert_id, notice.person, notice.role.value, notice.unit, notice.kind.value,
                    notice.notice_id, row.at * 1000,
                )  # fmt: skip

    def net(self) -> Counter[Pair]:
        """Delivered minus withdrawn; a marked repeat of a message counts as that message."""
        net: Counter[Pair] = Counter()
        seen: set[str] = set()
        for notice, ids in self.delivered:
            if notice.notice_id in seen:
                assert notice.is_repeat, "a second message must say that it is one"
                continue
            seen.add(notice.notice_id)
            sign = -1 if notice.kind is NoticeKind.WITHDRAWAL else 1
            for alert_id in ids:
                net[alert_id, notice.person] += sign
        return net

    def timeline(self) -> list[tuple[str, str, str]]:
        """(withdrawn or told, alert, person) in order, without repeats."""
        seen: set[str] = set()
        line = []
        for notice, ids in self.delivered:
            if notice.notice_id in seen:
                continue
            seen.add(notice.notice_id)
            word = "withdrawn" if notice.kind is NoticeKind.WITHDRAWAL else "told"
            line += [(word, alert_id, notice.person) for alert_id in ids]
        return line


# -- the oracle: no state but what it told; folds everything anew at every step -----------------


def name_of(dossier_id: str, crossing: Crossing) -> str:
    leg = f"#{crossing.leg}" if crossing.leg else ""
    return f"{crossing.rule}/{dossier_id}{leg}/{crossing.about}"


def true_at(events: list[EventRecord], now: int) -> set[Crossing]:
    """The crossings that stand at an instant for whoever knows these events."""
    if not events:
        return set()
    facts = fold(order_events(events), FOLD)
    stands = set()
    for crossing in crossings_of(facts, CALENDAR, LEAD_SECONDS):
        overtaken = (
            crossing.rule is Rule.DUE_SOON and facts.alarm is not None and (facts.alarm <= now)
        )
        if crossing.at <= now and not overtaken:
            stands.add(crossing)
    return stands


def was_true(events: list[EventRecord], crossing: Crossing) -> bool:
    """Whether these events, as far as they had happened, ever led to this crossing."""
    wanted = (crossing.rule, crossing.about, crossing.leg)
    for instant in {crossing.at, *(event.occurred + 1 for event in events)}:
        before = [event for event in events if event.occurred < instant]
        if instant < crossing.at or not before:
            continue
        if wanted in {(each.rule, each.about, each.leg) for each in true_at(before, instant)}:
            return True
    return False


def oracle(
    arrivals: Iterable[Arrival], stale: Stale, steps: int
) -> tuple[Counter[Pair], list[set[tuple[str, str, str]]]]:
    """Who knows when each event arrived: the net, and what is said at every step."""
    arrived = sorted(arrivals, key=lambda each: each[0])
    told: dict[tuple[str, Crossing], set[str]] = {}
    said: list[set[tuple[str, str, str]]] = []
    net: Counter[Pair] = Counter()
    for step in range(steps):
        now = START + step * STEP
        known: defaultdict[str, list[EventRecord]] = defaultdict(list)
        for known_at, dossier_id, event in arrived:
            if known_at <= now:
                known[dossier_id].append(event)
        now_said: set[tuple[str, str, str]] = set()
        for dossier_id, events in known.items():
            stands = true_at(events, now)
            for crossing in stands:
                if (dossier_id, crossing) not in told and not stale.holds(now):
                    hearers = HEARERS[crossing.rule]
                    told[dossier_id, crossing] = hearers
                    for person in hearers:
                        net[name_of(dossier_id, crossing), person] += 1
                        now_said.add(("told", name_of(dossier_id, crossing), person))
            for (of, crossing), hearers in list(told.items()):
                if of != dossier_id or crossing in stands:
                    continue
                if was_true(events, crossing):
                    continue
                del told[of, crossing]
                for person in hearers:
                    net[name_of(of, crossing), person] -= 1
                    now_said.add(("withdrawn", name_of(of, crossing), person))
        said.append(now_said)
    return net, said
