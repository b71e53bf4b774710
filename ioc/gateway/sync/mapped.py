"""`POST /v1/mapped/{name}`: records of another shape, by a mapping that the IOC keeps."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ioc.gateway.access import caller_of
from ioc.gateway.gateway import Gateway
from ioc.gateway.http.body import read_body
from ioc.gateway.http.room import Room
from ioc.gateway.keys.model import Right
from ioc.gateway.problems import Problem
from ioc.gateway.sync.docs import MAPPED_DOCS
from ioc.gateway.sync.request import check_pace, check_size, note_skew, options_of
from ioc.gateway.sync.taking import answer_entries, in_portals_manner, submit_told
from ioc.mapping.apply import Mapper
from ioc.mapping.checking import load_folder
from ioc.mapping.records import records_of
from ioc.mapping.unread import Unread
from ioc.national.told import Told
from schemas.errors import RejectError
from schemas.mapping_settings import MappingSettings
from schemas.sync_texts import SyncSaid

ROUTE = "/v1/mapped/{name}"
_RECORDS_AT_A_TIME = 100


def make_router(gateway: Gateway) -> APIRouter:
    """Return the router of this file; reads the mapping files once.

    Raises:
        ReferenceDataError: one of them is wrong.
    """
    router = APIRouter()
    room = Room(gateway.settings.body_bytes_at_once, gateway.settings.retry_seconds)
    folder = MappingSettings().folder
    mappings = {} if folder is None else dict(load_folder(folder))

    async def answer(request: Request, name: str) -> Response:
        caller = caller_of(request, Right.PUSH)
        options = options_of(request, ROUTE)
        mapping = mappings.get(name)
        if mapping is None:
            raise Problem(SyncSaid.NO_MAPPING, status=404, name=name[:64])
        mapper = Mapper(mapping, gateway.units, caller.source)
        with room.place() as place:
            body = await read_body(request, gateway.settings, place)
            check_size(body, gateway.settings.max_items)
            try:
                records = records_of(mapping, body)
            except RejectError as error:
                raise Problem(SyncSaid.RECORDS, status=422, reason=str(error)[:200]) from None
            check_pace(gateway, caller, len(records))
            told: list[Told] = []
            unread = Unread(mapping)
            for number, record in enumerate(records):
                if number and not number % _RECORDS_AT_A_TIME:
                    await asyncio.sleep(0)
                told.append(mapper.tell(record))
                unread.note(record)
            results = await submit_told(gateway, caller, told, options)
        note_skew(gateway, caller, request)
        return answer_entries(gateway, request, results, options, {"unread": unread.names})

    @router.post(ROUTE, **MAPPED_DOCS)
    async def post_mapped(request: Request, name: str) -> Response:
        """Map records to events and take these in."""
        try:
            return await answer(request, name)
        except Problem as problem:
            raise in_portals_manner(problem, request) from None

    return router
