"""The sign-in page."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from html import escape
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from dashboards.texts import WallText
from ioc.wall.accounts import Accounts
from ioc.wall.assets import Assets
from ioc.wall.body import read_body
from ioc.wall.sessions import Sessions
from schemas.errors import RejectError
from schemas.messages import LANGUAGES

_MAX_BODY_BYTES = 8192
#: After so many failures of one name from one address, none is looked at for a while.
_MAX_FAILURES = 5
_PAUSE_SECONDS = 60.0
_MAX_REMEMBERED = 10_000
#: A check costs 32 MB and a fifth of a second of a core.
_AT_ONCE = 2


class SignIn:
    """Handlers of `/login` and `/logout`."""

    def __init__(
        self, accounts: Accounts, sessions: Sessions, assets: Assets, language: str
    ) -> None:
        self._accounts, self._sessions, self._assets = accounts, sessions, assets
        self._language = language
        self._checks = asyncio.Semaphore(_AT_ONCE)
        self._failures: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()

    async def page(self, request: Request) -> Response:
        """Show the form."""
        return self._form(request, request.query_params.get("next", "/"))

    async def sign_in(self, request: Request) -> Response:
        """Check name and password; on success go to where the person came from."""
        try:
            fields = parse_qs((await read_body(request, _MAX_BODY_BYTES)).decode("utf-8"))
        except (RejectError, UnicodeDecodeError):
            return PlainTextResponse("the form is wrong\n", 400)
        name, password, after = (
            fields.get(field, [""])[0] for field in ("name", "password", "next")
        )
        key = (request.client.host if request.client else "", name[:64])
        if self._must_wait(key):
            return self._form(request, after, WallText.LOGIN_WAIT, 429)
        async with self._checks:
            is_right = await asyncio.to_thread(self._accounts.check, name, password)
        if not is_right:
            self._note_failure(key)
            return self._form(request, after, WallText.LOGIN_WRONG, 401)
        self._failures.pop(key, None)
        response = RedirectResponse(local_path(after), 303)
        try:
            self._sessions.open(response, name, int(time.time()), request.url.scheme == "https")
        except KeyError:
            return self._form(request, after, WallText.LOGIN_WRONG, 401)
        return response

    async def sign_out(self, request: Request) -> Response:
        """End the session in this browser."""
        response = RedirectResponse("/", 303)
        self._sessions.close(response)
        return response

    def _form(
        self, request: Request, after: str, error: WallText | None = None, status: int = 200
    ) -> Response:
        asked = request.query_params.get("lang", "")
        language = asked if asked in LANGUAGES else self._language
        texts = {
            "LANGUAGE": language,
            "TITLE": WallText.LOGIN_TITLE.in_language(language),
            "CENTRE": WallText.CENTRE.in_language(language),
            "NAME": WallText.LOGIN_NAME.in_language(language),
            "PASSWORD": WallText.LOGIN_PASSWORD.in_language(language),
            "SUBMIT": WallText.LOGIN_SUBMIT.in_language(language),
            "NEXT": local_path(after),
            "ERROR": error.in_language(language) if error else "",
        }
        page = self._assets.template("login.html")
        for key, value in texts.items():
            page = page.replace(f"%{key}%", escape(value))
        headers = {"Cache-Control": "no-store"}
        if status == 429:
            headers["Retry-After"] = str(int(_PAUSE_SECONDS))
        return Response(page, status, media_type="text/html; charset=utf-8", headers=headers)

    def _must_wait(self, key: tuple[str, str]) -> bool:
        failures, newest = self._failures.get(key, (0, 0.0))
        if time.monotonic() - newest > _PAUSE_SECONDS:
            self._failures.pop(key, None)
            return False
        return failures >= _MAX_FAILURES

    def _note_failure(self, key: tuple[str, str]) -> None:
        failures, _ = self._failures.pop(key, (0, 0.0))
        self._failures[key] = (failures + 1, time.monotonic())
        while len(self._failures) > _MAX_REMEMBERED:
            self._failures.popitem(last=False)


def local_path(text: str) -> str:
    """Return a path of this wall; whatever could lead elsewhere becomes its first page."""
    is_local = text.startswith("/") and not text.startswith("//") and text.isprintable()
    return text if is_local and "\\" not in text and not text.startswith("/log") else "/"
