"""Compression of request and response bodies, by the names HTTP uses."""

from __future__ import annotations

import gzip
import sys
import zlib
from typing import cast

import lz4.frame

from ioc.embedded.clickhouse.faults import INCORRECT_DATA, NOT_IMPLEMENTED, fault

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# Cheapest first: both ends are on this machine, a core is dearer than the bytes.
_PREFERRED = ("lz4", "zstd", "gzip", "deflate")
_WORTH_BYTES = 2048


def decompress(body: bytes, encoding: str) -> bytes:
    """Unpack a request's body.

    Raises:
        ClickHouseError: unknown encoding, or the body is not of it.
    """
    try:
        match encoding:
            case "" | "identity":
                return body
            case "gzip":
                return gzip.decompress(body)
            case "deflate":
                return zlib.decompress(body)
            case "lz4":
                return _decompress_lz4(body)
            case "zstd":
                return zstd.decompress(body)
    except (OSError, EOFError, ValueError, RuntimeError, zlib.error, zstd.ZstdError) as error:
        raise fault(INCORRECT_DATA, f"Cannot decompress the {encoding} body: {error}") from error
    raise fault(NOT_IMPLEMENTED, f"Unknown compression method: {encoding}")


def _decompress_lz4(body: bytes) -> bytes:
    """Unpack every frame of the body.

    Clients compress a large insert block by block, one frame after another; `lz4.frame.decompress`
    stops after the first without a word, and the rest of the rows would be lost.
    """
    parts: list[bytes] = []
    while body:
        frame = lz4.frame.LZ4FrameDecompressor()
        parts.append(frame.decompress(body))
        if not frame.eof:
            raise EOFError("the last frame is cut off")
        body = frame.unused_data or b""
    return b"".join(parts)


def choose(accept_encoding: str, enabled: bool) -> str | None:
    """Return the encoding for an answer, or None for none."""
    if not enabled:
        return None
    accepted = {part.split(";")[0].strip().lower() for part in accept_encoding.split(",")}
    return next((name for name in _PREFERRED if name in accepted), None)


def worth_compressing(body: bytes) -> bool:
    """Tell whether a body is long enough to gain anything."""
    return len(body) >= _WORTH_BYTES


def compress(body: bytes, encoding: str) -> bytes:
    """Pack an answer's whole body with one of the encodings of `choose`."""
    match encoding:
        case "gzip":
            return gzip.compress(body, compresslevel=1)
        case "deflate":
            return zlib.compress(body, level=1)
        case "lz4":
            return cast(bytes, lz4.frame.compress(body))
        case _:
            return zstd.compress(body, level=1)
