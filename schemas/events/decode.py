"""From the bytes of a Kafka record to a dossier id and an `EventRecord`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from schemas.errors import RejectError
from schemas.events.hashing import content_hash
from schemas.events.model import DossierEvent
from schemas.events.plain import read_plain
from schemas.events.record import LIMIT_UNIT_CODES, EventRecord, LegRecord

#: An event this far ahead of the broker's clock is quarantined, not folded.
FUTURE_TOLERANCE_MS = 24 * 3600 * 1000

#: Times outside these years are mistakes (2010-01-01 and 2036-01-01, UTC); the working calendar
#: covers more on both sides, so that a shifted due time stays inside it.
EARLIEST_EPOCH = 1_262_304_000
LATEST_EPOCH = 2_082_758_400

_validate = DossierEvent.__pydantic_validator__.validate_json


def decode_event(value: bytes, stored_at_ms: int) -> tuple[str, EventRecord]:
    """Validate one record's value.

    Args:
        value: JSON text in UTF-8.
        stored_at_ms: the broker's LogAppendTime of the record, epoch milliseconds. The future
            check uses it and not "now", so that a replay of the topic decides the same.

    Returns:
        The dossier id and the normalised event.

    Raises:
        RejectError: the value is no valid event; `code`, `field` and `value` say why.
    """
    plain = read_plain(value, stored_at_ms, FUTURE_TOLERANCE_MS)
    if plain is not None:
        return plain
    return decode_by_contract(value, stored_at_ms)


def decode_by_contract(value: bytes, stored_at_ms: int) -> tuple[str, EventRecord]:
    """Do what `decode_event` says by the contract alone."""
    try:
        event = _validate(value)
    except ValidationError as error:
        raise _reject(error) from None
    return event.dossier_id, to_record(event, content_hash(value), stored_at_ms)


def to_record(event: DossierEvent, hash_of_content: int, stored_at_ms: int) -> EventRecord:
    """Normalise a validated event; raises `RejectError` for a time in the future."""
    occurred_ms = int(event.occurred_at.timestamp() * 1000)
    if occurred_ms > stored_at_ms + FUTURE_TOLERANCE_MS:
        raise RejectError(
            "future_time",
            f"occurred_at: {event.occurred_at.isoformat()} is more than 24 h in the future; "
            "check the clock of the sending machine",
            field="occurred_at",
            value=event.occurred_at.isoformat(),
        )
    if occurred_ms < EARLIEST_EPOCH * 1000:
        raise _out_of_range("occurred_at", event.occurred_at)
    apology = event.apology
    explicit = event.supplement_due_at
    if apology is not None and apology.new_due_at is not None:
        explicit = apology.new_due_at
    leg = event.leg
    registered, received, due = event.registered_at, event.received_at, event.due_at
    # Without the Python-level constructor: there is one for every event.
    return tuple.__new__(
        EventRecord,
        (
            event.source,
            event.event_id,
            hash_of_content,
            event.status,
            occurred_ms,
            event.sequence,
            event.receiver,
            event.authority,
            event.handler,
            event.procedure,
            event.field,
            event.channel,
            None if registered is None else _epoch("registered_at", registered),
            None if received is None else _epoch("received_at", received),
            None if due is None else _epoch("due_at", due),
            None if event.limit_unit is None else LIMIT_UNIT_CODES[event.limit_unit],
            None if explicit is None else _epoch("new_due_at", explicit),
            None if apology is None else _epoch("apology.issued_at", apology.issued_at),
            None
            if leg is None
            else LegRecord(
                leg.number,
                leg.unit,
                None if leg.started_at is None else _epoch("leg.started_at", leg.started_at),
                None if leg.due_at is None else _epoch("leg.due_at", leg.due_at),
                None if leg.limit_unit is None else LIMIT_UNIT_CODES[leg.limit_unit],
                None if leg.ended_at is None else _epoch("leg.ended_at", leg.ended_at),
            ),
            event.backfill,
        ),
    )


def _epoch(field: str, time: datetime) -> int:
    epoch = int(time.timestamp() // 1)
    if EARLIEST_EPOCH <= epoch < LATEST_EPOCH:
        return epoch
    raise _out_of_range(field, time)


def _out_of_range(field: str, time: datetime) -> RejectError:
    return RejectError(
        "bad_time",
        f'{field}: "{time.isoformat()}" lies outside the years 2010 to 2035',
        field=field,
        value=time.isoformat(),
    )


#: What an integrator may do about a rule that was broken, by pydantic's error type.
_ALLOWED = {
    "missing": "required",
    "greater_than_equal": "too small",
    "less_than_equal": "too large",
    "timezone_aware": "give the UTC offset, e.g. 2024-09-03T08:15:00+07:00",
    "datetime_from_date_parsing": "use ISO 8601 with offset, e.g. 2024-09-03T08:15:00+07:00",
    "datetime_parsing": "use ISO 8601 with offset, e.g. 2024-09-03T08:15:00+07:00",
}
#: Fields whose value may be quoted in a message: none of them can name a person.
_QUOTABLE = frozenset(
    {"status", "channel", "occurred_at", "received_at", "registered_at", "due_at", "sequence",
     "schema_version", "limit_unit", "receiver", "authority", "handler", "number"}
)  # fmt: skip


def _reject(error: ValidationError) -> RejectError:
    first = error.errors(include_url=False, include_context=False)[0]
    kind = str(first["type"])
    if kind in ("json_invalid", "model_type"):
        return RejectError("not_json", "the value is not a JSON object in UTF-8")
    path = _path(first["loc"])
    field = path.rsplit(".", 1)[-1]
    code = {"missing": "missing_field", "timezone_aware": "bad_time"}.get(kind, "bad_value")
    if field == "status" and kind != "missing":
        code = "bad_status"
    elif field.endswith("_at") and kind != "missing":
        code = "bad_time"
    given = _shown(first["input"]) if field in _QUOTABLE and kind != "missing" else ""
    hint = _ALLOWED.get(kind, str(first["msg"]))
    if code == "bad_status":
        hint = "allowed are 1-10"
    shown = f' "{given}"' if given else ""
    return RejectError(code, f"{path}:{shown} {hint}".replace(": :", ":"), field=path, value=given)


def _path(location: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in location) or "value"


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"
