"""Which messages are due: first ones, withdrawals, and the next ones up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ioc.alerts.engine.board import Board, Told
from ioc.alerts.engine.case import Case
from ioc.alerts.engine.escalating import Step, heard_again, next_step
from ioc.alerts.engine.gathering import Pending, Planned, gather
from ioc.alerts.engine.hearers import Hearers
from ioc.alerts.engine.holding import is_held, is_working_time, stale_since, unheard_since
from ioc.alerts.engine.items import Wording
from ioc.alerts.engine.recipients import steps_up
from ioc.alerts.engine.rulebook import Rulebook
from ioc.alerts.notice import NoticeKind
from ioc.alerts.people_book import PeopleBook, Recipient
from schemas.alerting.names import AlertRule, CaseState
from schemas.alerting.rules_model import Rule


@dataclass
class Plan:
    """What one look at the board led to.

    Attributes:
        messages: in the order in which they should go.
        changed: cases that must be stored, by id.
    """

    messages: list[Planned] = field(default_factory=list)
    changed: dict[str, Case] = field(default_factory=dict)


@dataclass(frozen=True)
class Planner:
    """The rules of one province; its methods change the board and nothing else."""

    rules: Rulebook
    people: PeopleBook
    words: Wording
    default_lead_seconds: int

    def plan(self, board: Board, now: int, *, now_ms: int, resting: bool = False) -> Plan:
        """Return the messages that are due now and note them on the board as told.

        Args:
            board: cases with the facts of their dossiers as read.
            now: epoch seconds.
            now_ms: the same in milliseconds, for the measure of delays.
            resting: also look at cases whose first message went out: does the next one hear?
        """
        plan = Plan()
        hearers = Hearers(self.rules, self.people, now)
        pending: dict[str, list[Pending]] = {}
        complete: dict[str, Case] = {}
        for alert_id in sorted(board.fresh):
            case = board.cases[alert_id]
            if case.state is CaseState.WITHDRAWN:
                self._withdraw(board, case, pending, hearers, now, now_ms)
            elif not case.state.is_closed:
                self._first(board, case, pending, complete, plan, hearers, now, now_ms)
            else:
                board.fresh.discard(alert_id)
        if resting and is_working_time(self.words.calendar, now):
            for case in board.cases.values():
                if case.told_at and not case.state.is_closed and not case.digest:
                    self._next_up(board, case, pending, plan, hearers, now, now_ms)
        plan.messages = gather(board, pending, self.rules.file.delivery, self.words, now)
        self._note(board, plan, complete, hearers, now)
        return plan

    def _withdraw(
        self,
        board: Board,
        case: Case,
        pending: dict[str, list[Pending]],
        hearers: Hearers,
        now: int,
        now_ms: int,
    ) -> None:
        told = board.told.get(case.alert_id, {})
        if not told:
            board.fresh.discard(case.alert_id)
            return
        rule = hearers.rule_of(case)
        urgent = rule is not None and rule.urgent
        if not urgent and not is_working_time(self.words.calendar, now):
            return
        _mark_due(case, now, now_ms)
        for one in told.values():
            person = self.people.get(one.person)
            if person is not None:
                recipient = Recipient(person, one.role, one.unit)
                pending.setdefault(one.person, []).append(
                    Pending(case, recipient, NoticeKind.WITHDRAWAL, urgent)
                )

    def _first(
        self,
        board: Board,
        case: Case,
        pending: dict[str, list[Pending]],
        complete: dict[str, Case],
        plan: Plan,
        hearers: Hearers,
        now: int,
        now_ms: int,
    ) -> None:
        rule = hearers.rule_of(case)
        if rule is None:
            board.fresh.discard(case.alert_id)
            return
        if board.told.get(case.alert_id) and not _missing(board, case, rule, hearers):
            # It came back, and who should hear of it does know: there is nothing to hold.
            complete[case.alert_id] = case
            return
        unknown = case.unknown_since
        held = is_held(
            board,
            case,
            rule,
            self.rules,
            self.people,
            self.words.calendar,
            self.default_lead_seconds,
            now,
        )
        if case.unknown_since != unknown:
            plan.changed[case.alert_id] = case
        if held:
            case.ready_at = 0
            return
        _mark_due(case, now, now_ms)
        kind = _first_kind(case)
        for one in _missing(board, case, rule, hearers):
            entry = Pending(case, one, kind, rule.urgent)
            pending.setdefault(one.person.person_id, []).append(entry)
        complete[case.alert_id] = case

    def _next_up(
        self,
        board: Board,
        case: Case,
        pending: dict[str, list[Pending]],
        plan: Plan,
        hearers: Hearers,
        now: int,
        now_ms: int,
    ) -> None:
        rule = hearers.rule_of(case)
        if rule is None or rule.escalate is None:
            return
        if case.level >= rule.escalate.levels:
            return
        calendar = self.words.calendar
        step_up = next_step(board, case, rule.escalate, self.people, calendar, now)
        if step_up is Step.STALE:
            if not case.unknown_since:
                case.unknown_since = stale_since(board, case)
                plan.changed[case.alert_id] = case
            return
        if case.unknown_since and not unheard_since(board, case, case.crossed_at):
            heard_again(board, case, calendar, now)
            plan.changed[case.alert_id] = case
            return
        if step_up is Step.NOT_YET:
            return
        told = board.told.get(case.alert_id, {})
        for number, step in enumerate(steps_up(case, self.people, now), start=1):
            if number <= case.level:
                continue
            fresh = [one for one in step if one.person.person_id not in told]
            if not fresh:
                continue
            # Gathered already: all that goes up now goes with this look.
            case.due_ms = now_ms
            for one in fresh:
                pending.setdefault(one.person.person_id, []).append(
                    Pending(case, one, NoticeKind.ESCALATION, rule.urgent, number)
                )
            return
        case.level = rule.escalate.levels  # nobody is left
        plan.changed[case.alert_id] = case

    def may_go_up(self, board: Board, case: Case, level: int, now: int) -> bool:
        """Whether a step up that was planned before may still take place."""
        rule = Hearers(self.rules, self.people, now).rule_of(case)
        if rule is None or rule.escalate is None:
            return False
        calendar = self.words.calendar
        step_up = next_step(board, case, rule.escalate, self.people, calendar, now, level)
        return step_up is Step.NOW

    def _note(
        self, board: Board, plan: Plan, complete: dict[str, Case], hearers: Hearers, now: int
    ) -> None:
        for message in plan.messages:
            notice = message.notice
            for case, level in zip(message.cases, message.levels, strict=True):
                one = Told(notice.person, notice.role, notice.unit, notice.kind, level, now)
                board.note_told((case.alert_id,), one)
                if level:
                    case.level = max(case.level, level)
                    plan.changed[case.alert_id] = case
                elif case.state is CaseState.WITHDRAWN:
                    plan.changed[case.alert_id] = case
        waiting = _still_waiting(board, complete.values(), hearers)
        for alert_id, case in complete.items():
            if alert_id in waiting:
                continue
            case.told_at = now
            board.fresh.discard(alert_id)
            plan.changed[alert_id] = case
        for alert_id in [a for a in board.fresh if not board.is_owed(board.cases[a])]:
            board.fresh.discard(alert_id)


def _missing(board: Board, case: Case, rule: Rule, hearers: Hearers) -> list[Recipient]:
    """Return who hears of a case first and has not been told."""
    told = board.told.get(case.alert_id, {})
    return [one for one in hearers.first_told(case, rule) if one.person.person_id not in told]


def _still_waiting(board: Board, cases: Iterable[Case], hearers: Hearers) -> set[str]:
    waiting: set[str] = set()
    for case in cases:
        rule = hearers.rule_of(case)
        if rule is not None and _missing(board, case, rule, hearers):
            waiting.add(case.alert_id)
    return waiting


def _mark_due(case: Case, now: int, now_ms: int) -> None:
    if not case.ready_at:
        case.ready_at = now
        case.due_ms = now_ms
    case.due_ms = case.due_ms or now_ms


def _first_kind(case: Case) -> NoticeKind:
    if case.rule is AlertRule.SILENT_DESK:
        return NoticeKind.TECHNICIAN
    return NoticeKind.UNIT if case.rule.is_about_unit else NoticeKind.SINGLE
