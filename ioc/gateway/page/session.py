"""The key in the browser: entered by POST, kept in a cookie that nothing else can read."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

PATH = "/integrator"
COOKIE = "ioc_integrator"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def given_key(request: Request) -> str:
    """Return the key of the cookie; empty if there is none."""
    try:
        cookies = SimpleCookie(request.headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""


def keep_key(response: Response, request: Request, key: str) -> None:
    """Keep a key until the browser is closed."""
    response.set_cookie(
        COOKIE,
        key,
        path=PATH,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def forget_key(response: Response) -> None:
    """Take the key out of the browser."""
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="strict")


def is_own_form(request: Request) -> bool:
    """Whether a POST comes from a page of this very address."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return site == "same-origin"
    return origin != "null" and urlsplit(origin).netloc == request.headers.get("host", "")
