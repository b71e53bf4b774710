"""Dead letters: what a record that cannot be used is filed under."""

from __future__ import annotations

import re

import orjson

from schemas.errors import RejectError
from streams.ports import DeadLetter, Record

# A source's name is shown in the clear, so it is taken only where it looks like one.
_SOURCE = re.compile(r"^[A-Za-z0-9._:/-]{1,64}$")


def make_letter(topic: str, partition: int, record: Record, error: Exception) -> DeadLetter:
    """File a record under the reason why it cannot be used.

    An error that nobody meant to raise is named by its class only: its text might quote the
    record, which may hold personal data.
    """
    if isinstance(error, RejectError):
        code, reason = error.code, str(error)
    else:
        code, reason = "unexpected", f"unexpected {type(error).__name__}"
    return DeadLetter(
        topic=topic,
        partition=partition,
        offset=record.offset,
        log_ms=record.timestamp,
        source=_source_of(record.value),
        code=code,
        reason=reason[:500],
        key=record.key,
        value=record.value,
    )


def _source_of(value: bytes | None) -> str:
    try:
        said = orjson.loads(value or b"")
    except orjson.JSONDecodeError:
        return ""
    source = said.get("source") if isinstance(said, dict) else None
    return source if isinstance(source, str) and _SOURCE.match(source) else ""
