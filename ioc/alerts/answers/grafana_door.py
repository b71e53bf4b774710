"""`POST /v1/grafana`: where Grafana's contact point posts to."""

from __future__ import annotations

import asyncio
import base64
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ioc.alerts.answers.grafana import MAX_BODY_BYTES, plan, read_message
from ioc.alerts.answers.http import NO_STORE
from ioc.alerts.answers.people_watch import PeopleWatch
from ioc.alerts.answers.refusals import RETRY_SECONDS
from ioc.alerts.store.ledger import ledger_columns
from ioc.alerts.store.warehouse import Warehouse
from ioc.wall.body import read_body
from schemas.errors import FatalError, RejectError, RetryError

_KNOWN = "SELECT DISTINCT notice_id FROM alert_deliveries WHERE notice_id IN {ids:Array(String)}"


@dataclass(frozen=True)
class GrafanaDoor:
    """Puts Grafana's alerts into the delivery ledger, from where they are sent as all others.

    Answers 2xx only when the ledger has them; Grafana sends again otherwise. One request at a
    time: what one stored the next one sees.

    Attributes:
        token: what Grafana has to show, as bearer token or as the password of an address like
            `https://ioc:TOKEN@host/v1/grafana`; "" = the door is closed.
    """

    warehouse: Warehouse
    people: PeopleWatch
    token: str = field(repr=False)
    now_ms: Callable[[], int]
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def take(self, request: Request) -> Response:
        """Take one webhook."""
        given = _given(request.headers.get("authorization", ""))
        if not self.token or not hmac.compare_digest(given, self.token.encode()):
            headers = {**NO_STORE, "WWW-Authenticate": "Bearer"}
            return JSONResponse({"error": "bad_key"}, 401, headers=headers)
        try:
            message = read_message(await read_body(request, MAX_BODY_BYTES))
            async with self._turn:
                planned = plan(message, await self.people.book(), self.now_ms() // 1000)
                ids = [each.notice.notice_id for each in planned]
                rows = await self.warehouse.ask(_KNOWN, ids=ids) if ids else ()
                known = {row[0] for row in rows}
                fresh = [each for each in planned if each.notice.notice_id not in known]
                await self.warehouse.insert("alert_deliveries", ledger_columns(fresh))
        except RejectError as error:
            return JSONResponse({"error": error.code, "message": str(error)}, 400, headers=NO_STORE)
        except (RetryError, FatalError):
            headers = {**NO_STORE, "Retry-After": str(RETRY_SECONDS)}
            return JSONResponse({"error": "not_stored"}, 503, headers=headers)
        return JSONResponse({"told": len(fresh), "known": len(known)}, headers=NO_STORE)


def _given(authorization: str) -> bytes:
    kind, _, given = authorization.partition(" ")
    if kind.lower() == "bearer":
        return given.strip().encode()
    if kind.lower() == "basic":
        try:
            return base64.b64decode(given.strip(), validate=True).partition(b":")[2]
        except ValueError:
            return b""
    return b""
