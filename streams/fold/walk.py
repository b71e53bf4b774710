"""The walk over a dossier's ordered events: what the fold remembers from one event to the next."""

from __future__ import annotations

from schemas.events import EventRecord
from schemas.events.record import DEFAULT_LIMIT_UNIT_CODE


class Walk:
    """What is known after some events, in order; another event may follow at the end.

    Keeping it makes the usual case, one more event behind all others, independent of the length
    of the history. Not thread-safe.

    Attributes:
        count: events walked so far.
        accepted: the dossier was accepted (docs/fold.md section 4).
        nine, ten: time of the first 9 and 10 since the last 2, 4 or 5; `nine_index` and
            `ten_index` their places.
        end: first 3, 7 or 8 since the last live status, as (status, time, place).
        end_after_one: the same, but counted from the last 1 as well: it decides for a dossier
            that was never accepted.
        is_backfill: all of the events are old data that were loaded later.
        live_status: last of 2, 4, 5, 6 that counts.
        receipt_due: end of the time for the receipt of a file registered at `receipt_from`, as
            the fold computed it last.
    """

    __slots__ = (
        "accepted",
        "apologised",
        "authority",
        "base_due",
        "channel",
        "count",
        "end",
        "end_after_one",
        "explicit",
        "field",
        "first_accepted",
        "first_closed",
        "first_due",
        "first_registered",
        "handler",
        "has_leg",
        "has_pause",
        "is_backfill",
        "limit_unit",
        "live_status",
        "nine",
        "nine_index",
        "procedure",
        "receipt_due",
        "receipt_from",
        "received",
        "receiver",
        "registered",
        "ten",
        "ten_index",
    )

    def __init__(self) -> None:
        self.count = 0
        self.receiver: str | None = None
        self.authority: str | None = None
        self.handler: str | None = None
        self.procedure: str | None = None
        self.field: str | None = None
        self.channel: int | None = None
        self.registered: int | None = None
        self.received: int | None = None
        self.base_due: int | None = None
        self.first_due: int | None = None
        self.limit_unit = DEFAULT_LIMIT_UNIT_CODE
        self.explicit: int | None = None
        self.accepted = False
        self.apologised = False
        self.has_pause = False
        self.has_leg = False
        self.is_backfill = True
        self.first_registered: int | None = None
        self.first_accepted: int | None = None
        self.first_closed: int | None = None
        self.nine: int | None = None
        self.nine_index = 0
        self.ten: int | None = None
        self.ten_index = 0
        self.end: tuple[int, int, int] | None = None
        self.end_after_one: tuple[int, int, int] | None = None
        self.live_status = 0
        self.receipt_from: int | None = None
        self.receipt_due: int | None = None

    def step(self, event: EventRecord) -> None:
        """Walk over the next event."""
        (
            _, _, _, status, occurred_ms, _, receiver, authority, handler, procedure, field,
            channel, registered, received, due, limit_unit, explicit, apology, leg, backfill,
        ) = event  # fmt: skip
        if receiver is not None:
            self.receiver = receiver
        if authority is not None:
            self.authority = authority
        if handler is not None:
            self.handler = handler
        if procedure is not None:
            self.procedure = procedure
        if field is not None:
            self.field = field
        if channel is not None:
            self.channel = channel
        if registered is not None:
            self.registered = registered
        if received is not None:
            self.received = received
        if due is not None:
            self.base_due = due
            if self.first_due is None:
                self.first_due = due
        if limit_unit is not None:
            self.limit_unit = limit_unit
        if explicit is not None:
            self.explicit = explicit
        if apology is not None:
            self.apologised = True
        if leg is not None:
            self.has_leg = True
        if not backfill:
            self.is_backfill = False
        self._step_status(status, occurred_ms // 1000, received is not None)
        self.count += 1

    def _step_status(self, status: int, at: int, says_received: bool) -> None:
        if status in (3, 7, 8):
            if status != 3:
                if self.first_closed is None:
                    self.first_closed = at
                if says_received or (status == 8 and self.count == 0):
                    self.accepted = True
            if self.end is None:
                self.end = (status, at, self.count)
            if self.end_after_one is None:
                self.end_after_one = (status, at, self.count)
            return
        if status == 1:
            if self.first_registered is None:
                self.first_registered = at
            self.end_after_one = None
            return
        self.accepted = True
        if self.first_accepted is None:
            self.first_accepted = at
        if status == 9:
            if self.nine is None:
                self.nine, self.nine_index = at, self.count
        elif status == 10:
            if self.ten is None:
                self.ten, self.ten_index = at, self.count
        elif status == 6:
            self.has_pause = True
            if self.nine is None and self.ten is None:
                self.end = self.end_after_one = None
                self.live_status = 6
        else:  # 2, 4, 5
            self.nine = self.ten = self.end = self.end_after_one = None
            self.live_status = status
            if status == 5:
                self.has_pause = True
