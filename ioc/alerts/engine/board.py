"""Everything that decisions are made from, in memory; the warehouse holds the same."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from ioc.alerts.engine.case import Case
from ioc.alerts.engine.dossier import Dossier
from ioc.alerts.engine.feeds import Feeds
from ioc.alerts.engine.silences import Silence
from ioc.alerts.notice import AnswerLine, NoticeKind
from schemas.alerting.names import Role


@dataclass(frozen=True, slots=True)
class Told:
    """That somebody was told of an alert and has not been told otherwise since."""

    person: str
    role: Role
    unit: str
    kind: NoticeKind


@dataclass(slots=True)
class Board:
    """State of the one process that delivers. Not for two threads at a time.

    Attributes:
        cases: every case that is open or may still be withdrawn.
        fresh: ids of the cases that somebody has still to be told of.
        told: alert -> person -> how; delivered minus withdrawn.
        answers: alert -> what was said.
        dossiers: dossier -> facts as last read.
        of_dossier: dossier -> ids of its cases.
        sent: person -> (epoch seconds, whether a summary) of recent messages.
    """

    cases: dict[str, Case] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)
    told: dict[str, dict[str, Told]] = field(default_factory=dict)
    answers: dict[str, list[AnswerLine]] = field(default_factory=dict)
    silences: list[Silence] = field(default_factory=list)
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    of_dossier: dict[str, set[str]] = field(default_factory=dict)
    sent: dict[str, deque[tuple[int, bool]]] = field(default_factory=dict)
    feeds: Feeds = field(default_factory=lambda: Feeds(0))

    def put(self, case: Case) -> None:
        """Take a case in, or replace it."""
        self.cases[case.alert_id] = case
        if case.dossier_id:
            self.of_dossier.setdefault(case.dossier_id, set()).add(case.alert_id)
        if self.is_owed(case):
            self.fresh.add(case.alert_id)

    def drop(self, alert_id: str) -> None:
        """Forget a case that can change no more."""
        case = self.cases.pop(alert_id, None)
        self.fresh.discard(alert_id)
        self.told.pop(alert_id, None)
        self.answers.pop(alert_id, None)
        if case is not None and case.dossier_id:
            ids = self.of_dossier.get(case.dossier_id, set())
            ids.discard(alert_id)
            if not ids:
                self.of_dossier.pop(case.dossier_id, None)
                self.dossiers.pop(case.dossier_id, None)

    def is_owed(self, case: Case) -> bool:
        """Whether somebody may have to be told: of the case, or that it is withdrawn."""
        if case.state.value == "withdrawn":
            return bool(self.told.get(case.alert_id))
        return not case.state.is_closed and not case.digest and not case.told_at

    def note_told(
        self, alert_ids: Iterable[str], person: str, role: Role, unit: str, kind: NoticeKind
    ) -> None:
        """Note what a message tells: a withdrawal takes back what was told before."""
        for alert_id in alert_ids:
            told = self.told.setdefault(alert_id, {})
            if kind is NoticeKind.WITHDRAWAL:
                told.pop(person, None)
            elif person not in told:
                told[person] = Told(person, role, unit, kind)

    def note_untold(self, alert_ids: Iterable[str], person: str) -> None:
        """Note that a message was never sent: its cases are owed again."""
        for alert_id in alert_ids:
            self.told.get(alert_id, {}).pop(person, None)
