"""What one message to one person is about, before it has words.

A notice is plain data without contact details: it is kept in the delivery ledger as it is, so
that whoever takes over from a killed process sends the very same message.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from schemas.alerting.names import AlertRule, Cause, Role

#: Codes of files beyond its items that one message lists; no mailbox is to choke on a message.
MOST_CODES = 3_000


class NoticeKind(StrEnum):
    """Which message it is."""

    SINGLE = "single"
    GROUP = "group"
    ESCALATION = "escalation"
    WITHDRAWAL = "withdrawal"
    UNIT = "unit"
    TECHNICIAN = "technician"
    SUMMARY = "summary"
    DIGEST = "digest"
    WEEKLY = "weekly"


class AnswerKind(StrEnum):
    """How somebody answered."""

    ACKNOWLEDGED = "acknowledged"
    EXPLAINED = "explained"


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer that was given so far.

    Attributes:
        expected_on: ISO date, "" = none.
        made_at: epoch seconds.
    """

    kind: AnswerKind
    role: Role
    person: str
    made_at: int
    cause: Cause | None = None
    note: str = ""
    expected_on: str = ""


@dataclass(frozen=True, slots=True)
class AlertItem:
    """One alert in a notice. Times are epoch seconds, 0 = none.

    Attributes:
        dossier_id: "" for alerts about a unit.
        unit, unit_name: the authority; for alerts about a unit, that unit.
        handler, handler_name: who has the file now; the leg's agency for a leg.
        late_seconds: working seconds since it became late, 0 = not late.
        late_days: working days begun since the due day, as the wording counts them.
        left_seconds: working seconds until it is late, 0 = late.
        unknown_since: since when its feed is silent or behind, 0 = the feed is heard.
        waited_seconds: of an escalation: working seconds without an answer.
        value, threshold: of alerts about a unit: share (0–1) or number; days for a backlog;
            working hours of silence for a silent desk.
        since_at: of a silent desk: last event; of a backlog: first day that grew.
        why: of a withdrawal: `done_in_time`, `due_changed`, `not_received` (it is no file to be
            late with), `not_late`.
        may_answer: whether a link to answer belongs into the message.
    """

    alert_id: str
    rule: AlertRule
    unit: str
    unit_name: str
    dossier_id: str = ""
    handler: str = ""
    handler_name: str = ""
    procedure: str = ""
    procedure_name: str = ""
    field: str = ""
    due_at: int = 0
    crossed_at: int = 0
    late_seconds: int = 0
    late_days: int = 0
    left_seconds: int = 0
    apologised: bool = False
    leg: int = 0
    answers: tuple[AnswerLine, ...] = ()
    unknown_since: int = 0
    waited_seconds: int = 0
    value: float = 0.0
    threshold: float = 0.0
    since_at: int = 0
    why: str = ""
    may_answer: bool = True


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One line of a digest: a unit, what worsened, who holds most of it and why.

    Attributes:
        overdue_before: overdue at the end of the period before.
        cause: `processing`, `handler`, `leg`, `supplement` or `payment`: of most of them.
        cause_files: how many of the overdue ones have that cause.
    """

    unit: str
    unit_name: str
    overdue: int
    overdue_before: int
    without_apology: int
    due_soon: int
    holder: str = ""
    holder_name: str = ""
    cause: str = ""
    cause_files: int = 0
    explained: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """The figures of a digest; its files are the notice's items.

    Attributes:
        day: ISO date on whose morning it is sent.
        since_day: ISO date with which it is compared.
        complete_up_to: epoch seconds up to which the figures are complete.
        silent: names of the desks and sources that are silent.
        more_units: units with overdue files that have no line.
        unsure: files that count as overdue as far as is known, of silent desks and sources; they
            stand in no other figure.
        unsure_since: epoch seconds since when nothing is known of them.
    """

    day: str
    since_day: str
    complete_up_to: int
    overdue: int
    overdue_before: int
    without_apology: int
    due_soon: int
    lines: tuple[DigestLine, ...] = ()
    silent: tuple[str, ...] = ()
    more_units: int = 0
    unsure: int = 0
    unsure_since: int = 0


@dataclass(frozen=True, slots=True)
class OutsideAlert:
    """An alert of another system that goes through the same channels.

    Attributes:
        source: the system, e.g. `grafana`.
        starts_at: epoch seconds.
    """

    source: str
    title: str
    text: str
    is_firing: bool
    starts_at: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one person.

    Attributes:
        notice_id: same facts, same id: made from kind, person and what it is about.
        person, role, unit, unit_name: whom it is for, as what, of which unit.
        deputy_for: id of the absent person whose deputy gets it, "" = nobody's.
        made_at: epoch seconds.
        items: the alerts; in a large group only the first of `total`.
        total: how many alerts it stands for.
        counts: how many of them are of which rule; empty = as the items say.
        others: codes of the files beyond the items, as many as one message may list.
        is_repeat: it may have arrived before.
    """

    kind: NoticeKind
    notice_id: str
    person: str
    role: Role
    unit: str
    unit_name: str
    language: str
    made_at: int
    items: tuple[AlertItem, ...] = ()
    total: int = 0
    deputy_for: str = ""
    digest: Digest | None = None
    outside: OutsideAlert | None = None
    is_urgent: bool = False
    is_repeat: bool = False
    counts: tuple[tuple[AlertRule, int], ...] = ()
    others: tuple[str, ...] = ()

    def repeated(self) -> Notice:
        """Return the same notice, marked as one that may have arrived before."""
        return replace(self, is_repeat=True)
