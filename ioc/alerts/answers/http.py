"""What every page and answer of this server has: safety headers, same origin, form fields."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ioc.wall.body import read_body
from schemas.errors import RejectError

MAX_FORM_BYTES = 64 << 10
_FORM = "application/x-www-form-urlencoded"
NO_STORE = {"Cache-Control": "no-store"}


def page(html: str, style: str, status: int = 200, **headers: str) -> Response:
    """Return a page that may do nothing but show itself and send its form back here.

    Args:
        html: the page; no script, no picture, no file of elsewhere.
        style: the only style sheet that it may have, as it stands in the page.
        status: of the answer.
        headers: further ones.
    """
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    safety = {
        **NO_STORE,
        "Content-Security-Policy": (
            f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        # The address is the permission. `same-origin` keeps it from others, and unlike
        # `no-referrer` leaves forms an Origin by which they can be told from foreign ones.
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Robots-Tag": "noindex, nofollow",
    }
    return HTMLResponse(html, status, headers={**safety, **headers})


def is_same_origin(headers: Headers, public_url: str) -> bool:
    """Whether a browser says that a form comes from a page of this server.

    Args:
        headers: of the request.
        public_url: by which phones know this server, "" = only by the name that was asked for.
    """
    site = headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = headers.get("origin")
    if origin is None:
        return site == "same-origin"
    if origin == "null":
        return False
    names = {headers.get("host", "")}
    if public_url:
        names.add(urlsplit(public_url).netloc)
    return urlsplit(origin).netloc in names


async def read_form(request: Request) -> dict[str, list[str]]:
    """Return the fields of a form.

    Raises:
        RejectError: it is none, or too large.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        raise RejectError("bad_request", "a form is needed")
    try:
        text = (await read_body(request, MAX_FORM_BYTES)).decode("utf-8")
        return parse_qs(text, keep_blank_values=True, max_num_fields=2_000, errors="strict")
    except ValueError:
        raise RejectError("bad_request", "the form is wrong") from None


def one(form: dict[str, list[str]], *names: str) -> dict[str, object]:
    """Return the last value of some fields, "" for those that are missing."""
    return {name: form.get(name, [""])[-1] for name in names}
