"""What the core needs from outside: clock, warehouse, broker. Real and simulated ones exist.

The core (chunks, snapshots, ticks) talks to these contracts only, so that a simulation can run
the very same code against a simulated Kafka, ClickHouse and time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Columns = Mapping[str, Sequence[Any]]


class Clock(Protocol):
    """Time, injected. Nothing here blocks."""

    def now_ms(self) -> int:
        """Return the wall clock in epoch milliseconds."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go back and go on while the machine is suspended."""
        ...


class Record(Protocol):
    """One Kafka record; aiokafka's `ConsumerRecord` is one."""

    @property
    def offset(self) -> int:
        """Offset in its partition."""
        ...

    @property
    def timestamp(self) -> int:
        """Broker time (LogAppendTime), epoch milliseconds."""
        ...

    @property
    def key(self) -> bytes | None:
        """Key as sent."""
        ...

    @property
    def value(self) -> bytes | None:
        """Value as sent."""
        ...


@dataclass(frozen=True)
class StoredDossier:
    """A dossier as the warehouse holds it: enough to fold it again.

    Attributes:
        position: position of the chunk that stored this row.
    """

    shard: int
    dossier_id: str
    history: str
    position: int = 0


@dataclass(frozen=True)
class Arrival:
    """When the broker stored one accepted payload of a dossier; epoch milliseconds."""

    shard: int
    dossier_id: str
    source: str
    event_id: str
    content_hash: int
    log_ms: int


@dataclass
class StoredShards:
    """What `Store.load` returns for some shards.

    Attributes:
        checkpoints: shard -> position up to which every row is stored; absent = nothing stored.
        rules: shard -> fingerprint of the rules by which it was folded when that was stored.
        log_ms: shard -> broker time of the checkpoint's record.
        newest: shard -> largest position of any of its dossiers' rows.
        dossiers: the live ones; of a shard that needs a rebuild: all; of a shard that other rules
            folded: none, as all of them are read bit by bit.
        checksums: shard -> CRC-32 of every stored dossier id.
        cells: table -> rows of (shard, key tuple, counts); of a gathered table a cell of zero
            stands for a row without cells.
        raised: shard -> ids of stored alerts.
        heard: source -> broker time and `occurred_at` of its newest event, epoch milliseconds.
        rules_since_ms: when the loading worker's rules came into force, epoch milliseconds.
    """

    checkpoints: dict[int, int] = field(default_factory=dict)
    rules: dict[int, int] = field(default_factory=dict)
    log_ms: dict[int, int] = field(default_factory=dict)
    newest: dict[int, int] = field(default_factory=dict)
    dossiers: list[StoredDossier] = field(default_factory=list)
    checksums: dict[int, npt.NDArray[np.uint32]] = field(default_factory=dict)
    cells: dict[str, list[tuple[int, tuple[int | str, ...], list[int]]]] = field(
        default_factory=dict
    )
    raised: dict[int, set[str]] = field(default_factory=dict)
    heard: dict[str, tuple[int, int]] = field(default_factory=dict)
    rules_since_ms: int = 0

    def lags(self, shard: int) -> bool:
        """Whether a shard holds a dossier younger than its checkpoint: its cells may lag behind."""
        return self.newest.get(shard, 0) > self.checkpoints.get(shard, 0)

    def is_outdated(self, shard: int, rules: int) -> bool:
        """Whether a shard's dossiers, or some of them, were folded by other rules."""
        return shard in self.newest and self.rules.get(shard, 0) != rules


@dataclass(frozen=True)
class Touched:
    """Rows of the walls' coarser tables that no longer show the newest cells.

    Attributes:
        units: (day since 1970, unit) of `unit_days`, in any role.
        cells: (day, authority, field, channel) of `field_days`, and of the three coarser rows there
            that each is part of.
        scopes: (field or "*", channel or 0, day) of `province_field_days`.
        national: (received day, authority) of `national_unit_days`.
    """

    units: Sequence[tuple[int, str]] = ()
    cells: Sequence[tuple[int, str, str, int]] = ()
    scopes: Sequence[tuple[str, int, int]] = ()
    national: Sequence[tuple[int, str]] = ()


class Store(Protocol):
    """The warehouse. Every method may raise `RetryError`; the caller tries again."""

    async def load(self, shards: Sequence[int], rules: int) -> StoredShards:
        """Read the state of shards, for a worker whose rules have this fingerprint.

        Several queries may make it, but `newest` must be the same before and after them: rows
        that land in between could be in the dossiers and not in the cells.
        """
        ...

    async def ids(self, shards: Sequence[int]) -> list[tuple[int, str]]:
        """Return shard and id of all dossiers of shards, in the order in which they are stored."""
        ...

    async def find(self, wanted: Mapping[int, Sequence[str]]) -> list[StoredDossier]:
        """Look dossiers up by shard and id; unknown ids are left out of the answer."""
        ...

    async def arrivals(self, wanted: Mapping[int, Sequence[str]]) -> list[Arrival]:
        """Return when the payloads of dossiers came; unknown ids are left out of the answer."""
        ...

    async def insert(self, table: str, columns: Columns) -> None:
        """Store rows; on return they survive a kill of the engine. May be repeated."""
        ...

    async def refresh_days(self, days: Collection[int]) -> None:
        """Derive the walls' table of some days anew from the cells; day numbers since 1970."""
        ...

    async def refresh_touched(self, touched: Touched) -> None:
        """Derive those rows of the walls' tables anew; nothing else of their days."""
        ...

    async def fill_lists(self) -> None:
        """Write what the walls' lists lack beside the dossiers; once, before days are refreshed."""
        ...

    async def stale_days(self) -> set[int]:
        """Return the days whose derived rows do not show the newest cells."""
        ...

    async def newest_epoch(self) -> int:
        """Return the largest registered epoch of the events topic."""
        ...


class Outbox(Protocol):
    """Sends to Kafka; each method returns once the brokers have it (acks=all)."""

    async def forward(self, partition: int, key: bytes | None, value: bytes | None) -> None:
        """Send a record of the events topic to its home partition."""
        ...

    async def dead_letter(self, letter: DeadLetter) -> None:
        """Send an unreadable record, whole and encrypted, to the dead letters."""
        ...

    async def alerts(self, records: Sequence[tuple[str, bytes]]) -> None:
        """Send alert records by key; after an error some of them may be there."""
        ...


@dataclass(frozen=True)
class DeadLetter:
    """A record that could not be used, and why. `reason` never quotes a personal field."""

    topic: str
    partition: int
    offset: int
    log_ms: int
    source: str
    code: str
    reason: str
    key: bytes | None
    value: bytes | None
