"""`POST /v1/events`: one event, many, lines of them, or CloudEvents."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ioc.gateway.access import caller_of
from ioc.gateway.clock import iso_time
from ioc.gateway.event_docs import EVENTS_DOCS
from ioc.gateway.gateway import Gateway
from ioc.gateway.http.body import read_body
from ioc.gateway.http.room import Room
from ioc.gateway.http.split import Cut, split
from ioc.gateway.intake.result import ItemResult, Options, Outcome, counts
from ioc.gateway.keys.caller import Caller
from ioc.gateway.keys.model import Right
from ioc.gateway.problems import Problem
from schemas.gateway_texts import Refused

ROUTE = "/v1/events"
_YES_OR_NO = {"true": True, "1": True, "false": False, "0": False}


class EventsEndpoint:
    """The handler; called by the router, or past it by `Direct`."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        settings = gateway.settings
        self._room = Room(settings.body_bytes_at_once, settings.retry_seconds)

    async def __call__(self, request: Request) -> Response:
        """Take events in; nothing is said to be accepted before Kafka has it."""
        gateway = self._gateway
        caller = caller_of(request, Right.PUSH)
        options = _options(request)
        with self._room.place() as place:
            body = await read_body(request, gateway.settings, place)
            cut = split(body, request.headers, gateway.settings.max_items)
            _check_pace(gateway, caller, len(cut))
            outcome = await _submit(gateway, caller, cut, options)
        _note_skew(gateway, caller, request, outcome)
        return answer(request, gateway, outcome, options)


def make_router(gateway: Gateway) -> APIRouter:
    """Return the router of this file."""
    router = APIRouter()
    endpoint = EventsEndpoint(gateway)

    @router.post(ROUTE, **EVENTS_DOCS)
    async def post_events(request: Request) -> Response:
        return await endpoint(request)

    return router


def answer(request: Request, gateway: Gateway, outcome: Outcome, options: Options) -> Response:
    """Return the answer to a request whose events were taken in.

    200 when none is unsaved and not all are rejected, 422 when all are, 503 when one is unsaved;
    each with a result for every event.
    """
    server_time = iso_time(gateway.clock.now_ms())
    request_id: str = request.state.request_id
    sums = counts(outcome.results)
    body: dict[str, Any] = {
        "request_id": request_id,
        "server_time": server_time,
        "dry_run": options.dry_run,
        **sums,
        "results": [
            each.as_dict(n, server_time, request_id) for n, each in enumerate(outcome.results)
        ],
    }
    problem = None
    if sums["unsaved"]:
        seconds = gateway.settings.retry_seconds
        problem = Problem(Refused.NOT_SAVED, status=503, retry_after_seconds=seconds, extra=body)
    elif sums["rejected"] == len(outcome.results):
        problem = Problem(Refused.ALL_REJECTED, status=422, extra=body)
    if problem is not None:
        try:
            raise problem
        finally:
            # Its traceback holds this frame, and those above it with the body: a cycle, which would
            # keep megabytes until the collector comes by.
            del problem
    return Response(orjson.dumps(body), media_type="application/json")


def _options(request: Request) -> Options:
    given = {"dry_run": False, "backfill": False}
    query = request.scope["query_string"]
    if query:
        for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
            if name not in given:
                continue
            if value.lower() not in _YES_OR_NO:
                raise Problem(Refused.BAD_PARAMETER, status=422, name=name, reason="true | false")
            given[name] = _YES_OR_NO[value.lower()]
    return Options(**given, request_id=request.state.request_id, route=ROUTE)


def _check_pace(gateway: Gateway, caller: Caller, count: int) -> None:
    wait = gateway.limits.events_wait(caller.key_id, count, gateway.clock.now_ms() / 1000)
    if wait:
        raise Problem(Refused.TOO_FAST, status=429, retry_after_seconds=wait)


async def _submit(gateway: Gateway, caller: Caller, cut: Cut, options: Options) -> Outcome:
    """Take in what was cut out; envelopes that could not be opened are answered already."""
    events = [each for each in cut if isinstance(each, bytes)]
    outcome = await gateway.intake.submit(caller, events, options)
    if len(events) == len(cut):
        return outcome
    bad = [each for each in cut if isinstance(each, ItemResult)]
    gateway.ledger.count_items(caller, options, bad)
    told = iter(outcome.results)
    return Outcome([each if isinstance(each, ItemResult) else next(told) for each in cut])


def _note_skew(gateway: Gateway, caller: Caller, request: Request, outcome: Outcome) -> None:
    """Measure the sender's clock: by its Date header, else by events ahead of time."""
    now_ms = gateway.clock.now_ms()
    sent = request.headers.get("date")
    if sent is not None:
        try:
            sent_at = parsedate_to_datetime(sent)
        except (ValueError, TypeError, IndexError, OverflowError):
            return
        if sent_at.tzinfo is None:
            sent_at = sent_at.replace(tzinfo=dt.UTC)
        gateway.ledger.note_skew(caller, int(sent_at.timestamp() * 1000) - now_ms, "date")
        return
    ahead = [
        dt.datetime.fromisoformat(each.value).timestamp() * 1000 - now_ms
        for each in outcome.results
        if each.code == "future_time"
    ]
    if ahead:
        gateway.ledger.note_skew(caller, int(max(ahead)), "future")
