"""`POST /v1/reconcile`: what is lacking here, in excess, or seen differently."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ioc.gateway.access import caller_of
from ioc.gateway.clock import iso_time
from ioc.gateway.gateway import Gateway
from ioc.gateway.http.body import read_body
from ioc.gateway.http.room import Room
from ioc.gateway.keys.caller import Caller
from ioc.gateway.keys.model import Right
from ioc.gateway.limits import Pace
from ioc.gateway.problems import Problem
from ioc.gateway.reconcile.comparison import KINDS, Comparison
from ioc.gateway.reconcile.docs import RECONCILE_DOCS
from ioc.gateway.reconcile.question import Question, dossiers_in, question_of
from ioc.gateway.reconcile.store import compare_stored, keep
from ioc.gateway.warehouse_lane import WarehouseLane
from schemas.errors import RetryError
from schemas.gateway_texts import Refused
from schemas.reading_settings import ReadingSettings
from schemas.sync_texts import SyncSaid

ROUTE = "/v1/reconcile"
#: Differences of one kind that an answer lists.
_MOST_LISTED = 10_000
_TIMEOUT_SECONDS = 20.0
#: Dossiers that are looked up by one query.
_SHORT_DOSSIERS = 2_000
#: Dossiers that cost as much as one list or statistic, and count as one more.
_DOSSIERS_PER_QUERY = 10_000


def make_router(gateway: Gateway) -> APIRouter:
    """Return the router of this file."""
    router = APIRouter()
    room = Room(gateway.settings.body_bytes_at_once, gateway.settings.retry_seconds)
    # A question about a whole year takes many seconds; one about a day does not wait behind it.
    short_lane, long_lane = (WarehouseLane(gateway.clickhouse, _TIMEOUT_SECONDS) for _ in range(2))
    per_minute = ReadingSettings().queries_per_minute / gateway.settings.processes
    pace = Pace(per_minute / 60, per_minute)

    def check_pace(caller: Caller, dossiers: int) -> None:
        queries = 1 + dossiers // _DOSSIERS_PER_QUERY
        wait = pace.take(caller.key_id, queries, gateway.clock.now_ms() / 1000)
        if wait:
            raise Problem(Refused.TOO_FAST, status=429, retry_after_seconds=wait)

    @router.post(ROUTE, **RECONCILE_DOCS)
    async def post_reconcile(request: Request) -> Response:
        """Compare what the desk holds with what is stored, and keep the result."""
        caller = caller_of(request, Right.READ)
        if caller.is_sandbox:
            raise Problem(SyncSaid.SANDBOX, status=403)
        with room.place() as place:
            body = await read_body(request, gateway.settings, place)
            check_pace(caller, dossiers_in(body))
            question = await question_of(body)
        now_ms = gateway.clock.now_ms()
        at = dt.datetime.fromtimestamp(now_ms / 1000, dt.UTC)

        def work(client: Any) -> bytes:
            found = compare_stored(client, caller, question)
            keep(client, caller, question, found, request.state.request_id, at)
            said = _body(caller, question, found, iso_time(now_ms))
            return orjson.dumps({"request_id": request.state.request_id, **said})

        lane = short_lane if len(question.held) <= _SHORT_DOSSIERS else long_lane
        try:
            answer = await lane.call(work)
        except RetryError:
            seconds = gateway.settings.retry_seconds
            raise Problem(Refused.NOT_READABLE, status=503, retry_after_seconds=seconds) from None
        return Response(answer, media_type="application/json")

    return router


def _body(caller: Caller, question: Question, found: Comparison, at: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "source": caller.source,
        "from": question.from_day.isoformat(),
        "to": question.to_day.isoformat(),
        "compared_at": at,
        "counts": {
            "desk": found.desk,
            "known": found.known,
            **{kind: found.count(kind) for kind in KINDS},
        },
    }
    for kind in KINDS:
        listed = [one for one in found.differences if one.kind == kind][:_MOST_LISTED]
        said[kind] = [
            {
                "dossier_id": one.dossier_id,
                "desk_status": one.desk_status or None,
                "ioc_status": one.ioc_status or None,
            }
            for one in listed
        ]
    return said
