"""`GET /v1/dossiers/{id}`, and the digits for receipts."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import APIRouter, Depends, Header, Path
from starlette.requests import Request
from starlette.responses import Response

from ioc.gateway.access import require
from ioc.gateway.keys.caller import Caller
from ioc.gateway.keys.model import Right
from ioc.gateway.problems import Problem, language_of
from ioc.gateway.reading.desk import ReadingDesk
from ioc.gateway.reading.docs import LOOKUP_DOCS, RECEIPT_DOCS
from ioc.gateway.reading.lookup import FoundDossier
from ioc.gateway.reading.telling import Teller
from schemas.errors import RetryError
from schemas.reading_texts import ReadingSaid

#: Who finds nothing hears of it at a multiple of this after the question, so that the time says
#: nothing about why.
_MISS_SECONDS = 0.04
_LONGEST_ID = 128

_Found = TypeVar("_Found")
DossierId = Annotated[str, Path(max_length=_LONGEST_ID, description="Code of the dossier.")]


def add_lookup(router: APIRouter, desk: ReadingDesk) -> None:
    """Add both routes."""

    @router.get("/v1/dossiers/{dossier_id:path}", **LOOKUP_DOCS)
    async def dossier(
        request: Request,
        dossier_id: DossierId,
        caller: Annotated[Caller, Depends(require(Right.LOOKUP))],
        x_receipt_digits: Annotated[
            str, Header(max_length=20, description="Digits printed on the receipt, where asked.")
        ] = "",
    ) -> Response:
        """Tell one dossier, to whom it concerns; the same answer for unknown and refused."""
        desk.check_real(caller)
        # Compared before anything is read, in every case.
        fits = desk.receipts is None or desk.receipts.fits(dossier_id, x_receipt_digits)

        async def find() -> FoundDossier | None:
            found = await _ask(desk, dossier_id, caller)
            return found if fits else None

        found = await _guarded(desk, caller, find)
        language = language_of(request)
        teller = Teller(desk.gateway.units, desk.gateway.procedures, language)
        now = int(desk.now_seconds)
        told = teller.tell(found, now, desk.statistics.due_soon_until(now))
        return _json({**told, "request_id": request.state.request_id}, language)

    @router.get("/v1/receipts/{dossier_id:path}", **RECEIPT_DOCS)
    async def receipt(
        request: Request,
        dossier_id: DossierId,
        caller: Annotated[Caller, Depends(require(Right.PUSH))],
    ) -> Response:
        """Tell a desk what to print on a receipt of its own; the same for unknown and foreign."""
        desk.check_real(caller)
        if desk.receipts is None:
            raise Problem(ReadingSaid.NO_RECEIPTS, status=404)

        async def find() -> bool | None:
            # Accepted a moment ago: the warehouse may not have it yet.
            if desk.gateway.intake.owners.was_told(dossier_id, caller.unit_codes):
                return True
            return None if await _ask(desk, dossier_id, caller) is None else True

        await _guarded(desk, caller, find)
        digits = desk.receipts.digits_of(dossier_id)
        return _json(
            {"dossier_id": dossier_id, "digits": digits, "request_id": request.state.request_id},
            language_of(request),
        )


async def _guarded(
    desk: ReadingDesk, caller: Caller, find: Callable[[], Awaitable[_Found | None]]
) -> _Found:
    """Find something of a dossier under the limits that make guessing useless."""
    now, started = desk.now_seconds, time.monotonic()
    desk.wait(desk.lookup_pace.take(caller.key_id, 1, now))
    place = f"{caller.key_id} {caller.address}"
    desk.wait(desk.key_misses.charge(caller.key_id, now))
    wait = desk.misses.charge(place, now)
    if wait:
        desk.key_misses.forgive(caller.key_id)
        desk.wait(wait)
    try:
        found = await find()
    except Problem:
        desk.misses.forgive(place)
        desk.key_misses.forgive(caller.key_id)
        raise
    if found is None:
        late = time.monotonic() - started
        await asyncio.sleep(math.ceil(late / _MISS_SECONDS) * _MISS_SECONDS - late)
        raise Problem(ReadingSaid.UNKNOWN_DOSSIER, status=404)
    desk.misses.forgive(place)
    desk.key_misses.forgive(caller.key_id)
    return found


async def _ask(desk: ReadingDesk, dossier_id: str, caller: Caller) -> FoundDossier | None:
    try:
        return await desk.finder.find(dossier_id, lambda units: _may_see(caller, units))
    except RetryError:
        raise desk.unreadable() from None


def _may_see(caller: Caller, units: frozenset[str]) -> bool:
    return caller.covers_province or bool(units & caller.unit_codes)


def _json(body: dict[str, Any], language: str) -> Response:
    headers = {"Content-Language": language, "Cache-Control": "no-store"}
    return Response(orjson.dumps(body), headers=headers, media_type="application/json")
