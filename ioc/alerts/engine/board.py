"""Everything that decisions are made from, in memory; the warehouse holds the same."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ioc.alerts.engine.case import Case
from ioc.alerts.engine.dossier import Dossier
from ioc.alerts.engine.feeds import Feeds
from ioc.alerts.engine.silences import Silence
from ioc.alerts.notice import AnswerLine, NoticeKind
from schemas.alerting.names import Role


@dataclass(frozen=True, slots=True)
class Told:
    """That somebody was told of an alert and has not been told otherwise since.

    Attributes:
        level: steps up the chain.
        planned_at: epoch seconds at which it was decided.
        settled_at: epoch seconds at which a channel took the message or the last one gave it up;
            0 = it is on its way.
    """

    person: str
    role: Role
    unit: str
    kind: NoticeKind
    level: int = 0
    planned_at: int = 0
    settled_at: int = 0


@dataclass(slots=True)
class Board:
    """State of the one process that delivers. Not for two threads at a time.

    Attributes:
        cases: every case that is open or may still be withdrawn.
        fresh: ids of the cases that somebody has still to be told of.
        told: alert -> person -> how; delivered minus withdrawn.
        taken_back: alert -> person -> how; a withdrawal of it is on its way.
        answers: alert -> what was said.
        dossiers: dossier -> facts as last read.
        of_dossier: dossier -> ids of its cases.
        sent: person -> (epoch seconds, whether a summary) of recent messages.
    """

    cases: dict[str, Case] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)
    told: dict[str, dict[str, Told]] = field(default_factory=dict)
    taken_back: dict[str, dict[str, Told]] = field(default_factory=dict)
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
        self.taken_back.pop(alert_id, None)
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

    def note_told(self, alert_ids: Iterable[str], one: Told) -> None:
        """Note what a message tells: a withdrawal takes back what was told before."""
        for alert_id in alert_ids:
            told = self.told.setdefault(alert_id, {})
            if one.kind is not NoticeKind.WITHDRAWAL:
                told.setdefault(one.person, one)
            elif one.person in told:
                taken_back = self.taken_back.setdefault(alert_id, {})
                taken_back[one.person] = told.pop(one.person)

    def note_settled(
        self, alert_ids: Iterable[str], person: str, kind: NoticeKind, at: int
    ) -> None:
        """Note that a message was sent, or given up for good."""
        for alert_id in alert_ids:
            told = self.told.get(alert_id, {})
            if kind is NoticeKind.WITHDRAWAL:
                before, case = self._forget_back(alert_id, person), self.cases.get(alert_id)
                if before is not None and told.get(person) is before:
                    # It came back while the withdrawal was under way: it has to be told anew.
                    del told[person]
                    if case is not None:
                        case.told_at = case.ready_at = 0
                        self.put(case)
                continue
            for place in (told, self.taken_back.get(alert_id, {})):
                if person in place and not place[person].settled_at:
                    place[person] = replace(place[person], settled_at=at)

    def note_untold(self, alert_ids: Iterable[str], person: str, kind: NoticeKind) -> list[Case]:
        """Note that a message was never sent: its cases are owed again; return those that changed.

        A step up that did not take place is no step: it is asked for again. A withdrawal that did
        not take place leaves told what was told.
        """
        changed: list[Case] = []
        for alert_id in alert_ids:
            told = self.told.setdefault(alert_id, {})
            if kind is NoticeKind.WITHDRAWAL:
                before = self._forget_back(alert_id, person)
                if before is not None:
                    told.setdefault(person, before)
                continue
            # It may have been withdrawn meanwhile: nobody hears that of what they never heard of.
            never = told.pop(person, None) or self._forget_back(alert_id, person)
            case = self.cases.get(alert_id)
            if never is None or case is None or not never.level or never.level != case.level:
                continue
            if not any(one.level == never.level for one in told.values()):
                case.level = never.level - 1
                changed.append(case)
        return changed

    def note_back(self, alert_id: str) -> None:
        """Note that a withdrawn case stands again: whom nothing reached meanwhile knows of it."""
        for person, one in self.taken_back.get(alert_id, {}).items():
            self.told.setdefault(alert_id, {}).setdefault(person, one)

    def _forget_back(self, alert_id: str, person: str) -> Told | None:
        taken_back = self.taken_back.get(alert_id, {})
        before = taken_back.pop(person, None)
        if not taken_back:
            self.taken_back.pop(alert_id, None)
        return before
