"""What the fold says about one dossier. Times are epoch seconds; None = there is none."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Phase(IntEnum):
    """Where a dossier stands; the numbers are those of the column `dossiers.phase`."""

    AWAITING = 1
    PROCESSING = 2
    SUPPLEMENT = 3
    PAYMENT = 4
    RESOLVED = 5
    REFUSED = 6
    WITHDRAWN = 7
    STOPPED = 8


class Verdict(IntEnum):
    """Desk rule's verdict on a resolved dossier; the numbers of `dossiers.verdict`."""

    NONE = 0
    EARLY = 1
    ON_TIME = 2
    LATE = 3
    NO_DUE = 4


class LegFacts(NamedTuple):
    """One leg of an interconnected dossier; `late_from` is the first late second."""

    number: int
    unit: str
    started: int
    due: int | None
    ended: int | None
    late_from: int | None


class Facts(NamedTuple):
    """State of one dossier.

    Attributes:
        live: neither resolved nor finished otherwise.
        received: counts as received (3 never does, nor a 7 that follows 1 directly).
        due: desk rule's due time: the explicit date, or the promise shifted by pauses.
        explicit: `due` is an explicit new date.
        alarm: first second at which the live dossier is late; None = its clock stands.
        late_from: first late second after `due`, whatever the phase; None = no due time.
        national_late_from: day number from which it is late under Decision 766; None = never.
        supplement_seconds, payment_seconds: working seconds of closed pauses.
        last_occurred: `occurred_at` of the last event in order.
        source: source of the last event in order.
        backfill: all events are old data that were loaded later; nobody is told of it singly.
    """

    phase: Phase
    status: int
    live: bool
    received: bool
    receiver: str
    authority: str
    handler: str
    procedure: str
    field: str
    channel: int
    registered_at: int | None
    received_at: int | None
    first_due: int | None
    due: int | None
    limit_unit: int
    explicit: bool
    apologised: bool
    result_at: int | None
    returned_at: int | None
    finished_at: int | None
    verdict: Verdict
    receipt_due: int | None
    receipt_late: bool
    supplement_seconds: int
    payment_seconds: int
    supplements: int
    paused_since: int | None
    alarm: int | None
    late_from: int | None
    national_late_from: int | None
    legs: tuple[LegFacts, ...]
    last_occurred: int
    source: str
    backfill: bool
