"""One frame: everything that a screen shows at one moment, serialized and packed once for all."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from ioc.wall.period import Period
from ioc.wall.status import Status

#: The head of a gzip stream. Each event is packed on its own and ends with a full flush, so the
#: same bytes fit into the stream of every screen, whenever it came.
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_WINDOW_BITS_RAW = -15
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Frame:
    """One moment, in the forms in which it travels.

    Attributes:
        json: the frame alone.
        event: as a server-sent event.
        packed: the event as a piece of a gzip stream.
    """

    json: bytes
    event: bytes
    packed: bytes


def make_frame(
    *,
    build: str,
    now_ms: int,
    today: str,
    period: Period,
    status: Status,
    read_at_ms: int,
    has_data: bool,
    balance: str,
    answers: Mapping[str, list[tuple[Any, ...]]],
    asked: Mapping[str, int],
    waiting: Mapping[str, int],
    faults: Mapping[str, int],
    bound: Mapping[str, Any],
    private: bool,
    marks: Sequence[Mapping[str, Any]],
) -> Frame:
    """Serialize a frame.

    Args:
        build: of this server's page; another one than the page's own makes it load anew.
        now_ms: epoch milliseconds.
        today: the local date, ISO.
        period: what it shows.
        status: how current it is.
        read_at_ms: when its figures were read, 0 = never; of some see `asked`.
        has_data: whether the warehouse holds any figure at all.
        balance: word of `BalanceWatch`, or empty.
        answers: rows by the name of the SQL; columns are those of the catalogue.
        asked: of when (epoch milliseconds) those are that are older than `read_at_ms`.
        waiting: since when those are waited for that never came yet.
        faults: since when (epoch milliseconds) which of them cannot be read.
        bound: values of the queries' parameters.
        private: whether panels that name single dossiers are in it.
        marks: of units and dossiers, those that stand now.
    """
    content = {
        "build": build,
        "now": now_ms,
        "today": today,
        "period": {
            "name": period.name,
            "from": period.from_day,
            "to": period.to_day,
            "step": period.step,
            "newest": period.newest,
            "at": None if period.at is None else period.at * 1000,
        },
        "status": status.as_dict(),
        "read_at": read_at_ms,
        "has_data": has_data,
        "balance": balance,
        "answers": answers,
        "asked": asked,
        "waiting": waiting,
        "faults": faults,
        "bound": bound,
        "private": private,
        "marks": marks,
    }
    body = orjson.dumps(content)
    event = b"data: " + body + b"\n\n"
    return Frame(body, event, pack(event))


def pack(data: bytes) -> bytes:
    """Compress a piece that may follow `GZIP_HEAD` or any other piece."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW_BITS_RAW)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)
