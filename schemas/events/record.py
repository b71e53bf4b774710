"""`EventRecord`: the event as the fold sees it, integers instead of datetimes.

Datetimes live at the edges only; inside, times are whole seconds since 1970-01-01 UTC, except
`occurred_ms`, whose milliseconds decide order.
"""

from __future__ import annotations

from typing import NamedTuple

from schemas.calendar.limits import LimitUnit

#: Fixed numbers of the limit units, as stored in histories and tables.
LIMIT_UNITS: tuple[LimitUnit, ...] = (
    LimitUnit.WORKING_HOURS,
    LimitUnit.WORKING_DAYS,
    LimitUnit.DAYS,
    LimitUnit.MONTHS,
)
LIMIT_UNIT_CODES: dict[str, int] = {unit.value: code for code, unit in enumerate(LIMIT_UNITS)}
WORKING_HOURS_CODE = 0
DEFAULT_LIMIT_UNIT_CODE = 1


class LegRecord(NamedTuple):
    """One leg as an event tells it; None = not said."""

    number: int
    unit: str | None
    started: int | None
    due: int | None
    limit_unit: int | None
    ended: int | None


class EventRecord(NamedTuple):
    """One event, normalised; None = the event does not say.

    The order of the fields is the storage format of `dossiers.history`: append only.

    Attributes:
        source: sending system.
        event_id: identity within the source.
        content_hash: unsigned 64-bit hash of the payload; decides between two payloads of one id.
        status: national status code.
        occurred_ms: epoch milliseconds.
        sequence: counter of the source.
        limit_unit: index into `LIMIT_UNITS`.
        explicit_due: new date by apology or supplement, epoch seconds.
        apology: issue time of an apology, epoch seconds.
        backfill: old data that was loaded later; of two payloads of one identity the counting one
            is old data only if both are. Histories of earlier releases end before it.
    """

    source: str
    event_id: str
    content_hash: int
    status: int
    occurred_ms: int
    sequence: int | None
    receiver: str | None
    authority: str | None
    handler: str | None
    procedure: str | None
    field: str | None
    channel: int | None
    registered: int | None
    received: int | None
    due: int | None
    limit_unit: int | None
    explicit_due: int | None
    apology: int | None
    leg: LegRecord | None
    backfill: bool = False

    @property
    def occurred(self) -> int:
        """Epoch seconds of the event."""
        return self.occurred_ms // 1000
