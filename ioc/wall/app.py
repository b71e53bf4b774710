"""The wall as an ASGI application."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from html import escape

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from dashboards.board import Board
from dashboards.catalogue.boards import board as board_of
from ioc.wall.assets import Asset, Assets
from ioc.wall.exports import Exports
from ioc.wall.frame import GZIP_HEAD, pack
from ioc.wall.hub import Hub
from ioc.wall.marking import Marking
from ioc.wall.sessions import Sessions
from ioc.wall.sign_in import SignIn
from ioc.wall.view import View
from ioc.wall.viewer import Viewer, viewer_of
from ioc.wall.wish import read_wish
from schemas.errors import RejectError, RetryError
from schemas.messages import LANGUAGES

_FOR_GOOD = "public, max-age=31536000, immutable"
_NEVER = "no-store"
#: The browser's own wait before it connects again; the page's watchdog is the one that counts.
_RETRY = b"retry: 1000\n\n"
_FIRST_BOARD = "province"
_THEMES = ("dark", "light")


class WallApp:
    """The handlers of pages, frames and files."""

    def __init__(
        self, hub: Hub, assets: Assets, sessions: Sessions, language: str, has_accounts: bool
    ) -> None:
        """Serve the hub's frames and the pages.

        Args:
            hub: makes the frames.
            assets: files of the pages.
            sessions: end streams of dossiers.
            language: of pages whose address does not ask for another.
            has_accounts: whether the page offers to sign in.
        """
        self._hub = hub
        self._assets = assets
        self._sessions = sessions
        self._language = language
        self._has_accounts = has_accounts

    def routes(
        self, exports: Exports, sign_in: SignIn, marking: Marking, monitoring: Sequence[Route] = ()
    ) -> Starlette:
        """Return the application, to be guarded."""
        return Starlette(
            routes=[
                Route("/", self.page),
                Route("/board/{board}", self.page),
                Route("/tv", self.tv),
                Route("/events", self.events),
                Route("/events/{board}", self.events),
                Route("/frame", self.frame),
                Route("/frame/{board}", self.frame),
                Route("/export/{board}/{file}", exports.file),
                Route("/login", sign_in.page),
                Route("/login", sign_in.sign_in, methods=["POST"]),
                Route("/logout", sign_in.sign_out, methods=["POST"]),
                Route("/marks", marking.add, methods=["POST"]),
                Route("/health", self.health),
                Route("/alive", self.alive),
                *monitoring,
                Route("/static/{path:path}", self.file),
                Route("/vendor/{path:path}", self.file),
            ]
        )

    async def page(self, request: Request) -> Response:
        """Return the page of a board."""
        try:
            read_wish(
                board_of(request.path_params.get("board", _FIRST_BOARD)), request.query_params
            )
        except KeyError:
            return PlainTextResponse("no such board\n", 404)
        except RejectError as error:
            return PlainTextResponse(f"{error}\n", 400)
        return self._page(request, "board")

    async def tv(self, request: Request) -> Response:
        """Return the page of a TV: boards in turn, nothing to click."""
        return self._page(request, "tv")

    def _page(self, request: Request, mode: str) -> Response:
        language, theme = request.query_params.get("lang", ""), request.query_params.get("theme")
        texts = {
            "LANGUAGE": language if language in LANGUAGES else self._language,
            "THEME": theme if theme in _THEMES else _THEMES[0],
            "MODE": mode,
            "PERSON": viewer_of(request).name,
            "ACCOUNTS": "true" if self._has_accounts else "false",
        }
        page = self._assets.template("index.html")
        for name, text in texts.items():
            page = page.replace(f"%{name}%", escape(text or ""))
        return _packed(request, Asset(page.encode(), "text/html; charset=utf-8", None), _NEVER)

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
            self._stream(view, packed, viewer_of(request)),
            media_type="text/event-stream",
            headers=headers,
        )

    async def _stream(self, view: View, packed: bool, viewer: Viewer) -> AsyncIterator[bytes]:
        yield GZIP_HEAD + pack(_RETRY) if packed else _RETRY
        async for frame in view.frames():
            if view.wish.private and not self._sessions.stands(viewer, int(time.time())):
                return  # the page connects again and is told what anyone is told
            yield frame.packed if packed else frame.event

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
            board: Board = board_of(request.path_params.get("board", _FIRST_BOARD))
            wish = read_wish(board, request.query_params)
            return self._hub.view(wish.shown_to(viewer_of(request).is_signed_in, board))
        except KeyError:
            return PlainTextResponse("no such board\n", 404)
        except RejectError as error:
            return PlainTextResponse(f"{error}\n", 400)
        except RetryError as error:
            after = str(int(error.retry_after_seconds or 1))
            return PlainTextResponse(f"{error}\n", 503, headers={"Retry-After": after})


def _packed(request: Request, asset: Asset, keep: str) -> Response:
    headers = {"Cache-Control": keep, "Vary": "Accept-Encoding"}
    body = asset.body
    if asset.packed is not None and _takes_gzip(request):
        headers["Content-Encoding"] = "gzip"
        body = asset.packed
    return Response(body, media_type=asset.media_type, headers=headers)


def _takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")
