"""Spoils a stream on purpose, in the ways in which real feeds are spoiled.

Every transform is lazy (but for `shuffle`), seeded, and leaves the set of valid events as it
was: what is added must be ignored (a re-send, the loser of two payloads) or end among the dead
letters (garbage, clocks in the future). So the figures stay those of the clean stream.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random

import orjson

from ioc.replay.outgoing import OutgoingRecord, occurred_text
from schemas.errors import ConfigurationError
from schemas.events.hashing import content_hash
from schemas.events.shard import murmur2

Records = Iterable[OutgoingRecord]

#: Below this the search for a payload with a smaller hash takes long; such events are left alone.
_EASY_HASH = 1 << 61
_OTHER_STATUS = {1: 3, 2: 3, 3: 2, 4: 8, 5: 9, 6: 9, 7: 4, 8: 9, 9: 5, 10: 4}


@dataclass
class SpoilTally:
    """How much was spoiled; counted while the stream is read."""

    duplicates: int = 0
    conflicts: int = 0
    garbage: int = 0
    futures: int = 0
    delayed: int = 0
    misplaced: int = 0


def duplicates(records: Records, rng: Random, share: float, tally: SpoilTally) -> Records:
    """Re-send some records exactly, up to a thousand records later."""
    waiting: list[tuple[int, OutgoingRecord]] = []
    for number, record in enumerate(records):
        yield record
        if rng.random() < share:
            tally.duplicates += 1
            heappush(waiting, (number + int(rng.random() * 1000), record))
        while waiting and waiting[0][0] <= number:
            yield heappop(waiting)[1]
    for _, record in sorted(waiting):
        yield record


def conflicts(records: Records, rng: Random, share: float, tally: SpoilTally) -> Records:
    """Add another payload under an event's identity, before or after it, that must lose.

    Of two payloads the one with the larger content hash counts (docs/fold.md §1), so an unknown
    field is varied until the added one's is smaller.
    """
    for record in records:
        false = None
        if rng.random() < share and content_hash(record.value) >= _EASY_HASH:
            false = _loser(record)
            tally.conflicts += 1
        first = rng.random() < 0.5
        if false is not None and first:
            yield false
        yield record
        if false is not None and not first:
            yield false


def _loser(record: OutgoingRecord) -> OutgoingRecord:
    event = orjson.loads(record.value)
    event["status"] = _OTHER_STATUS[event["status"]]
    limit = content_hash(record.value)
    event["attempt"] = 0
    value = orjson.dumps(event)
    while content_hash(value) >= limit:
        event["attempt"] += 1
        value = orjson.dumps(event)
    return record._replace(value=value)


def garbage(records: Records, rng: Random, share: float, tally: SpoilTally) -> Records:
    """Add records that are no events, among those of the same key."""
    for record in records:
        if rng.random() < share:
            tally.garbage += 1
            yield record._replace(value=_garbage(rng, record.value, tally.garbage))
        yield record


def _garbage(rng: Random, value: bytes, number: int) -> bytes:
    event = orjson.loads(value)
    event["event_id"] = f"garbage-{number}"
    kind = rng.randrange(9)
    if kind == 0:
        return b""
    if kind == 1:
        return value[: len(value) // 2]
    if kind == 2:
        return b"\xff\xfe" + value
    if kind == 3:
        return orjson.dumps([event])
    if kind == 4:
        event["status"] = rng.choice((0, 11, -1, 99))
    elif kind == 5:
        event["status"] = "xong"
    elif kind == 6:
        del event[rng.choice(("event_id", "source", "dossier_id", "status", "occurred_at"))]
    elif kind == 7:
        event["occurred_at"] = event["occurred_at"][:19]
    else:
        event["occurred_at"] = "03/09/2024 08:15"
    return orjson.dumps(event)


def futures(
    records: Records, rng: Random, share: float, tally: SpoilTally, now: datetime
) -> Records:
    """Add events of known dossiers by a clock that runs 25 hours to 200 days ahead."""
    for record in records:
        yield record
        if rng.random() < share:
            tally.futures += 1
            told = orjson.loads(record.value)
            ahead = now + timedelta(hours=25) + timedelta(hours=4800) * rng.random()
            event = {
                "event_id": f"future-{tally.futures}",
                "source": told["source"],
                "dossier_id": told["dossier_id"],
                "status": rng.choice((4, 8, 9)),
                "occurred_at": ahead.isoformat(timespec="seconds"),
            }
            yield record._replace(value=orjson.dumps(event))


def delay(records: Records, rng: Random, share: float, tally: SpoilTally, hours: float) -> Records:
    """Hold some records back for hours of event time, each for up to twice the given mean."""
    waiting: list[tuple[float, int, OutgoingRecord]] = []
    now = 0.0
    for number, record in enumerate(records):
        at = _time(record.value)
        now = max(now, at or 0.0)
        while waiting and waiting[0][0] <= now:
            yield heappop(waiting)[2]
        if at is not None and rng.random() < share:
            tally.delayed += 1
            heappush(waiting, (now + hours * 7200 * rng.random(), number, record))
        else:
            yield record
    while waiting:
        yield heappop(waiting)[2]


def _time(value: bytes) -> float | None:
    text = occurred_text(value)
    try:
        return None if text is None else datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None


def reorder(records: Records, rng: Random, window: int) -> Records:
    """Mix the order within a window: a record moves back as far as chance keeps it there."""
    held: list[OutgoingRecord] = []
    for record in records:
        held.append(record)
        if len(held) > window:
            i = rng.randrange(len(held))
            held[i], held[-1] = held[-1], held[i]
            yield held.pop()
    rng.shuffle(held)
    yield from held


def shuffle(records: Records, rng: Random) -> Records:
    """Mix the whole stream; holds all of it in memory."""
    held = list(records)
    rng.shuffle(held)
    yield from held


def wrong_partitions(
    records: Records, rng: Random, share: float, tally: SpoilTally, partitions: int
) -> Records:
    """Put some records where their key does not belong, as other clients' partitioners do.

    Raises:
        ConfigurationError: There is only one partition.
    """
    if partitions < 2:
        raise ConfigurationError("a record can lie in a wrong partition only if there are two")
    for record in records:
        if rng.random() < share:
            tally.misplaced += 1
            home = (murmur2(record.key) & 0x7FFFFFFF) % partitions
            wrong = (home + 1 + rng.randrange(partitions - 1)) % partitions
            yield record._replace(partition=wrong)
        else:
            yield record
