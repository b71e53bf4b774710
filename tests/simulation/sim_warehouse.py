"""A simulated ClickHouse: ReplacingMergeTree tables, atomic inserts that may be late or lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from zlib import crc32

import numpy as np
from sim_loop import SimLoop

from schemas.errors import RetryError
from streams.cells import CELL_TABLES
from streams.ports import Arrival, Columns, StoredDossier, StoredShards

_CELLS = {table.name: table for table in CELL_TABLES}
_KEYS: dict[str, tuple[str, ...]] = {
    "dossier_events": ("shard", "dossier_id", "source", "event_id", "content_hash"),
    "dossiers": ("shard", "dossier_id"),
    "checkpoints": ("shard",),
    "sources": ("source", "shard"),
    **{table.name: ("shard", *table.row_keys) for table in CELL_TABLES},
}
_VERSIONS = {
    "dossiers": "version",
    "checkpoints": "position",
    "sources": "last_log_at",
    **dict.fromkeys(_CELLS, "version"),
}

Row = dict[str, Any]
Key = tuple[Any, ...]


@dataclass
class SimTable:
    """The newest version of each key wins, of equal ones the later insert.

    Replaced rows stay visible to queries without FINAL until a merge.
    """

    name: str
    rows: dict[Key, Row] = field(default_factory=dict)
    unmerged: list[Row] = field(default_factory=list)

    def take(self, rows: Sequence[Row]) -> None:
        version = _VERSIONS.get(self.name)
        names = _KEYS[self.name]
        for row in rows:
            key = tuple(row[name] for name in names)
            old = self.rows.get(key)
            if old is None or version is None or row[version] >= old[version]:
                self.rows[key] = row
            self.unmerged.append(row)

    def merge(self) -> None:
        self.unmerged = list(self.rows.values())


@dataclass
class Faults:
    """How often what goes wrong, while things may go wrong at all.

    Attributes:
        latest_landing_seconds: an insert lands at most this long after it was sent, whatever
            became of its sender: a loader gives a predecessor's stragglers a little more.
    """

    lost_before: float = 0.0
    lost_answer: float = 0.0
    slow: float = 0.0
    latest_landing_seconds: float = 1.0
    is_away: bool = False


class SimWarehouse:
    """The server.

    Attributes:
        on_insert: called with table and rows after each insert has landed.
        alerts: alert id -> raised_at_ms; what the alerts topic's agent stored.
        epochs: lives of the topic, as (topic id, partitions, rules); the first is epoch 1.
        rules_since_ms: when the newest rules came into force.
    """

    def __init__(self, loop: SimLoop, rng: Random) -> None:
        self.loop = loop
        self.rng = rng
        self.faults = Faults()
        self.tables = {name: SimTable(name) for name in _KEYS}
        self.epochs: list[tuple[str, int, int]] = []
        self.rules_since_ms = 0
        self.alerts: dict[str, int] = {}
        self.in_flight = 0
        self.on_insert: Callable[[str, Sequence[Row]], None] = lambda table, rows: None

    def register_epoch(self, topic_id: str, partitions: int, rules: int = 0) -> int:
        if not self.epochs or self.epochs[-1] != (topic_id, partitions, rules):
            self.epochs.append((topic_id, partitions, rules))
        return len(self.epochs)

    def same_since(self) -> int:
        """The oldest epoch whose offsets are those of the newest."""
        since = len(self.epochs)
        while since > 1 and self.epochs[since - 2][:2] == self.epochs[-1][:2]:
            since -= 1
        return since

    def land(self, table: str, rows: Sequence[Row]) -> None:
        self.tables[table].take(rows)
        if self.rng.random() < 0.1:
            self.tables[table].merge()
        self.on_insert(table, rows)

    def cells(self, table: str) -> dict[Key, tuple[int, ...]]:
        """Sums over all shards by key, zero rows left out."""
        sums: dict[Key, list[int]] = {}
        for row in self.tables[table].rows.values():
            for key, counts in cells_of(table, row):
                known = sums.get(key)
                sums[key] = (
                    counts if known is None else [a + b for a, b in zip(known, counts, strict=True)]
                )
        return {key: tuple(counts) for key, counts in sums.items() if any(counts)}


class SimStore:
    """A worker's client of the simulated server: the `Store` of the pipeline."""

    def __init__(self, server: SimWarehouse) -> None:
        self._server = server

    async def load(self, shards: Sequence[int], rules: int) -> StoredShards:
        wanted = set(shards)
        while True:
            stored = await self._load(wanted, rules)
            newest = await self._ask(lambda: self._newest(wanted))
            if newest == stored.newest:
                return stored

    async def ids(self, shards: Sequence[int]) -> list[tuple[int, str]]:
        return await self._ask(
            lambda: sorted(_home(r) for r in self._dossiers() if r["shard"] in shards)
        )

    async def find(self, wanted: Mapping[int, Sequence[str]]) -> list[StoredDossier]:
        pairs = {(shard, one) for shard, ids in wanted.items() for one in ids}
        return await self._ask(lambda: [_stored(r) for r in self._dossiers() if _home(r) in pairs])

    async def arrivals(self, wanted: Mapping[int, Sequence[str]]) -> list[Arrival]:
        pairs = {(shard, one) for shard, ids in wanted.items() for one in ids}
        names = ("shard", "dossier_id", "source", "event_id", "content_hash", "log_at")
        rows = self._server.tables["dossier_events"].rows
        return await self._ask(
            lambda: [
                Arrival(*(r[name] for name in names)) for r in rows.values() if _home(r) in pairs
            ]
        )

    async def insert(self, table: str, columns: Columns) -> None:
        server, faults, loop = self._server, self._server.faults, self._server.loop
        names = list(columns)
        rows = [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        answer: asyncio.Future[None] = loop.create_future()
        rng = server.rng
        luck = rng.random()
        takes = rng.uniform(0.002, 0.05)
        if rng.random() < faults.slow:
            takes = rng.uniform(0.05, faults.latest_landing_seconds)
        if faults.is_away or luck < faults.lost_before:
            fails = rng.uniform(0.001, 0.05)
            loop.at_server(fails, lambda: _fail(answer))
            if faults.is_away or rng.random() < 0.5:
                await answer
            # The connection broke, but the statement may be on its way.
            takes = rng.uniform(0.0, faults.latest_landing_seconds)
        elif luck < faults.lost_before + faults.lost_answer:
            loop.at_server(rng.uniform(0.0, 3.0), lambda: _fail(answer))
        server.in_flight += 1

        def land() -> None:
            server.in_flight -= 1
            server.land(table, rows)
            loop.at_server(rng.uniform(0.0, 0.01), lambda: _succeed(answer))

        loop.at_server(takes, land)
        await answer

    async def newest_epoch(self) -> int:
        return await self._ask(lambda: len(self._server.epochs))

    async def refresh_days(self, days: Any) -> None:
        """Nothing: the derived table is not simulated."""

    async def refresh_touched(self, touched: Any) -> None:
        """Nothing either."""

    async def fill_lists(self) -> None:
        """Nor this."""

    async def stale_days(self) -> set[int]:
        return set()

    async def _ask(self, query: Callable[[], Any]) -> Any:
        server = self._server
        takes = server.rng.uniform(0.001, 0.02)
        if server.rng.random() < server.faults.slow:
            takes = server.rng.uniform(0.02, 1.0)
        await asyncio.sleep(takes)
        if server.faults.is_away or server.rng.random() < server.faults.lost_before:
            raise RetryError("the simulated server does not answer")
        return query()

    async def _load(self, wanted: set[int], rules: int) -> StoredShards:
        tables = self._server.tables
        stored = StoredShards(rules_since_ms=self._server.rules_since_ms)
        rows = await self._ask(
            lambda: [r for r in tables["checkpoints"].rows.values() if r["shard"] in wanted]
        )
        for row in rows:
            shard = row["shard"]
            stored.checkpoints[shard], stored.log_ms[shard] = row["position"], row["log_at"]
            stored.rules[shard] = row["rules"]
        stored.newest = await self._ask(lambda: self._newest(wanted))
        sound = {s for s in wanted if not stored.is_outdated(s, rules)}
        whole = {s for s in sound if stored.lags(s)}
        stored.dossiers = await self._ask(
            lambda: [
                _stored(row)
                for row in self._dossiers()
                if row["shard"] in sound and (row["live"] or row["shard"] in whole)
            ]
        )
        numbers: dict[int, list[int]] = {}
        for row in self._dossiers():
            if row["shard"] in wanted:
                numbers.setdefault(row["shard"], []).append(crc32(row["dossier_id"].encode()))
        stored.checksums = {s: np.array(n, dtype=np.uint32) for s, n in numbers.items()}
        for name in _CELLS:
            stored.cells[name] = await self._ask(lambda name=name: self._cells(name, wanted))
        for alert_id in self._server.alerts:
            for shard in wanted:
                stored.raised.setdefault(shard, set()).add(alert_id)
        for row in tables["sources"].rows.values():
            log_ms, occurred_ms = stored.heard.get(row["source"], (0, 0))
            stored.heard[row["source"]] = (
                max(log_ms, row["last_log_at"]),
                max(occurred_ms, row["last_occurred_at"]),
            )
        return stored

    def _newest(self, wanted: set[int]) -> dict[int, int]:
        newest: dict[int, int] = {}
        for row in self._server.tables["dossiers"].unmerged:
            if row["shard"] in wanted:
                newest[row["shard"]] = max(newest.get(row["shard"], 0), row["position"])
        return newest

    def _dossiers(self) -> list[Row]:
        return list(self._server.tables["dossiers"].rows.values())

    def _cells(self, name: str, wanted: set[int]) -> list[tuple[int, Key, list[int]]]:
        found: list[tuple[int, Key, list[int]]] = []
        for row in self._server.tables[name].rows.values():
            if row["shard"] in wanted:
                cells = [*cells_of(name, row)] or [((row[_CELLS[name].keys[0]],), [0])]
                found += [(row["shard"], *cell) for cell in cells]
        return found


def cells_of(table: str, row: Row) -> Iterator[tuple[Key, list[int]]]:
    """Key and counts of a row's cell, or of its cells where a row gathers many."""
    layout = _CELLS[table]
    first = tuple(row[name] for name in layout.row_keys)
    if not layout.gathered:
        yield first, [row[name] for name in layout.measures]
        return
    width = len(layout.keys) - 1
    for parts in zip(*(row[name] for name in layout.arrays), strict=True):
        yield (*first, *parts[:width]), [*parts[width:]]


def _home(row: Row) -> tuple[int, str]:
    return row["shard"], row["dossier_id"]


def _stored(row: Row) -> StoredDossier:
    return StoredDossier(row["shard"], row["dossier_id"], row["history"], row["position"])


def _fail(answer: asyncio.Future[None]) -> None:
    if not answer.done():
        answer.set_exception(RetryError("the simulated server does not answer"))


def _succeed(answer: asyncio.Future[None]) -> None:
    if not answer.done():
        answer.set_result(None)
