"""The fields of the contract, as they stand in an event; everything else is left behind.

An event is written anew with these fields alone before it goes to Kafka. So a field that
should not have been sent (somebody's name) stays out of the topic, and an event that is sent
again with other spaces or another order of its fields is byte for byte the same event.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
import orjson
from msgspec import UNSET, Raw, UnsetType

from schemas.errors import RejectError

_Said = Raw | UnsetType


class Fields(msgspec.Struct, omit_defaults=True, gc=False):
    """One event: each field as the JSON text that was sent. A test holds it to the contract."""

    event_id: _Said = UNSET
    source: _Said = UNSET
    dossier_id: _Said = UNSET
    status: _Said = UNSET
    occurred_at: _Said = UNSET
    schema_version: _Said = UNSET
    sequence: _Said = UNSET
    receiver: _Said = UNSET
    authority: _Said = UNSET
    handler: _Said = UNSET
    leg: _Said = UNSET
    procedure: _Said = UNSET
    field: _Said = UNSET
    channel: _Said = UNSET
    online_level: _Said = UNSET
    registered_at: _Said = UNSET
    received_at: _Said = UNSET
    due_at: _Said = UNSET
    limit_unit: _Said = UNSET
    supplement_due_at: _Said = UNSET
    apology: _Said = UNSET
    backfill: _Said = UNSET
    extras: _Said = UNSET


_read = msgspec.json.Decoder(Fields).decode
encode = msgspec.json.Encoder().encode

TRUE = Raw(b"true")
#: What a kept reject may hold of a text: codes and times, not sentences or addresses.
_CODE = re.compile(r"[A-Za-z0-9._:/+\-]{0,128}")


def read_fields(item: bytes) -> Fields:
    """Return an event's known fields.

    Raises:
        RejectError: `not_json`.
    """
    try:
        return _read(item)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise RejectError("not_json", "the event is not a JSON object in UTF-8") from None


def text_of(said: _Said) -> str | None:
    """Return a field's text for an answer; None if it is no short text."""
    if said is UNSET:
        return None
    try:
        value = orjson.loads(bytes(said))
    except ValueError:
        return None
    return value if isinstance(value, str) and len(value) <= 128 else None


def mendable(fields: Fields) -> bytes:
    """Return what may be kept of a rejected event: known fields that hold codes and numbers."""
    kept: dict[str, Any] = {}
    for name in Fields.__struct_fields__:
        said = getattr(fields, name)
        if said is UNSET or name == "extras":
            continue
        try:
            value = orjson.loads(bytes(said))
        except ValueError:
            continue
        if (value := _harmless(value)) is not None:
            kept[name] = value
    return orjson.dumps(kept)


def _harmless(value: Any) -> Any:
    if isinstance(value, dict):
        inner = {name: _harmless(part) for name, part in value.items() if _CODE.fullmatch(name)}
        return {name: part for name, part in inner.items() if part is not None}
    if isinstance(value, str):
        return value if _CODE.fullmatch(value) else None
    return value if isinstance(value, bool | int | float) else None
