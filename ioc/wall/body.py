"""Reads what a request brings, up to a limit."""

from __future__ import annotations

from starlette.requests import Request

from schemas.errors import RejectError


async def read_body(request: Request, max_bytes: int) -> bytes:
    """Return the body.

    Raises:
        RejectError: it is longer than allowed.
    """
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > max_bytes:
            raise RejectError("too_large", f"more than {max_bytes} bytes")
        parts.append(part)
    return b"".join(parts)
