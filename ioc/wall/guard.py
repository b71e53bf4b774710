"""Who may look: everybody on this machine, or whoever has a token or signed in."""

from __future__ import annotations

import hmac
import ipaddress
import re
import time
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ioc.wall.accounts import Accounts
from ioc.wall.sessions import COOKIE as PERSON_COOKIE
from ioc.wall.sessions import Sessions
from ioc.wall.viewer import Role, Viewer
from schemas.errors import ConfigurationError
from schemas.settings import WallSettings

COOKIE = "ioc_wall"
MIN_TOKEN_LENGTH = 16
#: Asked by supervisors, which hold no token; they say nothing about dossiers. The others are the
#: sign-in page and what it looks like.
_OPEN_PATHS = re.compile(
    r"/health(?:/live|/ready)?|/alive|/login|/static/\w+/[\w.]+\.(?:css|svg)|/vendor/.*fonts.*"
)
_COOKIE_SECONDS = 30 * 86_400
#: Browsers keep no cookie longer; a TV renews it with every page.
_TV_COOKIE_SECONDS = 400 * 86_400
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Secrets:
    """What opens the wall; empty = no such thing."""

    token: str = ""
    tv_token: str = ""


def check_exposure(settings: WallSettings, accounts: Accounts) -> Secrets:
    """Return the tokens; none are needed on the loopback address.

    Raises:
        ConfigurationError: others could reach the wall and nothing keeps them out, or a token is
            too short, or both are the same.
    """
    token = settings.secret().get_secret_value()
    tv_token = settings.tv_secret().get_secret_value()
    if not token and not accounts.exist and not is_loopback(settings.host):
        raise ConfigurationError(
            f"IOC_WALL_HOST={settings.host} can be reached from other machines: set "
            "IOC_WALL_TOKEN_FILE (or IOC_WALL_TOKEN), or IOC_WALL_USERS_FILE with an account "
            "(ioc wall-user add), or leave the wall on 127.0.0.1"
        )
    for each in (token, tv_token):
        if each and len(each) < MIN_TOKEN_LENGTH:
            raise ConfigurationError(
                f"a token of the wall must have at least {MIN_TOKEN_LENGTH} characters"
            )
    if token and token == tv_token:
        raise ConfigurationError("the token of the TVs must not be the token of the wall")
    return Secrets(token, tv_token)


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

    Where nobody needs a token the name that the browser asked for must be one of this machine's:
    otherwise any web page could point a name of its own at 127.0.0.1 and read the wall. What
    changes something must come from a page of this very address.
    """

    def __init__(
        self,
        app: ASGIApp,
        secrets: Secrets,
        accounts: Accounts,
        sessions: Sessions,
        *,
        is_open: bool,
        allowed_hosts: str = "",
    ) -> None:
        """Guard an application.

        Args:
            app: what is guarded; finds the `Viewer` in its state.
            secrets: the tokens.
            accounts: who may sign in.
            sessions: of those who did.
            is_open: whether somebody without any of these may look (loopback only).
            allowed_hosts: further names by which an open wall may be asked, comma separated.
        """
        self._app = app
        self._secrets = secrets
        self._accounts = accounts
        self._sessions = sessions
        self._is_open = is_open
        self._hosts = frozenset(name.strip() for name in allowed_hosts.split(",") if name.strip())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        answer = self._check(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if isinstance(answer, Viewer) and answer.role is Role.TV and scope["path"] == "/tv":
                    headers.append("Set-Cookie", self._cookie(Role.TV, scope))
            await send(message)

        if isinstance(answer, Viewer):
            scope.setdefault("state", {})["viewer"] = answer
            await self._app(scope, receive, send_with_headers)
        else:
            await answer(scope, receive, send_with_headers)

    def _check(self, scope: Scope) -> Viewer | Response:
        headers = Headers(scope=scope)
        if scope["method"] not in _SAFE_METHODS and not _is_same_origin(scope, headers):
            return PlainTextResponse("not from a page of this wall\n", 403)
        if self._is_open:
            name = _host_name(headers.get("host", ""))
            if not is_loopback(name) and name not in self._hosts:
                return PlainTextResponse("unknown host name\n", 421)
        given = self._given_token(scope)
        if given is not None:
            return given
        viewer = self._viewer(headers)
        if viewer is not None:
            return viewer
        if self._is_open or _OPEN_PATHS.fullmatch(scope["path"]):
            return Viewer(Role.ANYONE)
        return self._refuse(scope, headers)

    def _viewer(self, headers: Headers) -> Viewer | None:
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            cookies = SimpleCookie()
        if PERSON_COOKIE in cookies:
            person = self._sessions.read(cookies[PERSON_COOKIE].value, int(time.time()))
            if person is not None:
                return person
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and (role := self._role_of(bearer)):
            return Viewer(role)
        cookie = cookies[COOKIE].value if COOKIE in cookies else ""
        for role, token in self._tokens():
            if _same(cookie, _cookie_value(token)):
                return Viewer(role)
        return None

    def _tokens(self) -> tuple[tuple[Role, str], ...]:
        pairs = ((Role.TOKEN, self._secrets.token), (Role.TV, self._secrets.tv_token))
        return tuple((role, token) for role, token in pairs if token)

    def _role_of(self, given: str) -> Role | None:
        roles = [role for role, token in self._tokens() if _same(given, token)]
        return roles[0] if roles else None

    def _given_token(self, scope: Scope) -> Response | None:
        """Turn a token in the address into a cookie; a wrong one is said."""
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = dict(pairs).get("token")
        if given is None or not self._tokens():
            return None
        role = self._role_of(given)
        if role is None:
            return PlainTextResponse("token missing or wrong\n", 401)
        # The token leaves the address line, where it would be photographed with the screen.
        rest = [pair for pair in pairs if pair[0] != "token"]
        query = f"?{urlencode(rest)}" if rest else ""
        response = RedirectResponse(f"/{scope['path'].lstrip('/')}{query}", 303)
        response.headers.append("Set-Cookie", self._cookie(role, scope))
        return response

    def _cookie(self, role: Role, scope: Scope) -> str:
        seconds = _TV_COOKIE_SECONDS if role is Role.TV else _COOKIE_SECONDS
        value = _cookie_value(dict(self._tokens())[role])
        # Lax: a link in a message must open the wall.
        secure = "; Secure" if scope.get("scheme") == "https" else ""
        return f"{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=lax{secure}"

    def _refuse(self, scope: Scope, headers: Headers) -> Response:
        if self._accounts.exist and "text/html" in headers.get("accept", ""):
            query = scope["query_string"].decode("latin-1")
            path = scope["path"] + (f"?{query}" if query else "")
            return RedirectResponse(f"/login?next={quote(path)}", 303)
        return PlainTextResponse("token missing or wrong\n", 401)


def _is_same_origin(scope: Scope, headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = headers.get("origin")
    if origin is None:
        return site == "same-origin"
    return bool(origin != "null") and urlsplit(origin).netloc == headers.get("host", "")


def _cookie_value(token: str) -> str:
    return hmac.digest(token.encode(), b"ioc wall cookie", "sha256").hex()


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _host_name(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
