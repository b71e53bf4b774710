"""`ClickHouseStore`: loads shards, looks dossiers up, inserts columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
from clickhouse_connect.driver.client import Client

from streams.cells import CELL_TABLES
from streams.cells.tables import CellTable
from streams.clickhouse.client_threads import ClientThreads
from streams.clickhouse.inserting import Inserter
from streams.clickhouse.live_lists import fill_lists
from streams.clickhouse.touched_rows import refresh_touched
from streams.clickhouse.unit_days import refresh_days, stale_days
from streams.ports import Arrival, Columns, StoredDossier, StoredShards, Touched

#: An insert waits for the server most of its time; a group's roll-ups go side by side.
_THREADS = {"read": 1, "write": 3, "refresh": 1}
#: Ids of one look-up query; more are asked in turns.
_IDS_AT_ONCE = 5_000

_CHECKPOINTS = """
SELECT shard, max(position), argMax(rules, position),
       toUnixTimestamp64Milli(argMax(log_at, position))
FROM checkpoints WHERE shard IN {shards:Array(UInt8)} GROUP BY shard
"""
_NEWEST = """
SELECT shard, max(position) FROM dossiers WHERE shard IN {shards:Array(UInt8)} GROUP BY shard
"""
_DOSSIERS = """
SELECT shard, dossier_id, history, position FROM dossiers FINAL
WHERE shard IN {shards:Array(UInt8)} AND (live = 1 OR shard IN {whole:Array(UInt8)})
"""
_IDS = """
SELECT DISTINCT shard, dossier_id FROM dossiers WHERE shard IN {shards:Array(UInt8)}
ORDER BY shard, dossier_id
"""
_CHECKSUMS = """
SELECT CRC32(dossier_id) AS checksum FROM dossiers WHERE shard = {shard:UInt8}
"""
_RAISED = """
SELECT DISTINCT shard, alert_id FROM alerts WHERE shard IN {shards:Array(UInt8)}
"""
_HEARD = """
SELECT source, toUnixTimestamp64Milli(max(last_log_at)),
       toUnixTimestamp64Milli(max(last_occurred_at))
FROM sources GROUP BY source
"""
_FIND = """
SELECT shard, dossier_id, history, position FROM dossiers FINAL
WHERE (shard, dossier_id) IN {wanted:Array(Tuple(UInt8, String))}
"""
_ARRIVALS = """
SELECT shard, dossier_id, source, event_id, content_hash, toUnixTimestamp64Milli(min(log_at))
FROM dossier_events WHERE (shard, dossier_id) IN {wanted:Array(Tuple(UInt8, String))}
GROUP BY shard, dossier_id, source, event_id, content_hash
"""
_RULES_SINCE = """
SELECT toUnixTimestamp64Milli(max(registered_at)) FROM fold_rules
WHERE fingerprint = {rules:UInt64}
"""
# A group has each key once: looking for replaced rows inside an insert would find none.
INSERT_SETTINGS = {"async_insert": 0, "optimize_on_insert": 0}
_EPOCH = "SELECT max(epoch) FROM topic_epochs WHERE topic = {topic:String}"


class ClickHouseStore:
    """The `Store` of a worker.

    Every call runs in a thread, reads and writes apart, so that a look-up never waits behind an
    insert. `connect` makes a client (it blocks), which they share. One table is written by one
    call at a time.

    Args:
        connect: makes a client of the writer's account in the project's database.
        topic: name of the events topic, for its epochs.
    """

    def __init__(self, connect: Callable[[], Client], topic: str) -> None:
        self._topic = topic
        self._inserter = Inserter(INSERT_SETTINGS)
        self._threads = ClientThreads(connect, "clickhouse", _THREADS)

    async def load(self, shards: Sequence[int], rules: int) -> StoredShards:
        """Read what a worker needs of some shards; see `Store.load`."""
        return await self._threads.call("read", lambda client: _load(client, list(shards), rules))

    async def ids(self, shards: Sequence[int]) -> list[tuple[int, str]]:
        """Name all dossiers of some shards; see `Store.ids`."""

        def ids(client: Client) -> list[tuple[int, str]]:
            rows = client.query(_IDS, parameters={"shards": list(shards)}).result_rows
            return [(shard, dossier_id) for shard, dossier_id in rows]

        return await self._threads.call("read", ids)

    async def find(self, wanted: Mapping[int, Sequence[str]]) -> list[StoredDossier]:
        """Look dossiers up; see `Store.find`."""
        return [StoredDossier(*row) for row in await self._rows_of(_FIND, wanted)]

    async def arrivals(self, wanted: Mapping[int, Sequence[str]]) -> list[Arrival]:
        """Ask the audit log when events came; see `Store.arrivals`."""
        return [Arrival(*row) for row in await self._rows_of(_ARRIVALS, wanted)]

    async def insert(self, table: str, columns: Columns) -> None:
        """Insert and wait until stored; see `Store.insert`."""
        await self._threads.call(
            "write",
            lambda client: self._inserter.insert(client, table, columns),
            f"insert into {table}",
        )

    async def refresh_days(self, days: Collection[int]) -> None:
        """Derive the walls' table anew; see `Store.refresh_days`."""
        await self._threads.call("refresh", lambda client: refresh_days(client, days))

    async def refresh_touched(self, touched: Touched) -> None:
        """Derive some of their rows anew; see `Store.refresh_touched`."""
        await self._threads.call("refresh", lambda client: refresh_touched(client, touched))

    async def fill_lists(self) -> None:
        """Fill the walls' lists up; see `Store.fill_lists`."""
        await self._threads.call("refresh", fill_lists)

    async def stale_days(self) -> set[int]:
        """Find days that were left behind; see `Store.stale_days`."""
        return await self._threads.call("refresh", stale_days)

    async def newest_epoch(self) -> int:
        """Return the newest registered epoch of the events topic; 0 = none."""

        def newest(client: Client) -> int:
            rows = client.query(_EPOCH, parameters={"topic": self._topic}).result_rows
            return int(rows[0][0])

        return await self._threads.call("write", newest)

    async def _rows_of(self, query: str, wanted: Mapping[int, Sequence[str]]) -> list[Any]:
        pairs = [(shard, dossier_id) for shard, ids in wanted.items() for dossier_id in ids]

        def ask(client: Client) -> list[Any]:
            found: list[Any] = []
            for start in range(0, len(pairs), _IDS_AT_ONCE):
                part = pairs[start : start + _IDS_AT_ONCE]
                found += client.query(query, parameters={"wanted": part}).result_rows
            return found

        return await self._threads.call("read", ask)

    def close(self) -> None:
        """Close threads and connections; blocks until a call under way has ended."""
        self._threads.close()


