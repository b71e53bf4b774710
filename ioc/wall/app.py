"""The wall as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from dashboards.catalogue.boards import board as board_of
from ioc.wall.assets import Asset, Assets
from ioc.wall.frame import GZIP_HEAD, pack
from ioc.wall.guard import Guard
from ioc.wall.hub import Hub
from ioc.wall.view import View
from ioc.wall.wish import read_wish
from schemas.errors import RejectError, RetryError
from schemas.messages import LANGUAGES

_FOR_GOOD = "public, max-age=31536000, immutable"
_NEVER = "no-store"
#: The browser's own wait before it connects again; the page's watchdog is the one that counts.
_RETRY = b"retry: 1000\n\n"


class WallApp:
    """The handlers."""

    def __init__(self, hub: Hub, assets: Assets, language: str) -> None:
        """Serve the hub's frames and the page in a language unless the address asks for another."""
        self._hub = hub
        self._assets = assets
        self._language = language

    def application(self, token: str, allowed_hosts: str) -> ASGIApp:
        """Return the guarded application."""
        routes = [
            Route("/", self.page),
            Route("/board/{board}", self.page),
            Route("/events", self.events),
            Route("/events/{board}", self.events),
            Route("/frame", self.frame),
            Route("/frame/{board}", self.frame),
            Route("/health", self.health),
            Route("/alive", self.alive),
            Route("/static/{path:path}", self.file),
            Route("/vendor/{path:path}", self.file),
        ]
        return Guard(Starlette(routes=routes), token, allowed_hosts)

    async def page(self, request: Request) -> Response:
        """Return the page."""
        asked = request.query_params.get("lang", "")
        language = asked if asked in LANGUAGES else self._language
        return _packed(request, _text_asset(self._assets.page(language)), _NEVER)

    async def file(self, request: Request) -> Response:
        """Return a file of the page."""
        asset = self._assets.find(request.url.path)
        if asset is None:
            return PlainTextResponse("not found\n", 404, headers={"Cache-Control": _NEVER})
        return _packed(request, asset, _FOR_GOOD)

    async def frame(self, request: Request) -> Response:
        """Return the newest frame as JSON; the first one of a view takes a moment."""
        view = self._view(request)
        if isinstance(view, Response):
            return view
        frame = await view.newest()
        return Response(
            frame.json, media_type="application/json", headers={"Cache-Control": _NEVER}
        )

    async def events(self, request: Request) -> Response:
        """Return the stream of frames."""
        view = self._view(request)
        if isinstance(view, Response):
            return view
        headers = {"Cache-Control": _NEVER, "X-Accel-Buffering": "no"}
        packed = _takes_gzip(request)
        if packed:
            headers["Content-Encoding"] = "gzip"
        return StreamingResponse(
            _stream(view, packed), media_type="text/event-stream", headers=headers
        )

    async def health(self, request: Request) -> Response:
        """Say whether figures are read and the worker is there; 503 otherwise."""
        healthy, status = self._hub.health()
        body = {"healthy": healthy, "screens": self._hub.screens, "status": status.as_dict()}
        return Response(
            orjson.dumps(body),
            200 if healthy else 503,
            media_type="application/json",
            headers={"Cache-Control": _NEVER},
        )

    async def alive(self, request: Request) -> Response:
        """Answer while the event loop turns, whatever the warehouse and the worker do."""
        return PlainTextResponse("alive\n", headers={"Cache-Control": _NEVER})

    def _view(self, request: Request) -> View | Response:
        try:
            board = board_of(request.path_params.get("board", "province"))
            wish = read_wish(board, request.query_params)
            return self._hub.view(wish)
        except KeyError:
            return PlainTextResponse("no such board\n", 404)
        except RejectError as error:
            return PlainTextResponse(f"{error}\n", 400)
        except RetryError as error:
            after = str(int(error.retry_after_seconds or 1))
            return PlainTextResponse(f"{error}\n", 503, headers={"Retry-After": after})


async def _stream(view: View, packed: bool) -> AsyncIterator[bytes]:
    yield GZIP_HEAD + pack(_RETRY) if packed else _RETRY
    async for frame in view.frames():
        yield frame.packed if packed else frame.event


def _packed(request: Request, asset: Asset, keep: str) -> Response:
    headers = {"Cache-Control": keep, "Vary": "Accept-Encoding"}
    body = asset.body
    if asset.packed is not None and _takes_gzip(request):
        headers["Content-Encoding"] = "gzip"
        body = asset.packed
    return Response(body, media_type=asset.media_type, headers=headers)


def _takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def _text_asset(text: str) -> Asset:
    return Asset(text.encode(), "text/html; charset=utf-8", None)
