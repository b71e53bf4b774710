"""Reads the body of a request, however long, slow or tightly packed it is."""

from __future__ import annotations

import asyncio
import io
import zlib

from starlette.requests import ClientDisconnect, Request

from ioc.gateway.http.room import Place
from ioc.gateway.problems import Problem
from schemas.gateway_settings import GatewaySettings
from schemas.gateway_texts import Refused

_MEGABYTE = 1 << 20
_UNPACKED_AT_A_TIME = 256 << 10
#: Files that were packed one by one and put together; each costs a copy of what follows it.
_MOST_MEMBERS = 64
_GZIP = zlib.MAX_WBITS | 16


async def read_body(request: Request, settings: GatewaySettings, place: Place) -> bytes:
    """Return a request's body, unpacked.

    Memory is taken from `place` before it is used; other requests have their turn meanwhile.

    Raises:
        Problem: 400 damaged or cut short, 408 too slow, 413 too large, 415 packed otherwise,
            503 no room.
    """
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise Problem(Refused.ENCODING, status=415, headers={"Accept-Encoding": "gzip"})
    packed = await _receive(request, settings, place)
    request.state.body_bytes = len(packed)
    if encoding in ("", "identity"):
        return packed
    return await _unpack(packed, settings.max_unpacked_bytes, place)


async def _receive(request: Request, settings: GatewaySettings, place: Place) -> bytes:
    limit = settings.max_body_bytes
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced[:20]) > limit:
        raise _too_large(limit)
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(settings.body_seconds):
            async for part in request.stream():
                size += len(part)
                if size > limit:
                    raise _too_large(limit)
                place.grow(len(part))
                parts.append(part)
    except TimeoutError:
        raise Problem(Refused.TOO_SLOW, status=408, headers={"Connection": "close"}) from None
    except ClientDisconnect:
        raise Problem(Refused.CUT_SHORT, status=400) from None
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def _unpack(packed: bytes, limit: int, place: Place) -> bytes:
    """Undo gzip, also several members in a row."""
    # Its buffer becomes the body without being copied.
    unpacked = io.BytesIO()
    try:
        for _ in range(_MOST_MEMBERS):
            if not packed:
                break
            stream = zlib.decompressobj(_GZIP)
            while not stream.eof:
                part = stream.decompress(packed, _UNPACKED_AT_A_TIME)
                packed = stream.unconsumed_tail
                if not part and not packed and not stream.eof:
                    raise Problem(Refused.BAD_GZIP, status=400)
                if unpacked.tell() + len(part) > limit:
                    raise _too_large(limit)
                place.grow(len(part))
                unpacked.write(part)
                await asyncio.sleep(0)
            packed = stream.unused_data
        if packed:
            raise Problem(Refused.BAD_GZIP, status=400)
    except zlib.error:
        raise Problem(Refused.BAD_GZIP, status=400) from None
    return unpacked.getvalue()


def _too_large(limit: int) -> Problem:
    megabytes = f"{limit / _MEGABYTE:.3g}"
    # The rest of the body is not read: the connection cannot be used again.
    return Problem(Refused.TOO_LARGE, status=413, headers={"Connection": "close"}, n=megabytes)