def _load(client: Client, shards: list[int], rules: int) -> StoredShards:
    chosen: dict[str, Any] = {"shards": shards}
    while True:
        stored = _load_once(client, shards, rules, chosen)
        # A late insert of a predecessor may have landed between two of the queries.
        if dict(client.query(_NEWEST, parameters=chosen).result_rows) == stored.newest:
            return stored


def _load_once(
    client: Client, shards: list[int], rules: int, chosen: dict[str, Any]
) -> StoredShards:
    stored = StoredShards()
    for shard, position, by, log_ms in client.query(_CHECKPOINTS, parameters=chosen).result_rows:
        stored.checkpoints[shard] = position
        stored.rules[shard], stored.log_ms[shard] = by, log_ms
    for shard, position in client.query(_NEWEST, parameters=chosen).result_rows:
        stored.newest[shard] = position
    wanted = [s for s in shards if not stored.is_outdated(s, rules)]
    whole = [s for s in wanted if stored.lags(s)]
    rows = client.query(_DOSSIERS, parameters={"shards": wanted, "whole": whole}).result_rows
    stored.dossiers = [StoredDossier(*row) for row in rows]
    for shard in stored.newest:
        answer = client.query_np(_CHECKSUMS, parameters={"shard": shard})
        stored.checksums[shard] = np.asarray(answer, dtype=np.uint32).reshape(-1)
    for table in CELL_TABLES:
        stored.cells[table.name] = _load_cells(client, table, chosen)
    for shard, alert_id in client.query(_RAISED, parameters=chosen).result_rows:
        stored.raised.setdefault(shard, set()).add(alert_id)
    for source, log_ms, occurred_ms in client.query(_HEARD).result_rows:
        stored.heard[source] = (log_ms, occurred_ms)
    ((since_ms,),) = client.query(_RULES_SINCE, parameters={"rules": rules}).result_rows
    stored.rules_since_ms = since_ms
    return stored


def _load_cells(
    client: Client, table: CellTable, chosen: dict[str, Any]
) -> list[tuple[int, tuple[int | str, ...], list[int]]]:
    # Days and enums come as the numbers that the cells are keyed by.
    keys = ", ".join(
        f"toUInt32({key})" if key in _DAYS else
        f"toInt8({key})" if key == "phase" else key
        for key in table.keys
    )  # fmt: skip
    measures = ", ".join(table.measures)
    # A row of empty arrays comes as one cell of zero: what is known must be overwritten.
    exploded = f"LEFT ARRAY JOIN {', '.join(table.arrays)} " if table.gathered else ""
    rows = client.query(
        f"SELECT shard, {keys}, {measures} FROM {table.name} FINAL {exploded}"
        "WHERE shard IN {shards:Array(UInt8)}",
        parameters=chosen,
    ).result_rows
    width = 1 + len(table.keys)
    return [(row[0], tuple(row[1:width]), list(row[width:])) for row in rows]


_DAYS = frozenset({"day", "received_day", "late_from"})
