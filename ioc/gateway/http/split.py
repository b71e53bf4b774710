"""Cuts a body into events, by its media type, without building them."""

from __future__ import annotations

import msgspec
from starlette.datastructures import Headers

from ioc.gateway.http.envelope import is_binary, looks_wrapped, unwrap, unwrap_binary
from ioc.gateway.intake.result import ItemResult, rejected
from ioc.gateway.problems import Problem
from schemas.errors import RejectError
from schemas.gateway_texts import Refused

JSON = "application/json"
LINES = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl"})
ENVELOPE = "application/cloudevents+json"
ENVELOPES = "application/cloudevents-batch+json"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # PowerShell writes one
_SPACE = b" \t\r\n"

#: More separators than this for each allowed event, and nothing is built from the body: millions
#: of tiny elements would take a hundred times its memory.
_LINES_PER_ITEM = 4
_COMMAS_PER_ITEM = 64

_array = msgspec.json.Decoder(list[msgspec.Raw]).decode
Cut = list[bytes | ItemResult]


def split(body: bytes, headers: Headers, max_items: int) -> Cut:
    """Return the events of a body in their order, unwrapped; a bad envelope is its own answer.

    Raises:
        Problem: 400 no JSON at all or nothing in it, 413 too many events, 415 another media type.
    """
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    body = body.removeprefix(_BYTE_ORDER_MARK).strip(_SPACE)
    if media not in (JSON, ENVELOPE, ENVELOPES) and media not in LINES:
        raise Problem(Refused.MEDIA_TYPE, status=415)
    if not body:
        raise Problem(Refused.EMPTY, status=400)
    if media == JSON and is_binary(headers):
        return [_binary(body, headers)]
    if media in LINES:
        _check_count(body.count(b"\n"), max_items * _LINES_PER_ITEM, max_items)
        items = [line for line in body.split(b"\n") if line.strip(_SPACE)]
    elif media == ENVELOPES or (media == JSON and body.startswith(b"[")):
        _check_count(body.count(b","), max_items * _COMMAS_PER_ITEM, max_items)
        items = _elements(body)
    else:
        items = [body]
    _check_count(len(items), max_items, max_items)
    if not items:
        raise Problem(Refused.EMPTY, status=400)
    always = media in (ENVELOPE, ENVELOPES)
    return [_unwrapped(item) if always or looks_wrapped(item) else item for item in items]


def _check_count(count: int, limit: int, max_items: int) -> None:
    if count > limit:
        raise Problem(Refused.TOO_MANY_ITEMS, status=413, n=max_items)


def _elements(body: bytes) -> list[bytes]:
    try:
        return [bytes(each) for each in _array(body)]
    except RecursionError:
        raise Problem(Refused.NOT_JSON, status=400, reason="nested too deeply") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Problem(Refused.NOT_JSON, status=400, reason=str(error)[:120]) from None


def _unwrapped(item: bytes) -> bytes | ItemResult:
    try:
        return unwrap(item)
    except RejectError as error:
        return rejected(error.code, error.field, error.value)


def _binary(body: bytes, headers: Headers) -> bytes | ItemResult:
    try:
        return unwrap_binary(body, headers)
    except RejectError as error:
        return rejected(error.code, error.field, error.value)
