"""CloudEvents 1.0 around a dossier event: https://github.com/cloudevents/spec."""

from __future__ import annotations

from typing import Annotated

import msgspec
import orjson
from msgspec import UNSET, Raw, UnsetType
from starlette.datastructures import Headers

from ioc.gateway.intake.fields import encode, read_fields
from schemas.errors import RejectError

#: What the attribute `type` must be.
EVENT_TYPE = "ioc.dossier-event.v1"
_VERSION = "1.0"
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]


class _Envelope(msgspec.Struct):
    specversion: str
    id: _Text
    source: _Text
    type: str
    time: str | None = None
    subject: str | None = None
    datacontenttype: str | None = None
    data: Raw | UnsetType = UNSET


_read = msgspec.json.Decoder(_Envelope).decode


def looks_wrapped(item: bytes) -> bool:
    """Whether an item should be read as an envelope."""
    return b'"specversion"' in item


def unwrap(item: bytes) -> bytes:
    """Return the event in an envelope; id, time and subject fill in what it does not say itself.

    Raises:
        RejectError: `bad_envelope` with the attribute that is wrong, or `not_json`.
    """
    try:
        envelope = _read(item)
    except msgspec.ValidationError as error:
        raise RejectError("bad_envelope", str(error), field=_place(str(error))) from None
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise RejectError("not_json", "the envelope is not JSON") from None
    if envelope.specversion != _VERSION:
        raise _wrong("specversion", envelope.specversion)
    if envelope.type != EVENT_TYPE:
        raise _wrong("type", envelope.type)
    media = (envelope.datacontenttype or "application/json").partition(";")[0].strip().lower()
    if media != "application/json" and not media.endswith("+json"):
        raise _wrong("datacontenttype", media)
    if envelope.data is UNSET:
        raise _wrong("data", "")
    return _filled(bytes(envelope.data), envelope.id, envelope.time, envelope.subject)


def is_binary(headers: Headers) -> bool:
    """Whether a request has its envelope in the headers (binary mode)."""
    return "ce-specversion" in headers


def unwrap_binary(data: bytes, headers: Headers) -> bytes:
    """Return the event of a request in binary mode; otherwise as `unwrap`."""
    for name, wanted in (("specversion", _VERSION), ("type", EVENT_TYPE)):
        if headers.get(f"ce-{name}", "") != wanted:
            raise _wrong(f"ce-{name}", headers.get(f"ce-{name}", ""))
    for name in ("id", "source"):
        if not headers.get(f"ce-{name}"):
            raise _wrong(f"ce-{name}", "")
    return _filled(data, headers["ce-id"], headers.get("ce-time"), headers.get("ce-subject"))


def _filled(data: bytes, event_id: str, time: str | None, subject: str | None) -> bytes:
    fields = read_fields(data)
    if fields.event_id is UNSET:
        fields.event_id = Raw(orjson.dumps(event_id))
    if fields.occurred_at is UNSET and time is not None:
        fields.occurred_at = Raw(orjson.dumps(time))
    if fields.dossier_id is UNSET and subject is not None:
        fields.dossier_id = Raw(orjson.dumps(subject))
    return encode(fields)


def _place(message: str) -> str:
    """Return the attribute that a message of msgspec names in backquotes."""
    inside = message.split("`")
    return inside[-2].removeprefix("$.") if len(inside) > 2 else ""


def _wrong(place: str, value: str) -> RejectError:
    return RejectError("bad_envelope", f"{place} is wrong", field=place, value=value[:40])
