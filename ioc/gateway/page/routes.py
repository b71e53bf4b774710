"""The integrator's page over HTTP: forms and answers, nothing in the address but the language."""

from __future__ import annotations

from urllib.parse import parse_qs

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from ioc.gateway.access import client_address
from ioc.gateway.gateway import Gateway
from ioc.gateway.intake.result import ItemResult, Options
from ioc.gateway.keys.caller import Caller
from ioc.gateway.keys.model import Key, Right
from ioc.gateway.page.board import REJECTS_DOWNLOADED, BoardReader
from ioc.gateway.page.session import HEADERS, PATH, forget_key, given_key, is_own_form, keep_key
from ioc.gateway.page.view import View, stylesheet
from ioc.gateway.problems import bad_key
from ioc.gateway.reading.desk import ReadingDesk
from ioc.wall.body import read_body
from schemas.errors import RejectError
from schemas.gateway_texts import Refused
from schemas.messages import LANGUAGES
from schemas.page_texts import PageText

_FORM_BYTES = 64 << 10
_FORM_FIELDS = 8


class IntegratorPage:
    """The handlers of one gateway."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        desk = ReadingDesk.of(gateway)
        self._reader = BoardReader(desk.lists, desk.statistics)
        self._query_pace = desk.query_pace
        self._view = View(gateway.units)
        self._style = stylesheet()

    async def show(self, request: Request) -> Response:
        """Show the page of the key, or ask for one."""
        language = self._language(request)
        if not given_key(request):
            return self._view.enter(language)
        known = self._admit(request, language)
        return known if isinstance(known, Response) else await self._board(language, *known)

    async def enter(self, request: Request) -> Response:
        """Take a key; wrong ones are counted by address."""
        language = self._language(request)
        try:
            form = await self._form(request)
        except RejectError:
            form = {}  # no key is that long
        if form is None:
            return PlainTextResponse("not from this page\n", 403, HEADERS)
        text = form.get("key", "").strip()
        if self._gateway.keys.verify(text, self._now()) is None:
            return self._refuse_key(request, language)
        response = RedirectResponse(f"{PATH}?lang={language}", 303, HEADERS)
        keep_key(response, request, text)
        return response

    async def leave(self, request: Request) -> Response:
        """Take the key out of the browser."""
        if not is_own_form(request):
            return PlainTextResponse("not from this page\n", 403, HEADERS)
        response = RedirectResponse(f"{PATH}?lang={self._language(request)}", 303, HEADERS)
        forget_key(response)
        return response

    async def send(self, request: Request) -> Response:
        """Check or send one event: a try, or a mended one."""
        language = self._language(request)
        if not is_own_form(request):
            return PlainTextResponse("not from this page\n", 403, HEADERS)
        known = self._admit(request, language)
        if isinstance(known, Response):
            return known
        key, caller = known
        try:
            form = await self._form(request)
        except RejectError:
            fault = PageText.TOO_LARGE.in_language(language)
            return await self._board(language, key, caller, fault=fault, status=413)
        if form is None:
            return PlainTextResponse("not from this page\n", 403, HEADERS)
        if Right.PUSH not in caller.rights:
            fault = PageText.NO_PUSH.in_language(language)
            return await self._board(language, key, caller, fault=fault, status=403)
        wait = self._gateway.limits.events_wait(caller.key_id, 1, self._now())
        if wait:
            fault = PageText.WAIT.in_language(language, n=wait)
            return await self._board(language, key, caller, fault=fault, status=429)
        event = form.get("event", "")
        options = Options(
            dry_run=form.get("what") != "send",
            request_id=request.state.request_id,
            route=PATH,
        )
        outcome = await self._gateway.intake.submit(caller, [_one_line(event)], options)
        (result,) = outcome.results
        return await self._board(language, key, caller, tried=event, result=result)

    async def download(self, request: Request) -> Response:
        """Return the rejected events, one a line, as they can be mended and sent."""
        if not given_key(request):
            return RedirectResponse(PATH, 303, HEADERS)
        known = self._admit(request, self._language(request))
        if isinstance(known, Response):
            return known
        rows = await self._reader.rejects(known[1], REJECTS_DOWNLOADED)
        if rows is None:
            text = PageText.AWAY.in_language(self._language(request))
            return PlainTextResponse(f"{text}\n", 503, HEADERS)
        lines = []
        for row in rows:
            if row["mended"]:
                continue
            # A field that no event has is dropped when the line is sent again.
            why = {"code": row["code"], "field": row["field"], "value": row["value"]}
            lines.append(orjson.dumps({**_object(row["item"]), "_rejected": why}))
        headers = {**HEADERS, "Content-Disposition": 'attachment; filename="rejects.ndjson"'}
        body = b"".join(line + b"\n" for line in lines)
        return Response(body, headers=headers, media_type="application/x-ndjson")

    async def style(self, request: Request) -> Response:
        """Return the stylesheet."""
        headers = {**HEADERS, "Cache-Control": "public, max-age=300"}
        return Response(self._style, headers=headers, media_type="text/css")

    async def _board(
        self,
        language: str,
        key: Key,
        caller: Caller,
        *,
        tried: str = "",
        result: ItemResult | None = None,
        fault: str = "",
        status: int = 200,
    ) -> Response:
        board = await self._reader.read(caller, self._now())
        return self._view.board(
            language, key, caller, board, tried=tried, result=result, fault=fault, status=status
        )

    async def _form(self, request: Request) -> dict[str, str] | None:
        """Return a form's fields; None if it is not from a page of this address.

        Raises:
            RejectError: it is too long.
        """
        if not is_own_form(request):
            return None
        body = await read_body(request, _FORM_BYTES)
        try:
            fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=_FORM_FIELDS)
        except (UnicodeDecodeError, ValueError):
            return {}
        return {name: values[0] for name, values in fields.items()}

    def _admit(self, request: Request, language: str) -> tuple[Key, Caller] | Response:
        """Return whose page it is, or what whoever came too often or with a wrong key is told."""
        now = self._now()
        key = self._gateway.keys.verify(given_key(request), now)
        if key is None:
            response = self._refuse_key(request, language)
            if response.status_code == 401:
                forget_key(response)
            return response
        caller = self._gateway.keys.caller(key, client_address(request), now)
        request.state.caller = caller
        wait = self._gateway.limits.request_wait(caller.key_id, now)
        # A page is some questions at once; they count as one list.
        wait = wait or self._query_pace.take(caller.key_id, 1, now)
        return self._wait(request, language, wait) if wait else (key, caller)

    def _refuse_key(self, request: Request, language: str) -> Response:
        """Count a wrong key by address, and say so."""
        wait = self._gateway.limits.bad_key_wait(client_address(request), self._now())
        if wait:
            return self._wait(request, language, wait)
        # As the refusals are written down.
        request.state.problem = bad_key().code
        fault = PageText.BAD_KEY.in_language(language)
        return self._view.enter(language, fault=fault, status=401)

    def _wait(self, request: Request, language: str, seconds: int) -> Response:
        request.state.problem = Refused.TOO_FAST.name.lower()
        fault = PageText.WAIT.in_language(language, n=seconds)
        response: Response = self._view.enter(language, fault=fault, status=429)
        response.headers["Retry-After"] = str(seconds)
        return response

    def _language(self, request: Request) -> str:
        asked = request.query_params.get("lang", "")
        return asked if asked in LANGUAGES else self._gateway.settings.language

    def _now(self) -> int:
        return self._gateway.clock.now_ms() // 1000


def make_router(gateway: Gateway) -> APIRouter:
    """Return the router of the page; it asks for its key itself."""
    page = IntegratorPage(gateway)
    router = APIRouter(include_in_schema=False, tags=["open"])
    router.add_api_route(PATH, page.show, methods=["GET"], response_model=None)
    router.add_api_route(f"{PATH}/enter", page.enter, methods=["POST"], response_model=None)
    router.add_api_route(f"{PATH}/leave", page.leave, methods=["POST"], response_model=None)
    router.add_api_route(f"{PATH}/send", page.send, methods=["POST"], response_model=None)
    router.add_api_route(f"{PATH}/rejects.ndjson", page.download, methods=["GET"],
                         response_model=None)  # fmt: skip
    router.add_api_route(f"{PATH}/page.css", page.style, methods=["GET"], response_model=None)
    return router


def _one_line(event: str) -> bytes:
    """Return the event without line ends, as it would come in an array."""
    try:
        return orjson.dumps(orjson.loads(event))
    except ValueError:
        return event.encode()


def _object(item: str) -> dict[str, object]:
    try:
        found = orjson.loads(item)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
