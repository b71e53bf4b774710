"""A dossier's life: the steps that happened to it, and the events that tell of them."""

from __future__ import annotations

from typing import Any, NamedTuple

from ioc.scenarios.case import Case
from ioc.scenarios.local_text import iso
from schemas.calendar import LimitUnit

Event = dict[str, Any]

PORTAL_SOURCE = "cong-dvc-tinh"
DESK_SOURCE = "motcua-tinh"


class NoFitError(Exception):
    """These dice cannot give the wanted outcome; throw them again."""


class Step(NamedTuple):
    """One thing that happened.

    Attributes:
        at: when it truly happened, epoch seconds; the stream is in this order.
        status: national status code.
        said: what its event says beyond identity, status and time, ready for JSON.
        by_portal: told by the portal, whose events carry no sequence.
        told_at: what a wrong clock says, None = the truth.
    """

    at: int
    status: int
    said: Event
    by_portal: bool = False
    told_at: int | None = None


class Life(NamedTuple):
    """A case with its steps, in the order in which they happened."""

    case: Case
    steps: tuple[Step, ...]


class Draft:
    """A life being made.

    Attributes:
        due: the due time that decides, after shifts and new dates; None = no due time.
        limit_unit: how the due time is read.
        interconnected: whether its procedure passes through several agencies.
    """

    __slots__ = ("case", "due", "interconnected", "limit_unit", "received", "steps")

    def __init__(self, case: Case) -> None:
        self.case = case
        self.steps: list[Step] = []
        self.received = 0
        self.due: int | None = None
        self.limit_unit = LimitUnit.WORKING_DAYS
        self.interconnected = False

    @property
    def last(self) -> int:
        """Time of the last step."""
        return self.steps[-1].at

    def add(self, at: int | None, status: int, said: Event | None = None) -> int:
        """Add a step by the desk; raises `NoFitError` if there is no time for it."""
        if at is None or (self.steps and at <= self.steps[-1].at):
            raise NoFitError
        self.steps.append(Step(at, status, said or {}))
        return at

    def life(self, before: int) -> Life:
        """Return the finished life; raises `NoFitError` if a step is not before the instant."""
        if self.steps[-1].at >= before:
            raise NoFitError
        return Life(self.case, tuple(self.steps))


def event_of(
    step: Step, *, event_id: str, dossier_id: str, source: str, sequence: int | None
) -> Event:
    """Return a step's event, ready for JSON."""
    event: Event = {
        "event_id": event_id,
        "source": source,
        "dossier_id": dossier_id,
        "status": step.status,
        "occurred_at": iso(step.at if step.told_at is None else step.told_at),
    }
    if sequence is not None:
        event["sequence"] = sequence
    event.update(step.said)
    return event
