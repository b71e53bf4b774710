"""What waits in the spool: one event, or one entry of a national message."""

from __future__ import annotations

import json
from enum import IntEnum
from typing import Any, NamedTuple

from ioc.national.field_names import without_unread_fields


class Kind(IntEnum):
    """Which door of the gateway an item goes through."""

    EVENT = 0
    NATIONAL = 1
    #: Never sent: something that could not be read, kept to be mended.
    UNREADABLE = 2


class Item(NamedTuple):
    """One item; `body` is JSON text in UTF-8 on one line."""

    kind: Kind
    body: bytes


def items_of(document: Any) -> list[Item]:
    """Return the items of a JSON value: an event, a national message or entry, or a list of these.

    Of a national entry only the fields that the gateway reads are kept: names and addresses of
    people do not leave the desk, nor lie in its spool.

    Raises:
        ValueError: something in it is no JSON object.
    """
    if isinstance(document, list):
        return [item for part in document for item in items_of(part)]
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - one error for all of a reader
    entries = document.get("data")
    if isinstance(entries, list) and "specversion" not in document:
        updating = document.get("isUpdating")
        return [_entry(entry, updating) for entry in entries]
    if "MaHoSo" in document:
        return [_entry(document, None)]
    return [Item(Kind.EVENT, to_line(document))]


def to_line(document: Any) -> bytes:
    """Return JSON text on one line."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _entry(entry: Any, updating: Any) -> Item:
    if not isinstance(entry, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - one error for all of a reader
    kept = without_unread_fields(entry)
    if updating is not None:
        kept.setdefault("isUpdating", str(updating))
    return Item(Kind.NATIONAL, to_line(kept))
