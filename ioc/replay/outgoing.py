"""What the sender sends: one Kafka record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import orjson


class OutgoingRecord(NamedTuple):
    """One record on its way to the events topic.

    Attributes:
        key: dossier id, UTF-8; decides the partition.
        value: the event as JSON.
        partition: where it is put on purpose; None = its home, as Kafka's default partitioner
            chooses.
    """

    key: bytes
    value: bytes
    partition: int | None = None


def outgoing(events: Iterable[dict[str, Any]]) -> Iterator[OutgoingRecord]:
    """Write events as JSON, one record each, in their order."""
    for event in events:
        yield OutgoingRecord(event["dossier_id"].encode(), orjson.dumps(event))


def occurred_text(value: bytes) -> str | None:
    """Return the text of ``occurred_at`` without parsing the whole; None if it is not there.

    For pacing and delays only, where a wrong answer costs no figure.
    """
    start = value.find(b'"occurred_at":')
    if start < 0:
        return None
    start = value.find(b'"', start + 14) + 1
    end = value.find(b'"', start)
    if start == 0 or end < 0:
        return None
    return value[start:end].decode("utf-8", "replace")
