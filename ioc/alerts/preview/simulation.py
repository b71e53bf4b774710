"""The engine on a clock that is moved: who would have been told what, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from ioc.alerts.engine.board import Board
from ioc.alerts.engine.case import Case
from ioc.alerts.engine.feeds import Feeds
from ioc.alerts.engine.gathering import Planned
from ioc.alerts.engine.judging import judge
from ioc.alerts.engine.planning import Plan, Planner
from ioc.alerts.finding.digest_times import DueDigest, due_digests
from ioc.alerts.finding.files import Candidate, found_files
from ioc.alerts.finding.units import backlog_signs, settle_units, silence_signs, threshold_signs
from ioc.alerts.preview.files import Files
from schemas.alerting.names import AlertRule
from schemas.calendar.local_time import date_of_day, local_day
from schemas.events.shard import shard_of
from streams.deadlines import Crossing, Rule, alert_id

FeedsAt = Callable[[int], Feeds]

#: A crossing older than this when first seen goes into digests (IOC_WORKER_DIGEST_AFTER_SECONDS).
_DIGEST_AFTER_SECONDS = 86_400


def all_heard(now: int) -> Feeds:
    """Return feeds of which everything is known: what a preview assumes."""
    return Feeds(complete_up_to=now)


@dataclass
class Simulation:
    """One run. The worker's part (which crossings come) and the alert process' part.

    Args:
        planner: rules and people.
        files: with the events that will become known.
        feeds_at: what is heard of the feeds at an instant.
        finds: whether to look for what workers do not raise.
    """

    planner: Planner
    files: Files
    feeds_at: FeedsAt = all_heard
    finds: bool = True
    board: Board = field(default_factory=Board)
    _raised: set[str] = field(default_factory=set)
    _digested: set[str] = field(default_factory=set)
    _growth: defaultdict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))
    _counted: dict[str, tuple[str, int, int]] = field(default_factory=dict)

    def tick(self, now: int, *, resting: bool = True) -> list[Planned]:
        """Let everything up to an instant happen and return the messages that go then."""
        self.look(now, finds=resting and self.finds)
        messages = self.decide(now, resting=resting).messages
        for message in messages:
            ids = [case.alert_id for case in message.cases]
            self.board.note_settled(ids, message.notice.person, message.notice.kind, now)
        return messages

    def look(self, now: int, *, finds: bool) -> None:
        """Take in what happened up to an instant."""
        self._judge(self.files.arrive(now), now)
        for dossier_id, crossing in self.files.crossed(now):
            self._raise(dossier_id, crossing, now)
        self._judge((case.dossier_id for case in self._unjudged()), now)
        self.board.feeds = self.feeds_at(now)
        if finds:
            self._find(now)

    def decide(self, now: int, *, resting: bool) -> Plan:
        """Plan on what was looked at."""
        return self.planner.plan(self.board, now, now_ms=now * 1000, resting=resting)

    def read_again(self, dossier_ids: Iterable[str], now: int) -> None:
        """Compare some files with their alerts, as right before a message goes."""
        self._judge(dossier_ids, now)

    def restart(self, board: Board, now: int) -> None:
        """Go on with a board that was read back, as a process that takes over does."""
        self.board = board
        self._judge({case.dossier_id for case in board.cases.values() if case.dossier_id}, now)

    def digests(self, now: int) -> Iterator[DueDigest]:
        """Yield the digests that go at an instant, each once."""
        planner = self.planner
        for due in due_digests(planner.rules.file, planner.people, planner.words.calendar, now):
            if due.notice_id not in self._digested:
                self._digested.add(due.notice_id)
                yield due

    def _unjudged(self) -> list[Case]:
        cases = (self.board.cases[each] for each in self.board.fresh)
        return [case for case in cases if case.dossier_id and case.seen < 0]

    def _judge(self, dossier_ids: Iterable[str], now: int) -> None:
        board = self.board
        for dossier_id in set(dossier_ids):
            file = self.files.files[dossier_id]
            if file.now is None:
                continue
            if self.finds:
                self._count_flow(dossier_id)
            if dossier_id not in board.of_dossier:
                continue
            board.dossiers[dossier_id] = file.now
            for each in board.of_dossier[dossier_id]:
                judge(board, board.cases[each], file.now, file.events.events, self.files.rules, now)
        # What was overtaken by the clock alone changes without an event.
        for case in [board.cases[each] for each in board.fresh]:
            known = self.files.files.get(case.dossier_id)
            if known is not None and known.now is not None and case.seen >= 0:
                judge(board, case, known.now, known.events.events, self.files.rules, now)

    def _raise(self, dossier_id: str, crossing: Crossing, now: int) -> None:
        identity = alert_id(dossier_id, crossing)
        if identity in self._raised or not self.planner.rules.of(AlertRule(crossing.rule.value)):
            return
        self._raised.add(identity)
        file = self.files.files[dossier_id].now
        assert file is not None  # noqa: S101 a crossing comes from a fold
        self.board.put(
            Case(
                alert_id=identity,
                rule=AlertRule(crossing.rule.value),
                dossier_id=dossier_id,
                shard=shard_of(dossier_id),
                unit=file.authority,
                handler=file.handler,
                receiver=file.receiver,
                field=file.field,
                procedure=file.procedure,
                leg=crossing.leg,
                about_at=crossing.about,
                crossed_at=crossing.at,
                raised_ms=now * 1000,
                digest=crossing.rule is not Rule.DUE_SOON
                and now - crossing.at > _DIGEST_AFTER_SECONDS,
            )
        )
        self.board.dossiers[dossier_id] = file

    def _find(self, now: int) -> None:
        planner, board = self.planner, self.board
        live = [
            file.now
            for file in self.files.files.values()
            if file.now is not None and file.now.live and not file.now.awaiting
        ]
        rows = [
            Candidate(
                d.dossier_id, d.shard, d.authority, d.handler, d.receiver, d.field, d.procedure,
                d.due_at, d.alarm_at, d.apologised, d.status,
                any(0 < leg.late_from <= now and not leg.ended_at for leg in d.legs),
            )
            for d in live
            if d.alarm_at and not d.paused
        ]  # fmt: skip
        calendar = planner.words.calendar
        cases = found_files(
            rows, planner.rules, planner.people, calendar, planner.default_lead_seconds,
            frozenset(), board.cases, now,
        )  # fmt: skip
        opened: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for each in live:
            opened[each.authority][0] += 1
            opened[each.authority][1] += 0 < each.alarm_at <= now
        signs = [
            *threshold_signs(
                ((unit, *counts) for unit, counts in sorted(opened.items())),
                planner.rules,
                planner.people,
                now,
            ),
            *backlog_signs(self._flow(now), planner.rules, planner.people, calendar, now),
            *silence_signs(board.feeds, ""),
        ]
        for case in [*cases, *settle_units(board, signs, now).new]:
            if case.alert_id not in board.cases:
                board.put(case)
        self._judge((case.dossier_id for case in self._unjudged()), now)

    def _count_flow(self, dossier_id: str) -> None:
        file = self.files.files[dossier_id]
        facts = file.facts
        if facts is None:
            return
        before = self._counted.get(dossier_id)
        came = local_day(facts.received_at) if facts.received and facts.received_at else 0
        went = local_day(facts.finished_at) if came and facts.finished_at else 0
        if before == (facts.authority, came, went):
            return
        changes = [((facts.authority, came), 1), ((facts.authority, went), -1)]
        if before is not None:
            changes += [((before[0], before[1]), -1), ((before[0], before[2]), 1)]
        for (unit, day), sign in changes:
            if day:
                self._growth[unit, day] += sign
        self._counted[dossier_id] = (facts.authority, came, went)

    def _flow(self, now: int) -> Iterator[tuple[str, str, int]]:
        today = local_day(now)
        for (unit, day), growth in sorted(self._growth.items()):
            if today - 60 <= day < today:
                yield unit, date_of_day(day).isoformat(), growth
