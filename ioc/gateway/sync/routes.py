"""`POST /v1/sync`: `DongBoHoSoMC` and `CapNhatTienDoHoSoMC` as desks send them to the portal."""

from __future__ import annotations

import asyncio
import datetime as dt

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ioc.gateway.access import caller_of
from ioc.gateway.gateway import Gateway
from ioc.gateway.http.body import read_body
from ioc.gateway.http.room import Room
from ioc.gateway.keys.caller import Caller
from ioc.gateway.keys.model import Right
from ioc.gateway.problems import Problem
from ioc.gateway.sync.docs import SYNC_DOCS
from ioc.gateway.sync.request import check_pace, document_of, note_skew, options_of
from ioc.gateway.sync.taking import answer_entries, in_portals_manner, submit_told
from ioc.national.field_names import without_unread_fields
from ioc.national.reader import NationalReader
from ioc.national.told import Told
from ioc.national.twins import report_twins
from schemas.calendar.local_time import UTC_OFFSET_SECONDS
from schemas.sync_texts import SyncSaid

ROUTE = "/v1/sync"
#: Entries after which others may have their turn: some milliseconds.
_ENTRIES_AT_A_TIME = 100


def make_router(gateway: Gateway) -> APIRouter:
    """Return the router of this file."""
    router = APIRouter()
    room = Room(gateway.settings.body_bytes_at_once, gateway.settings.retry_seconds)
    sync = _Sync(gateway, room)

    @router.post(ROUTE, **SYNC_DOCS)
    async def post_sync(request: Request) -> Response:
        """Take national messages in, and answer as the portal does."""
        try:
            return await sync.answer(request)
        except Problem as problem:
            raise in_portals_manner(problem, request) from None

    return router


class _Sync:
    def __init__(self, gateway: Gateway, room: Room) -> None:
        self._gateway, self._room = gateway, room
        self._readers: dict[tuple[str, str | None], NationalReader] = {}

    async def answer(self, request: Request) -> Response:
        gateway = self._gateway
        caller = caller_of(request, Right.PUSH)
        options = options_of(request, ROUTE)
        with self._room.place() as place:
            body = await read_body(request, gateway.settings, place)
            document = document_of(body, gateway.settings.max_items)
            reader = self._reader(caller)
            entries = list(reader.entries(document))
            if not entries or not any(reader.is_national(entry) for entry in entries):
                raise Problem(SyncSaid.NO_ENTRIES, status=422, code="no_entries")
            check_pace(gateway, caller, len(entries))
            told = await self._tell(reader, entries)
            results = await submit_told(gateway, caller, told, options)
        note_skew(gateway, caller, request)
        return answer_entries(gateway, request, results, options)

    def _reader(self, caller: Caller) -> NationalReader:
        desk = only_desk(self._gateway, caller)
        reader = self._readers.get((caller.source, desk))
        if reader is None:
            if len(self._readers) > 10_000:
                self._readers.clear()
            reader = self._readers[caller.source, desk] = NationalReader(
                self._gateway.units,
                caller.source,
                receiver=desk,
                procedures=self._gateway.procedures,
            )
        return reader

    async def _tell(self, reader: NationalReader, entries: list[object]) -> list[Told]:
        told: list[Told] = []
        for number, entry in enumerate(entries):
            if number and not number % _ENTRIES_AT_A_TIME:
                await asyncio.sleep(0)
            told.append(
                reader.tell(without_unread_fields(entry) if isinstance(entry, dict) else entry)
            )
        report_twins(told)
        return told


def only_desk(gateway: Gateway, caller: Caller) -> str | None:
    """Return the one unit that a key serves, if it was issued for one without units below it."""
    if len(caller.scope) != 1:
        return None
    code = caller.scope[0]
    offset = dt.timezone(dt.timedelta(seconds=UTC_OFFSET_SECONDS))
    today = dt.datetime.fromtimestamp(gateway.clock.now_ms() / 1000, offset).date()
    unit = gateway.units.resolve(code, today)
    return None if gateway.units.children(unit.code, today) else code
