"""Which dossiers the warehouse may hold: most that come for the first time need no question then.

A Bloom filter for each shard, as workers have, filled from the warehouse and kept up to what it
stored some seconds ago. It says "new" only for sure; everything else is asked about.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from ioc.gateway.point_rows import point_rows
from ioc.gateway.warehouse_lane import WarehouseLane
from schemas.errors import RetryError
from schemas.events.shard import SHARDS, shards_of
from streams.state import KnownIds

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_LOG = logging.getLogger("ioc.gateway")
_EVERY_SECONDS = 2.0
#: A filter that is older says nothing.
_STALE_SECONDS = 5.0
#: Nobody asked for so long: it is not kept up until somebody does.
_IDLE_SECONDS = 60.0
_CHECKPOINTS = "SELECT shard, max(position) FROM checkpoints GROUP BY shard"
#: Rows carry the position of the chunk that stored them; up to its checkpoint, a shard is whole.
_IDS = """
SELECT shard, CRC32(dossier_id) FROM dossiers
WHERE position > arrayElement({since:Array(UInt64)}, shard + 1)
"""
_ROW = np.dtype([("shard", np.uint8), ("checksum", "<u4")])


class KnownDossiers:
    """Costs 48 MiB from the first question on, and a look at what is new every two seconds."""

    def __init__(self, lane: WarehouseLane) -> None:
        """Read nothing before somebody asks."""
        self._lane = lane
        self._filters: list[KnownIds] = []
        self._since = [0] * SHARDS
        self._read_at = float("-inf")
        self._asked_at = float("-inf")
        self._wanted = asyncio.Event()

    def new_ones(self, dossier_ids: Collection[str]) -> set[str]:
        """Return those that the warehouse did not hold a few seconds ago; never waits."""
        now = self._asked_at = time.monotonic()
        self._wanted.set()
        if now - self._read_at > _STALE_SECONDS:
            return set()
        ids = list(dossier_ids)
        return {
            dossier_id
            for dossier_id, shard in zip(ids, shards_of(ids), strict=True)
            if not self._filters[shard].may_hold(dossier_id)
        }

    async def run(self) -> None:
        """Keep the filters up while somebody asks; until cancelled."""
        while True:
            if time.monotonic() - self._asked_at > _IDLE_SECONDS:
                self._wanted.clear()
                await self._wanted.wait()
            began = time.monotonic()
            try:
                await self._lane.call(self._read)
            except RetryError as error:
                _LOG.warning("which dossiers are known is not known: %s", error)
            else:
                self._read_at = began
            await asyncio.sleep(_EVERY_SECONDS)

    def _read(self, client: Client) -> None:
        """Add what was stored since the last time; in the lane's thread."""
        if not self._filters:
            self._filters = [KnownIds() for _ in range(SHARDS)]
        # Before the rows: what is stored up to there is among them.
        upto = dict(point_rows(client, _CHECKPOINTS, {}))
        answer = client.raw_query(_IDS, parameters={"since": self._since}, fmt="RowBinary")
        rows = np.frombuffer(answer, dtype=_ROW)
        for shard in np.unique(rows["shard"]):
            self._filters[shard].load(rows["checksum"][rows["shard"] == shard])
        self._since = [max(old, upto.get(shard, 0)) for shard, old in enumerate(self._since)]
