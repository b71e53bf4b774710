"""What routes that take a whole document share: options, pace, JSON within limits."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request

from ioc.gateway.gateway import Gateway
from ioc.gateway.intake.result import Options
from ioc.gateway.keys.caller import Caller
from ioc.gateway.problems import Problem
from schemas.gateway_texts import Refused

_YES_OR_NO = {"true": True, "1": True, "false": False, "0": False}
#: More commas than this for each allowed entry, and nothing is built from the body.
_COMMAS_PER_ITEM = 64
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def options_of(request: Request, route: str) -> Options:
    """Return how the address says that the request is to be taken.

    Raises:
        Problem: 422, a flag is neither true nor false.
    """
    given = {"dry_run": False, "backfill": False}
    for name, value in parse_qsl(request.url.query, keep_blank_values=True):
        if name in given:
            if value.lower() not in _YES_OR_NO:
                raise Problem(Refused.BAD_PARAMETER, status=422, name=name, reason="true | false")
            given[name] = _YES_OR_NO[value.lower()]
    return Options(**given, request_id=request.state.request_id, route=route)


def document_of(body: bytes, max_items: int) -> Any:
    """Return the JSON value of a body.

    Raises:
        Problem: 400 no JSON, 413 too many parts.
    """
    check_size(body, max_items)
    try:
        return orjson.loads(body.removeprefix(_BYTE_ORDER_MARK))
    except orjson.JSONDecodeError as error:
        raise Problem(Refused.NOT_JSON, status=400, reason=str(error)[:120]) from None


def check_size(body: bytes, max_items: int) -> None:
    """Look at a body before anything is built from it.

    Raises:
        Problem: 400 there is nothing in it, 413 it has too many parts.
    """
    if not body.removeprefix(_BYTE_ORDER_MARK).strip():
        raise Problem(Refused.EMPTY, status=400)
    if max(body.count(b","), body.count(b";"), body.count(b"\n")) > max_items * _COMMAS_PER_ITEM:
        raise Problem(Refused.TOO_MANY_ITEMS, status=413, n=max_items)


def check_pace(gateway: Gateway, caller: Caller, count: int) -> None:
    """Count entries against the key's pace.

    Raises:
        Problem: 413 too many at once, 429 too fast.
    """
    if count > gateway.settings.max_items:
        raise Problem(Refused.TOO_MANY_ITEMS, status=413, n=gateway.settings.max_items)
    wait = gateway.limits.events_wait(caller.key_id, count, gateway.clock.now_ms() / 1000)
    if wait:
        raise Problem(Refused.TOO_FAST, status=429, retry_after_seconds=wait)


def note_skew(gateway: Gateway, caller: Caller, request: Request) -> None:
    """Measure the sender's clock by its Date header, if it sends one."""
    try:
        sent_at = parsedate_to_datetime(request.headers.get("date", ""))
    except (ValueError, TypeError, IndexError, OverflowError):
        return
    if sent_at.tzinfo is None:
        sent_at = sent_at.replace(tzinfo=dt.UTC)
    skew_ms = int(sent_at.timestamp() * 1000) - gateway.clock.now_ms()
    gateway.ledger.note_skew(caller, skew_ms, "date")
