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
from ioc.gateway.problems import Problem
from ioc.gateway.reconcile.comparison import KINDS, Comparison
from ioc.gateway.reconcile.docs import RECONCILE_DOCS
from ioc.gateway.reconcile.question import Question, question_of
from ioc.gateway.reconcile.store import compare_stored, keep
from ioc.gateway.warehouse_lane import WarehouseLane
from schemas.errors import RetryError
from schemas.gateway_texts import Refused
from schemas.sync_texts import SyncSaid

ROUTE = "/v1/reconcile"
#: Differences of one kind that an answer lists.
_MOST_LISTED = 10_000
_TIMEOUT_SECONDS = 20.0


def make_router(gateway: Gateway) -> APIRouter:
    """Return the router of this file."""
    router = APIRouter()
    room = Room(gateway.settings.body_bytes_at_once, gateway.settings.retry_seconds)
    lane = WarehouseLane(gateway.clickhouse, _TIMEOUT_SECONDS)

    @router.post(ROUTE, **RECONCILE_DOCS)
    async def post_reconcile(request: Request) -> Response:
        """Compare what the desk holds with what is stored, and keep the result."""
        caller = caller_of(request, Right.READ)
        if caller.is_sandbox:
            raise Problem(SyncSaid.SANDBOX, status=403)
        with room.place() as place:
            body = await read_body(request, gateway.settings, place)
            question = question_of(body)
        now_ms = gateway.clock.now_ms()
        at = dt.datetime.fromtimestamp(now_ms / 1000, dt.UTC)

        def work(client: Any) -> Comparison:
            found = compare_stored(client, caller, question)
            keep(client, caller, question, found, request.state.request_id, at)
            return found

        try:
            found = await lane.call(work)
        except RetryError:
            seconds = gateway.settings.retry_seconds
            raise Problem(Refused.NOT_READABLE, status=503, retry_after_seconds=seconds) from None
        said = _body(caller, question, found, iso_time(now_ms))
        return Response(
            orjson.dumps({"request_id": request.state.request_id, **said}),
            media_type="application/json",
        )

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
