"""The quick way through the contract: for events in the form that almost all of them have.

`DossierEvent` (pydantic) is the contract; it decides what is valid and says what is wrong. This
reader knows a narrower form in which both must come to the same record, and answers `None` for
everything else, which pydantic then judges. It takes a third of the time. A property test holds
the two against each other.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Raw, UnsetType

from schemas.calendar.local_time import UTC_OFFSET_SECONDS, day_of_date, day_start
from schemas.events.hashing import content_hash
from schemas.events.record import LIMIT_UNIT_CODES, EventRecord

_Identifier = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
_Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class _Plain(msgspec.Struct, gc=False):
    event_id: _Identifier
    source: _Code
    dossier_id: _Identifier
    status: Annotated[int, msgspec.Meta(ge=1, le=10)]
    occurred_at: str
    schema_version: Literal[1] = 1
    sequence: Annotated[int, msgspec.Meta(ge=0, lt=2**53)] | None = None
    receiver: _Code | None = None
    authority: _Code | None = None
    handler: _Code | None = None
    procedure: _Code | None = None
    field: _Code | None = None
    channel: Annotated[int, msgspec.Meta(ge=1, le=3)] | None = None
    online_level: Literal["full", "partial", "none"] | None = None
    registered_at: str | None = None
    received_at: str | None = None
    due_at: str | None = None
    limit_unit: str | None = None
    backfill: bool = False
    # Seldom there, and left to pydantic.
    supplement_due_at: Raw | UnsetType = UNSET
    leg: Raw | UnsetType = UNSET
    apology: Raw | UnsetType = UNSET
    extras: Raw | UnsetType = UNSET


_decode = msgspec.json.Decoder(_Plain).decode
_new = tuple.__new__

#: Local days on which every instant lies in the years that the contract allows.
_FIRST_DAY, _LAST_DAY = dt.date(2010, 1, 2), dt.date(2035, 12, 31)
#: "2024-09-03" -> epoch second of its local midnight.
_DAYS = {
    (_FIRST_DAY + dt.timedelta(days=n)).isoformat(): day_start(day_of_date(_FIRST_DAY) + n)
    for n in range((_LAST_DAY - _FIRST_DAY).days + 1)
}
_TWO_DIGITS = [f"{n:02}" for n in range(60)]
_HOURS = {f"T{hour}:": n * 3600 for n, hour in enumerate(_TWO_DIGITS[:24])}
_MINUTES = {
    f"{minute}:{second}": m * 60 + s
    for m, minute in enumerate(_TWO_DIGITS)
    for s, second in enumerate(_TWO_DIGITS)
}
_VIETNAM = f"+{UTC_OFFSET_SECONDS // 3600:02}:00"

#: One object for each code that was seen: codes repeat, so this saves memory and hashing.
_codes: dict[str, str] = {}
_dues: dict[str, int] = {}
_MOST_CODES = 100_000


def read_plain(
    value: bytes, stored_at_ms: int, tolerance_ms: int
) -> tuple[str, EventRecord] | None:
    """Return dossier id and record; None = ask the contract.

    Args:
        value: JSON text in UTF-8.
        stored_at_ms: the broker's time of the record, epoch milliseconds.
        tolerance_ms: how much later `occurred_at` may be.
    """
    # Texts that need escapes, trimming or Unicode rules are judged by the contract.
    if b"\\" in value or b"\x7f" in value or not value.isascii():
        return None
    try:
        event = _decode(value)
        occurred_at = event.occurred_at
        occurred = _epoch(occurred_at)
        if occurred * 1000 > stored_at_ms + tolerance_ms:
            return None
        if (
            event.leg is not UNSET
            or event.apology is not UNSET
            or event.supplement_due_at is not UNSET
            or event.extras is not UNSET
        ):
            return None
        event_id, dossier_id = event.event_id, event.dossier_id
        if event_id != event_id.strip() or dossier_id != dossier_id.strip():
            return None
        receiver, authority, handler = event.receiver, event.authority, event.handler
        procedure, field, limit = event.procedure, event.field, event.limit_unit
        registered, received, due = event.registered_at, event.received_at, event.due_at
        codes = _codes
        # Mostly the event itself is the registration or the receipt.
        if registered is None:
            registered_epoch = None
        else:
            registered_epoch = occurred if registered == occurred_at else _epoch(registered)
        if received is None:
            received_epoch = None
        else:
            received_epoch = occurred if received == occurred_at else _epoch(received)
        return dossier_id, _new(
            EventRecord,
            (
                codes.get(event.source) or _code(event.source),
                event_id,
                content_hash(value),
                event.status,
                occurred * 1000,
                event.sequence,
                None if receiver is None else codes.get(receiver) or _code(receiver),
                None if authority is None else codes.get(authority) or _code(authority),
                None if handler is None else codes.get(handler) or _code(handler),
                None if procedure is None else codes.get(procedure) or _code(procedure),
                None if field is None else codes.get(field) or _code(field),
                event.channel,
                registered_epoch,
                received_epoch,
                None if due is None else _dues.get(due) or _due(due),
                None if limit is None else LIMIT_UNIT_CODES[limit],
                None,
                None,
                None,
            ),
        )
    except (msgspec.MsgspecError, KeyError, RecursionError):
        return None


def _epoch(text: str) -> int:
    """Return the epoch second of `2024-09-03T08:15:00+07:00`; `KeyError` for any other form."""
    if text[19:] != _VIETNAM:
        raise KeyError(text)
    return _DAYS[text[:10]] + _HOURS[text[10:14]] + _MINUTES[text[14:19]]


def _due(text: str) -> int:
    """Return the epoch second of a due time and remember it: they are mostly ends of days."""
    epoch = _epoch(text)
    if len(_dues) < _MOST_CODES:
        _dues[text] = epoch
    return epoch


def _code(text: str) -> str:
    """Remember a code; `KeyError` if it has blanks at its ends, which the contract trims."""
    if text != text.strip():
        raise KeyError(text)
    if len(_codes) < _MOST_CODES:
        _codes[text] = text
    return text
