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
from msgspec.structs import astuple

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

#: How many codes and due times are remembered at most.
_MOST_REMEMBERED = 100_000


class _Codes(dict[str | None, str | None]):
    """One object for each code that was seen: codes repeat, so this saves memory and hashing."""

    def __missing__(self, text: str) -> str:
        if text != text.strip():
            raise KeyError(text)  # the contract trims it
        if len(self) < _MOST_REMEMBERED:
            self[text] = text
        return text


class _Dues(dict[str | None, int | None]):
    """Epoch seconds of due times: they are mostly ends of days."""

    def __missing__(self, text: str) -> int:
        epoch = _epoch(text)
        if len(self) < _MOST_REMEMBERED:
            self[text] = epoch
        return epoch


_codes = _Codes({None: None})
_dues = _Dues({None: None})
_limits: dict[str | None, int | None] = {None: None}
_limits.update(LIMIT_UNIT_CODES)


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
        (
            event_id, source, dossier_id, status, occurred_at, _, sequence, receiver, authority,
            handler, procedure, field, channel, _, registered_at, received_at, due_at, limit_unit,
            backfill, supplement_due_at, leg, apology, extras,
        ) = astuple(_decode(value))  # fmt: skip
        if (
            leg is not UNSET
            or apology is not UNSET
            or supplement_due_at is not UNSET
            or extras is not UNSET
            or event_id != event_id.strip()
            or dossier_id != dossier_id.strip()
        ):
            return None
        occurred = _epoch(occurred_at)
        if occurred * 1000 > stored_at_ms + tolerance_ms:
            return None
        # Mostly the event itself is the registration or the receipt.
        registered: int | None = occurred
        if registered_at != occurred_at:
            registered = None if registered_at is None else _epoch(registered_at)
        received: int | None = occurred
        if received_at != occurred_at:
            received = None if received_at is None else _epoch(received_at)
        codes = _codes
        return dossier_id, _new(
            EventRecord,
            (
                codes[source],
                event_id,
                content_hash(value),
                status,
                occurred * 1000,
                sequence,
                codes[receiver],
                codes[authority],
                codes[handler],
                codes[procedure],
                codes[field],
                channel,
                registered,
                received,
                _dues[due_at],
                _limits[limit_unit],
                None,
                None,
                None,
                backfill,
            ),
        )
    except (msgspec.MsgspecError, KeyError, RecursionError):
        return None


def _epoch(text: str) -> int:
    """Return the epoch second of `2024-09-03T08:15:00+07:00`; `KeyError` for any other form."""
    if text[19:] != _VIETNAM:
        raise KeyError(text)
    return _DAYS[text[:10]] + _HOURS[text[10:14]] + _MINUTES[text[14:19]]
