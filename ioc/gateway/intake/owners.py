"""Whose dossiers are they: the units of dossiers, from events that passed and the warehouse.

Only keys that do not cover the whole province are asked about it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Iterable
from functools import partial
from typing import TYPE_CHECKING

from ioc.gateway.warehouse_lane import WarehouseLane
from schemas.events import EventRecord
from schemas.events.shard import shards_of

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Units = frozenset[str]
# Tuples of texts are no business of the garbage collector.
_Codes = tuple[str, ...]

_MOST_KEPT = 200_000
#: Ids of one query; a query waits for the one before it, so requests are looked up together.
_IDS_AT_ONCE = 2_000
_UNITS_OF = """
SELECT dossier_id, argMax((receiver, authority, handler), version) FROM dossiers
WHERE (shard, dossier_id) IN {wanted:Array(Tuple(UInt8, String))}
GROUP BY dossier_id
"""
_NOBODY: Units = frozenset()


class Owners:
    """Answers which units have a dossier; an empty set = nobody knows it."""

    def __init__(self, lane: WarehouseLane, believed_seconds: float) -> None:
        """Ask the warehouse on this lane; believe an answer for so long."""
        self._lane = lane
        self._believed_seconds = believed_seconds
        self._seen: dict[str, tuple[float, Units]] = {}
        #: Units of events that were accepted here and may not be in the warehouse yet.
        self._told: dict[str, _Codes] = {}
        self._told_before: dict[str, _Codes] = {}
        #: Nothing is noted before a first key needs it: most gateways have none that does.
        self._is_needed = False
        self._asked: dict[str, asyncio.Future[Units]] = {}
        self._running: asyncio.Task[None] | None = None

    def note(self, dossier_id: str, record: EventRecord) -> None:
        """Hear of an event that was accepted."""
        if not self._is_needed:
            return
        leg = record.leg
        named = (*record[6:9], None if leg is None else leg.unit)
        before = self._heard(dossier_id)
        new = {code for code in named if code is not None and code not in before}
        if new:
            if len(self._told) >= _MOST_KEPT // 2:
                self._told_before, self._told = self._told, {}
            self._told[dossier_id] = (*before, *new)

    async def units_of(self, dossier_ids: Collection[str]) -> dict[str, Units]:
        """Return the units of each dossier.

        Raises:
            RetryError: the warehouse does not answer.
        """
        self._is_needed = True
        now = time.monotonic()
        found: dict[str, Units] = {}
        waited: dict[str, asyncio.Future[Units]] = {}
        for dossier_id in dossier_ids:
            seen = self._seen.get(dossier_id)
            if seen is not None and now - seen[0] < self._believed_seconds:
                found[dossier_id] = seen[1]
                continue
            if dossier_id not in self._asked:
                self._asked[dossier_id] = asyncio.get_running_loop().create_future()
            waited[dossier_id] = self._asked[dossier_id]
        if waited:
            if self._running is None or self._running.done():
                self._running = asyncio.create_task(self._look_up())
            answers = await asyncio.gather(*(asyncio.shield(each) for each in waited.values()))
            found |= dict(zip(waited, answers, strict=True))
        return {each: units.union(self._heard(each)) for each, units in found.items()}

    def _heard(self, dossier_id: str) -> _Codes:
        return self._told.get(dossier_id) or self._told_before.get(dossier_id) or ()

    async def _look_up(self) -> None:
        """Answer what was asked, together, until nobody asks."""
        while self._asked:
            # What is asked while the query runs is asked in the next one.
            now = list(self._asked)[:_IDS_AT_ONCE]
            asked = {dossier_id: self._asked.pop(dossier_id) for dossier_id in now}
            try:
                known = await self._lane.call(partial(_units_of, now))
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
                for future in asked.values():
                    future.set_exception(error)
                    future.exception()  # nobody may be left to hear it
                continue
            self._remember(known, now)
            for dossier_id, future in asked.items():
                future.set_result(known.get(dossier_id, _NOBODY))

    def _remember(self, known: dict[str, Units], asked: Iterable[str]) -> None:
        at = time.monotonic()
        if len(self._seen) >= _MOST_KEPT:
            self._seen.clear()
        # A dossier that nobody knows may be known in a moment: it is not remembered.
        self._seen.update((each, (at, known[each])) for each in asked if each in known)


def _units_of(dossier_ids: list[str], client: Client) -> dict[str, Units]:
    wanted = list(zip(shards_of(dossier_ids), dossier_ids, strict=True))
    rows = client.query(_UNITS_OF, parameters={"wanted": wanted}).result_rows
    return {dossier_id: frozenset(code for code in units if code) for dossier_id, units in rows}
