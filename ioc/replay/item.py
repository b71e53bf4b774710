"""What a reader makes of one line of a file."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson

from ioc.replay.outgoing import OutgoingRecord
from schemas.errors import RejectError
from schemas.events import decode_event


class Item(NamedTuple):
    """One line, row or message.

    Attributes:
        line: its number in the file from 1; a message's number in a JSON document.
        records: the events in it.
        rejects: what could not be understood.
        original: the line as it stands there, for the rejects file.
    """

    line: int
    records: tuple[OutgoingRecord, ...]
    rejects: tuple[RejectError, ...]
    original: bytes


def checked(value: bytes) -> OutgoingRecord:
    """Return a record for a value that is a valid event.

    Raises:
        RejectError: it is none, or lies in the future by this machine's clock.
    """
    dossier_id, _ = decode_event(value, time.time_ns() // 1_000_000)
    return OutgoingRecord(dossier_id.encode(), value)


def item_of_event(line: int, value: bytes, original: bytes | None = None) -> Item:
    """Return the item of a line that holds one event."""
    original = value if original is None else original
    try:
        return Item(line, (checked(value),), (), original)
    except RejectError as error:
        return Item(line, (), (error,), original)


def item_of_events(
    line: int, events: Iterable[dict[str, Any]], rejects: Iterable[RejectError], original: bytes
) -> Item:
    """Return the item of a message that tells several events; bad ones are rejected alone."""
    records, faults = [], list(rejects)
    for event in events:
        try:
            records.append(checked(orjson.dumps(event)))
        except RejectError as error:
            faults.append(error)
    return Item(line, tuple(records), tuple(faults), original)
