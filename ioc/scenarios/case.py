"""What a scenario decides about a dossier before it gives it a life."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    """How a dossier stands at the scenario's end; the names are those of `Counts`."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    NO_DUE = "no_due"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    IN_TIME = "in_time"
    OVERDUE = "overdue"
    PAUSED_SUPPLEMENT = "paused_supplement"
    PAUSED_PAYMENT = "paused_payment"
    AWAITING = "awaiting"
    RECEIPT_OVERDUE = "receipt_overdue"
    REFUSED = "refused"
    CLOSED_UNRECEIVED = "closed_unreceived"


RESOLVED = frozenset({Outcome.EARLY, Outcome.ON_TIME, Outcome.LATE, Outcome.NO_DUE})
UNRECEIVED = frozenset(
    {Outcome.AWAITING, Outcome.RECEIPT_OVERDUE, Outcome.REFUSED, Outcome.CLOSED_UNRECEIVED}
)


class Twist(StrEnum):
    """Something that happens on the way and does not change the outcome."""

    SUPPLEMENT = "supplement"
    SUPPLEMENT_NEW_DATE = "supplement_new_date"
    TWO_SUPPLEMENTS = "two_supplements"
    PAYMENT = "payment"
    APOLOGY = "apology"
    APOLOGY_NEW_DATE = "apology_new_date"
    REOPENED = "reopened"
    INTERCONNECTED = "interconnected"
    CORRECTED_RECEIPT = "corrected_receipt"
    CORRECTED_UNIT = "corrected_unit"
    OLD_CODE = "old_code"
    SLOW_CLOCK = "slow_clock"
    ONLY_RETURNED = "only_returned"
    SAME_DAY = "same_day"
    HOURS = "hours"


#: Twists that need a result to happen before it.
_TO_A_RESULT = frozenset(
    {
        Twist.SUPPLEMENT,
        Twist.SUPPLEMENT_NEW_DATE,
        Twist.TWO_SUPPLEMENTS,
        Twist.PAYMENT,
        Twist.REOPENED,
        Twist.ONLY_RETURNED,
        Twist.SAME_DAY,
        Twist.HOURS,
    }
)
_JUDGED = (Outcome.EARLY, Outcome.ON_TIME, Outcome.LATE)
_APOLOGIES = frozenset({Twist.APOLOGY, Twist.APOLOGY_NEW_DATE})


class Case(NamedTuple):
    """One dossier, decided: a life that fits is looked for.

    Attributes:
        unit: code of the authority, as the fold will resolve it.
        outcome: how it must stand at the end.
        carried: received before the scenario's start.
        channel: 1 counter, 2 online, 3 postal.
        receipt_late: received more than 8 working hours after registration.
        uncollected: resolved and never handed over.
        twist: something that must happen on the way; None = chance decides.
    """

    unit: str
    outcome: Outcome
    carried: bool
    channel: int
    receipt_late: bool
    uncollected: bool
    twist: Twist | None = None


def twist_fits(twist: Twist, case: Case) -> bool:
    """Whether a twist can happen to a dossier of this outcome."""
    outcome = case.outcome
    if outcome in UNRECEIVED or outcome in (Outcome.PAUSED_SUPPLEMENT, Outcome.PAUSED_PAYMENT):
        return twist is Twist.OLD_CODE
    if twist in _APOLOGIES:
        return outcome in (Outcome.LATE, Outcome.OVERDUE) or (
            twist is Twist.APOLOGY_NEW_DATE and outcome in (Outcome.ON_TIME, Outcome.IN_TIME)
        )
    if twist is Twist.ONLY_RETURNED and case.uncollected:
        return False
    if twist in (Twist.SAME_DAY, Twist.HOURS):
        return outcome is Outcome.ON_TIME
    if twist in _TO_A_RESULT:
        return outcome in _JUDGED
    if twist is Twist.INTERCONNECTED:
        return outcome in _JUDGED or outcome in (Outcome.IN_TIME, Outcome.OVERDUE)
    return True
