"""Takes marks from people who signed in."""

from __future__ import annotations

import asyncio
import logging

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ioc.wall.body import read_body
from ioc.wall.hub import Hub
from ioc.wall.marks import KINDS, MarkStore, check_mark
from ioc.wall.viewer import viewer_of
from schemas.errors import RejectError, RetryError

log = logging.getLogger("ioc.wall")
_MAX_BODY_BYTES = 4096


class Marking:
    """The handler of `POST /marks`."""

    def __init__(self, store: MarkStore, hub: Hub, max_hours: float) -> None:
        self._store, self._hub, self._max_hours = store, hub, max_hours

    async def add(self, request: Request) -> Response:
        """Store `{kind, subject, note, hours}`, or with `end: true` take the mark away."""
        viewer = viewer_of(request)
        if not viewer.is_signed_in:
            return _refused(403, "sign_in", "only people who signed in mark")
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return _refused(415, "bad_mark", "JSON is needed")
        try:
            given = orjson.loads(await read_body(request, _MAX_BODY_BYTES))
            if isinstance(given, dict) and given.get("end") is True:
                kind, subject = given.get("kind"), given.get("subject")
                if kind not in KINDS or not isinstance(subject, str):
                    return _refused(400, "bad_mark", "kind and subject are needed")
                await asyncio.to_thread(self._store.end, kind, subject, viewer.name)
                self._hub.wake()
                return JSONResponse({"ended": True})
            mark = check_mark(given, viewer.name, self._max_hours)
            mark_id = await asyncio.to_thread(self._store.add, mark)
        except orjson.JSONDecodeError:
            return _refused(400, "bad_mark", "JSON is needed")
        except RejectError as error:
            return _refused(400, error.code, str(error))
        except RetryError as error:
            log.warning("%s", error)
            return _refused(503, "not_stored", "the mark is not stored")
        self._hub.wake()
        return JSONResponse({"mark_id": mark_id}, 201)


def _refused(status: int, code: str, message: str) -> Response:
    return JSONResponse({"error": code, "message": message}, status)
