"""Finds out who calls: the key in the header, its rights, its pace."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable

from starlette.requests import Request

from ioc.gateway.gateway import Gateway
from ioc.gateway.keys.caller import Caller
from ioc.gateway.keys.model import Right
from ioc.gateway.problems import Problem, bad_key
from schemas.gateway_texts import Refused

_MAX_HEADER_CHARACTERS = 512


def require(right: Right) -> Callable[[Request], Awaitable[Caller]]:
    """Return a dependency of FastAPI that gives the caller of a request.

    It raises `Problem`: 401 for a key that does not work, 403 where it lacks the right, 429 when
    the key is used too often (or wrong keys come from one address), 503 before any keys are known.
    """

    async def caller(request: Request) -> Caller:
        return caller_of(request, right)

    return caller


def caller_of(request: Request, right: Right) -> Caller:
    """Do what `require` says, at once."""
    gateway = gateway_of(request)
    now_ms = gateway.clock.now_ms()
    address = client_address(request)
    if not gateway.keys.is_loaded:
        seconds = gateway.settings.retry_seconds
        text = Refused.NOT_SAVED if right is Right.PUSH else Refused.NOT_READABLE
        raise Problem(text, status=503, retry_after_seconds=seconds)
    key = gateway.keys.verify(_given(request), now_ms // 1000)
    if key is None:
        wait = gateway.limits.bad_key_wait(address, now_ms / 1000)
        if wait:
            raise Problem(Refused.TOO_FAST, status=429, retry_after_seconds=wait)
        raise bad_key()
    # Known from here on to whoever writes the audit rows.
    request.state.caller = found = gateway.keys.caller(key, address, now_ms // 1000)
    if right not in found.rights:
        raise Problem(Refused.NO_RIGHT, status=403, right=right.value)
    wait = gateway.limits.request_wait(found.key_id, now_ms / 1000)
    if wait:
        raise Problem(Refused.TOO_FAST, status=429, retry_after_seconds=wait)
    return found


def gateway_of(request: Request) -> Gateway:
    """Return the gateway that a request came to."""
    gateway: Gateway = request.app.state.gateway
    return gateway


def client_address(request: Request) -> str:
    """Return where a request comes from; a trusted proxy's word is believed already."""
    return request.client.host if request.client is not None else ""


def _given(request: Request) -> str:
    """Return the key's text: as bearer token, or as password of old software's addresses."""
    header = request.headers.get("authorization", "")
    kind, _, given = header.partition(" ")
    given = given.strip()
    if not given or len(header) > _MAX_HEADER_CHARACTERS:
        return ""
    if kind.lower() == "bearer":
        return given
    if kind.lower() == "basic":
        try:
            return base64.b64decode(given, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""
