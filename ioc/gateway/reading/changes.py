"""What changed since a place: complete, whatever comes in between. Pure, but for the two queries.

A place is a position of each shard. Rows carry the position of the chunk that stored them, and a
checkpoint says up to which position everything is stored; a page holds rows between the two, so
nothing is passed over, and what changes while somebody turns pages comes after them. A dossier that
changed twice is told once, as it is.
"""

from __future__ import annotations

import base64
import binascii
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from dashboards.query import Query
from schemas.errors import RejectError
from schemas.events.shard import SHARDS

#: position = epoch << 40 | (offset + 1), see the table `dossier_events`.
EPOCH_SHIFT = 40
_VECTOR = struct.Struct(f">{SHARDS}Q")
_MOST_CHARACTERS = 2_048
_MOST_BYTES = 4_096
_MARK = b"1"

#: How far each shard is stored.
CHECKPOINTS = Query(
    "changes_checkpoints",
    "SELECT shard, max(position), toUnixTimestamp64Milli(max(log_at)) FROM checkpoints"
    " GROUP BY shard",
    frozenset(),
)
#: How far each shard's newest event was at an instant, and the topic's partitions today.
POSITIONS_AT = Query(
    "changes_positions_at",
    "SELECT shard, max(position), (SELECT argMax(partitions, epoch) FROM topic_epochs)"
    " FROM dossier_events WHERE log_at < fromUnixTimestamp64Milli({since_ms:Int64})"
    " GROUP BY shard",
    frozenset({"since_ms"}),
)
#: One page, in the order of the table's key.
PAGE = Query(
    "changes_page",
    """
SELECT
    shard, dossier_id, status, toString(phase) AS phase, live, receiver, authority, handler,
    procedure, field, channel, registered_at, received_at, first_due_at, due_at, apologised,
    result_at, returned_at, finished_at, toString(verdict) AS verdict, alarm_at, last_event_at
FROM dossiers
WHERE (shard > {at_shard:UInt8}
       OR shard = {at_shard:UInt8} AND dossier_id > {at_dossier:String})
    AND position > arrayElement({start:Array(UInt64)}, shard + 1)
    AND position <= arrayElement({until:Array(UInt64)}, shard + 1)
    AND ({everything:UInt8} = 1 OR receiver IN {units:Array(String)}
         OR authority IN {units:Array(String)} OR handler IN {units:Array(String)})
ORDER BY shard, dossier_id, version DESC
LIMIT 1 BY shard, dossier_id
LIMIT {rows:UInt32}
""",
    frozenset({"at_shard", "at_dossier", "start", "until", "everything", "units", "rows"}),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is.

    Attributes:
        start: of each shard, the position up to which everything was told.
        until: of each shard, the position up to which is being told; empty = not begun.
        at_shard: what was told last of it.
        at_dossier: the same.
    """

    start: tuple[int, ...]
    until: tuple[int, ...] = ()
    at_shard: int = 0
    at_dossier: str = ""

    def after_page(self, last: tuple[int, str] | None) -> Place:
        """Return the place after a page that ended with this dossier; None = it was the last."""
        if last is None:
            return Place(tuple(map(max, self.start, self.until)))
        return Place(self.start, self.until, *last)


def positions_at(rows: Iterable[tuple[int, int, int]]) -> dict[int, int]:
    """Return how far each shard was, from the rows of `POSITIONS_AT`.

    A shard without traffic is as far as its partition, which has one order. Only positions of one
    epoch are compared: before, the partitions were others.
    """
    known = list(rows)
    newest = max((position >> EPOCH_SHIFT for _, position, _ in known), default=0)
    found = {shard: position for shard, position, _ in known}
    for partitions in {count for _, _, count in known if count}:
        ends: dict[int, int] = {}
        for shard, position, _ in known:
            if position >> EPOCH_SHIFT == newest:
                home = shard % partitions
                ends[home] = max(ends.get(home, 0), position)
        for shard in range(SHARDS):
            found[shard] = max(found.get(shard, 0), ends.get(shard % partitions, 0))
    return found


def vector_of(positions: dict[int, int]) -> tuple[int, ...]:
    """Return a position for every shard; 0 = nothing is stored of it."""
    return tuple(positions.get(shard, 0) for shard in range(SHARDS))


def write_cursor(place: Place) -> str:
    """Return a place as a text for an address."""
    until = place.until or (0,) * SHARDS
    plain = _VECTOR.pack(*place.start) + _VECTOR.pack(*until)
    plain += bytes([bool(place.until), place.at_shard]) + place.at_dossier.encode()
    return base64.urlsafe_b64encode(_MARK + zlib.compress(plain, 9)).decode().rstrip("=")


def read_cursor(text: str) -> Place:
    """Read a place; inverse of `write_cursor`.

    Raises:
        RejectError: it is no such text. What it says is only where to go on: a made-up one shows
            nothing that its holder may not see.
    """
    try:
        return _unpack(text)
    except (ValueError, binascii.Error, zlib.error, struct.error):
        raise RejectError("bad_cursor", "the cursor is not valid", field="cursor") from None


def _unpack(text: str) -> Place:
    if len(text) > _MOST_CHARACTERS:
        raise ValueError("too long")
    packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if packed[:1] != _MARK:
        raise ValueError("of another version")
    unpacker = zlib.decompressobj()
    plain = unpacker.decompress(packed[1:], _MOST_BYTES)
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("too long")
    size = _VECTOR.size
    start, until = _VECTOR.unpack(plain[:size]), _VECTOR.unpack(plain[size : 2 * size])
    begun, shard = plain[2 * size : 2 * size + 2]
    if shard >= SHARDS or begun > 1:
        raise ValueError("no such place")
    return Place(start, until if begun else (), shard, plain[2 * size + 2 :].decode())
