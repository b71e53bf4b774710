"""One shard in memory: its cells, timers, known ids and raised alerts."""

from __future__ import annotations

from streams.cells import ShardCells
from streams.deadlines.crossings import Crossing
from streams.deadlines.timers import Timers
from streams.state.known_ids import KnownIds


class ShardState:
    """What a worker holds of one shard, besides its dossiers.

    Attributes:
        floor: versions written for this shard are at least this. Higher than the position of
            the events read so far when the warehouse already held younger dossiers at the load.
        stored: cells and dossiers of this shard are in the warehouse up to this position.
        raised: ids of the alerts that were raised already.
        waiting: crossings that wait for their source -> epoch second at which they first came up.
    """

    __slots__ = ("cells", "floor", "known", "raised", "shard", "stored", "timers", "waiting")

    def __init__(self, shard: int) -> None:
        self.shard = shard
        self.cells = ShardCells()
        self.known = KnownIds()
        self.timers = Timers()
        self.raised: set[str] = set()
        self.waiting: dict[tuple[str, Crossing], int] = {}
        self.floor = 0
        self.stored = 0
