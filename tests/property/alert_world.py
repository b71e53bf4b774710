"""A small world for alerts: files, feeds, a ledger in memory, crashes."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ioc.alerts.delivery.checking import still_true
from ioc.alerts.engine.answers import state_of
from ioc.alerts.engine.board import Board
from ioc.alerts.engine.case import Case
from ioc.alerts.engine.feeds import Feeds
from ioc.alerts.engine.items import Wording
from ioc.alerts.engine.planning import Plan, Planner
from ioc.alerts.engine.rulebook import Rulebook
from ioc.alerts.engine.silences import Silence
from ioc.alerts.notice import AnswerKind, AnswerLine, Notice, NoticeKind
from ioc.alerts.people import Person, Post, Role
from ioc.alerts.people_book import PeopleBook
from ioc.alerts.preview.files import Files
from ioc.alerts.preview.simulation import Simulation
from ioc.alerts.service.left_over import sort_out
from ioc.alerts.store.ledger import Delivery, DeliveryState
from ioc.alerts.store.loading import ToldRow, restore_board
from schemas.alerting.rules_model import RulesFile
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.events import EventRecord
from schemas.reference import ProcedureRegistry, UnitRegistry
from streams.fold import FoldRules

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
Arrival = tuple[int, str, EventRecord]
Pair = tuple[str, str]


def planner(rules: RulesFile = RULES, people: PeopleBook = PEOPLE) -> Planner:
    return Planner(Rulebook(rules), people, Wording(UNITS, PROCEDURES, CALENDAR), LEAD_SECONDS)


@dataclass(frozen=True)
class Stale:
    """Spans of steps: the one source is silent, a server is away, or a silence holds."""

    spans: tuple[tuple[int, int], ...] = ()

    def holds(self, now: int) -> bool:
        return any(START + a * STEP <= now < START + b * STEP for a, b in self.spans)

    def feeds(self, now: int) -> Feeds:
        return Feeds(now, {SOURCE: now - 1} if self.holds(now) else {})


UNSENT = (DeliveryState.PLANNED, DeliveryState.SENDING, DeliveryState.WAITING)

# -- the system: the real decisions, with storage and sending in memory -----------------------


@dataclass
class World:
    """The alert process on a clock, dying where it is told to.

    Attributes:
        crashes: step -> where it dies in that step.
        away: spans of steps in which the channel's server is away.
        hushed: spans of steps that a silence of the unit covers.
        answered: step and file: whoever was told acknowledges all that was told of the file.
        delivered: step, message and its alerts, in order.
    """

    arrivals: Iterable[Arrival]
    stale: Stale
    crashes: Mapping[int, str]
    away: Stale = Stale()
    hushed: Stale = Stale()
    answered: Sequence[tuple[int, str]] = ()
    planner: Planner = field(default_factory=planner)
    delivered: list[tuple[int, Notice, tuple[str, ...]]] = field(default_factory=list)
    cases: dict[str, Case] = field(default_factory=dict)
    ledger: dict[str, Delivery] = field(default_factory=dict)
    answers: dict[str, list[AnswerLine]] = field(default_factory=dict)
    queue: list[Delivery] = field(default_factory=list)

    def run(self, steps: int) -> None:
        files = Files(FOLD, LEAD_SECONDS)
        for known_at, dossier_id, event in self.arrivals:
            files.expect(dossier_id, event, known_at)
        simulation = Simulation(self.planner, files, self.stale.feeds, finds=False)
        self._hush(simulation.board)
        for step in range(steps):
            now = START + step * STEP
            self._answer(simulation.board, step, now)
            if not self._step(simulation, now, self.crashes.get(step, "")):
                self._take_over(simulation, now)
                assert self._step(simulation, now, "")

    def _take_over(self, simulation: Simulation, now: int) -> None:
        """Whoever takes over finds what was stored, and what the topic holds."""
        told = list(self._told())
        unsent = [copy.copy(each) for each in self.ledger.values() if each.state in UNSENT]
        over, self.queue = sort_out(unsent, told, 0)
        self._write(over, now)
        for each in self.queue:
            each.repeat = each.repeat or each.state is DeliveryState.SENDING
        board = restore_board(map(copy.copy, self.cases.values()), self._told())
        board.answers = {key: list(lines) for key, lines in self.answers.items()}
        self._hush(board)
        simulation.restart(board, now)
        self._store(simulation.board.cases.values())

    def _hush(self, board: Board) -> None:
        board.silences = [
            Silence(f"{a}", UNIT, "", START + a * STEP, START + b * STEP)
            for a, b in self.hushed.spans
        ]

    def _answer(self, board: Board, step: int, now: int) -> None:
        told = {alert_id for _, _, ids in self.delivered for alert_id in ids}
        for at, name in self.answered:
            for alert_id in sorted(told) if at == step else ():
                if alert_id.split("/")[1].partition("#")[0] != name:
                    continue
                line = AnswerLine(AnswerKind.ACKNOWLEDGED, Role.HANDLER_LEAD, "lead", now)
                self.answers.setdefault(alert_id, []).append(line)
                board.answers.setdefault(alert_id, []).append(line)
                case = board.cases.get(alert_id)
                if case is not None and not case.state.is_closed:
                    case.state = state_of(board.answers[alert_id])
                    self._store([case])

    def _step(self, simulation: Simulation, now: int, crash: str) -> bool:
        simulation.look(now, finds=False)
        self._store(simulation.board.cases.values())
        plan = simulation.decide(now, resting=True)
        if crash == "before-plan":
            return False
        planned = list(_deliveries(plan))
        self._write(planned, now)
        if crash == "after-plan":
            return False
        self._store(plan.changed.values())
        if crash == "after-told":
            return False
        queued = {each.delivery_id for each in self.queue}
        self.queue += [each for each in planned if each.delivery_id not in queued]
        return self._send(simulation, now, crash)

    def _send(self, simulation: Simulation, now: int, crash: str) -> bool:
        while self.queue and not self.away.holds(now):
            if crash == "before-sending":
                return False
            delivery, board = self.queue[0], simulation.board
            simulation.read_again(
                {
                    board.cases[each].dossier_id
                    for each in delivery.alert_ids
                    if each in board.cases
                },
                now,
            )
            notice, changed = still_true(self.planner, board, delivery, now)
            self._store(changed)
            if notice is None:
                is_doubtful = delivery.repeat
                delivery.state = DeliveryState.GIVEN_UP if is_doubtful else DeliveryState.DROPPED
            else:
                told = notice.repeated() if delivery.repeat else notice
                self.delivered.append(((now - START) // STEP, told, delivery.alert_ids))
                delivery.state = DeliveryState.SENDING
                if crash == "after-send":
                    self._write([delivery], now)
                    return False
                delivery.state = DeliveryState.SENT
            if delivery.state is not DeliveryState.DROPPED:
                person, kind = delivery.notice.person, delivery.notice.kind
                board.note_settled(delivery.alert_ids, person, kind, now)
            self._write([delivery], now)
            self.queue.pop(0)
        return True

    def _write(self, deliveries: Iterable[Delivery], now: int) -> None:
        for each in deliveries:
            each.planned_ms = each.planned_ms or now * 1000
            each.changed_ms = now * 1000
            self.ledger[each.delivery_id] = copy.copy(each)

    def _store(self, cases: Iterable[Case]) -> None:
        for case in cases:
            self.cases[case.alert_id] = copy.copy(case)

    def _told(self) -> Iterator[ToldRow]:
        for each in sorted(self.ledger.values(), key=lambda each: each.planned_ms):
            notice = each.notice
            for alert_id in each.alert_ids:
                yield ToldRow(
                    alert_id, notice.person, notice.role.value, notice.unit, notice.kind.value,
                    notice.notice_id, each.state.value, each.planned_ms, each.changed_ms,
                )  # fmt: skip

    def net(self) -> Counter[Pair]:
        """Delivered minus withdrawn; a marked repeat of a message counts as that message."""
        net: Counter[Pair] = Counter()
        seen: set[str] = set()
        for _, notice, ids in self.delivered:
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
        for _, notice, ids in self.delivered:
            if notice.notice_id in seen:
                continue
            seen.add(notice.notice_id)
            word = "withdrawn" if notice.kind is NoticeKind.WITHDRAWAL else "told"
            line += [(word, alert_id, notice.person) for alert_id in ids]
        return line


def _deliveries(plan: Plan) -> Iterator[Delivery]:
    for message in plan.messages:
        ids = tuple(case.alert_id for case in message.cases)
        rounds = tuple(case.round for case in message.cases)
        yield Delivery(message.notice, "email", ids, rounds, message.due_ms)
