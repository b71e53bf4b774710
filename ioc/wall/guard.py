"""Who may look: everybody on this machine, or whoever has the token."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schemas.errors import ConfigurationError
from schemas.settings import WallSettings

COOKIE = "ioc_wall"
#: Asked by supervisors, which hold no token; they say nothing about dossiers.
_OPEN_PATHS = frozenset({"/health", "/alive"})
_COOKIE_SECONDS = 30 * 86_400
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def check_exposure(settings: WallSettings) -> str:
    """Return the token, empty on the loopback address without one.

    Raises:
        ConfigurationError: others could reach the wall and no token keeps them out.
    """
    token = settings.secret().get_secret_value()
    if not token and not is_loopback(settings.host):
        raise ConfigurationError(
            f"IOC_WALL_HOST={settings.host} can be reached from other machines: set "
            "IOC_WALL_TOKEN_FILE (or IOC_WALL_TOKEN), or leave the wall on 127.0.0.1"
        )
    if token and len(token) < 16:
        raise ConfigurationError("the token of the wall must have at least 16 characters")
    return token


def is_loopback(host: str) -> bool:
    """Whether an address or `localhost` is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Guard:
    """Checks each request before the application sees it, and adds the safety headers.

    Without a token the name that the browser asked for must be one of this machine's: otherwise
    any web page could point a name of its own at 127.0.0.1 and read the wall.
    """

    def __init__(self, app: ASGIApp, token: str, allowed_hosts: str) -> None:
        self._app = app
        self._token = token
        self._hosts = frozenset(name.strip() for name in allowed_hosts.split(",") if name.strip())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._check(scope)
        await (refusal or self._app)(scope, receive, send_with_headers)

    def _check(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if not self._token:
            name = _host_name(headers.get("host", ""))
            if is_loopback(name) or name in self._hosts:
                return None
            return PlainTextResponse("unknown host name\n", 421)
        if scope["path"] in _OPEN_PATHS or self._shows_token(headers):
            return None
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = dict(pairs).get("token", "")
        if not _same(given, self._token):
            return PlainTextResponse("token missing or wrong\n", 401)
        return self._with_cookie(scope, [pair for pair in pairs if pair[0] != "token"])

    def _shows_token(self, headers: Headers) -> bool:
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and _same(bearer, self._token):
            return True
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and _same(cookie.value, self._cookie_value())

    def _with_cookie(self, scope: Scope, pairs: list[tuple[str, str]]) -> Response:
        # The token leaves the address line, where it would be photographed with the screen.
        query = f"?{urlencode(pairs)}" if pairs else ""
        path = "/" + scope["path"].lstrip("/")
        response = RedirectResponse(f"{path}{query}", 303)
        response.set_cookie(
            COOKIE,
            self._cookie_value(),
            max_age=_COOKIE_SECONDS,
            httponly=True,
            samesite="lax",
            secure=scope.get("scheme") == "https",
        )
        return response

    def _cookie_value(self) -> str:
        return hmac.new(self._token.encode(), b"ioc wall cookie", hashlib.sha256).hexdigest()


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _host_name(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
