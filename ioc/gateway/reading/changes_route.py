"""`GET /v1/dossiers`: what changed of the own units' dossiers, page by page."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from ioc.gateway.access import require
from ioc.gateway.clock import VIETNAM, iso_time
from ioc.gateway.keys.caller import Caller
from ioc.gateway.keys.model import Right
from ioc.gateway.problems import Problem
from ioc.gateway.reading.changes import (
    CHECKPOINTS,
    PAGE,
    POSITIONS_AT,
    Place,
    positions_at,
    read_cursor,
    vector_of,
    write_cursor,
)
from ioc.gateway.reading.desk import ReadingDesk
from ioc.gateway.reading.docs import CHANGES_DOCS
from schemas.errors import RejectError, RetryError
from schemas.gateway_texts import Refused
from schemas.reading_texts import ReadingSaid

_TIMES = ("registered_at", "received_at", "first_due_at", "due_at", "result_at", "returned_at",
          "finished_at", "last_event_at")  # fmt: skip


def add_changes(router: APIRouter, desk: ReadingDesk) -> None:
    """Add the route."""

    @router.get("/v1/dossiers", **CHANGES_DOCS)
    async def changes(
        request: Request,
        caller: Annotated[Caller, Depends(require(Right.READ))],
        changed_since: Annotated[
            str,
            Query(max_length=40, description="ISO 8601 with offset; where a first page begins."),
        ] = "",
        cursor: Annotated[
            str, Query(max_length=2_048, description="`next` of the page before; wins.")
        ] = "",
        limit: Annotated[int, Query(ge=1, le=10_000, description="Dossiers of the page.")] = 1_000,
    ) -> Response:
        """List dossiers that changed; turning pages by `next` passes none over."""
        desk.check_real(caller)
        desk.check_query(caller)
        rows = min(limit, desk.settings.page_rows)
        try:
            body = await _page(desk, caller, await _begin(desk, cursor, changed_since), rows)
        except RetryError:
            raise desk.unreadable() from None
        body["request_id"] = request.state.request_id
        return Response(
            orjson.dumps(body), headers={"Cache-Control": "no-store"}, media_type="application/json"
        )


async def _begin(desk: ReadingDesk, cursor: str, changed_since: str) -> Place:
    if cursor:
        try:
            return read_cursor(cursor)
        except RejectError:
            raise Problem(ReadingSaid.CURSOR, status=422) from None
    if not changed_since:
        return Place(vector_of({}))
    since_ms = _milliseconds(changed_since)
    answer = await desk.lists.ask(POSITIONS_AT, {"since_ms": since_ms})
    return Place(vector_of(positions_at(answer.rows)))


async def _page(desk: ReadingDesk, caller: Caller, place: Place, rows: int) -> dict[str, Any]:
    # Read before the rows: what is stored up to here is there now.
    checkpoints = (await desk.lists.ask(CHECKPOINTS, {})).rows
    if not place.until:
        place = Place(place.start, vector_of({shard: upto for shard, upto, _ in checkpoints}))
    answer = await desk.lists.ask(
        PAGE,
        {
            "at_shard": place.at_shard,
            "at_dossier": place.at_dossier,
            "start": list(place.start),
            "until": list(place.until),
            "everything": int(caller.covers_province),
            "units": sorted(caller.unit_codes),
            "rows": rows + 1,
        },
    )
    found = answer.as_dicts()
    page = found[:rows]
    more = len(found) > rows
    last = (page[-1]["shard"], page[-1]["dossier_id"]) if more else None
    return {
        "dossiers": [_told(row) for row in page],
        "more": more,
        "next": write_cursor(place.after_page(last)),
        "complete_up_to": _complete_up_to(checkpoints),
    }


def _told(row: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in row.items():
        if name in ("shard", "alarm_at"):
            continue
        if name in _TIMES:
            told[name] = dt.datetime.fromtimestamp(value, VIETNAM).isoformat() if value else None
        elif name in ("live", "apologised"):
            told[name] = bool(value)
        else:
            told[name] = value if value != "" else None
    late_from = row["alarm_at"] if row["live"] else 0
    told["late_from"] = (
        dt.datetime.fromtimestamp(late_from, VIETNAM).isoformat() if late_from else None
    )
    return told


def _complete_up_to(checkpoints: list[tuple[Any, ...]]) -> str | None:
    """Return the newest moment of which the tables know; shards without traffic lag behind it."""
    newest = max((log_ms for _, _, log_ms in checkpoints), default=0)
    return iso_time(newest) if newest else None


def _milliseconds(text: str) -> int:
    moment: dt.datetime | None
    try:
        moment = dt.datetime.fromisoformat(text)
        moment_ms = int(moment.timestamp() * 1000)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None or not 2000 <= moment.year <= 2100:
        example = "2024-09-03T08:15:00+07:00"
        raise Problem(Refused.BAD_PARAMETER, status=422, name="changed_since", reason=example)
    return moment_ms
