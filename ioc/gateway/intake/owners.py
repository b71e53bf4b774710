"""Whose dossiers are they: the units of dossiers, from events that passed and the warehouse.

Only keys that do not cover the whole province are asked about it.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from ioc.gateway.gathering import Gathering
from ioc.gateway.intake.known import KnownDossiers
from ioc.gateway.point_rows import point_rows
from ioc.gateway.warehouse_lane import WarehouseLane
from schemas.events import EventRecord
from schemas.events.shard import shards_of

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Units = frozenset[str]
# Tuples of texts are no business of the garbage collector.
_Codes = tuple[str, ...]

_MOST_KEPT = 200_000
#: Questions without a pause keep a core of the warehouse busy, and Kafka waiting for it.
_REST_SECONDS = 0.01
#: A dossier has a row for each version that is not merged away yet: the newest counts. Neither
#: grouped nor sorted in the warehouse, where both cost more than these rows.
_UNITS_OF = """
SELECT dossier_id, version, receiver, authority, handler FROM dossiers
WHERE (shard, dossier_id) IN {wanted:Array(Tuple(UInt8, String))}
"""
_NOBODY: Units = frozenset()


class Owners:
    """Answers which units have a dossier; an empty set = nobody knows it."""

    def __init__(self, lane: WarehouseLane, known: KnownDossiers, believed_seconds: float) -> None:
        """Ask the warehouse on this lane about what may be known; believe it for so long."""
        self._lane = lane
        self._known = known
        self._believed_seconds = believed_seconds
        self._seen: dict[str, tuple[float, Units]] = {}
        #: Units of events that were accepted here and may not be in the warehouse yet.
        self._told: dict[str, _Codes] = {}
        self._told_before: dict[str, _Codes] = {}
        #: Nothing is noted before a first key needs it: most gateways have none that does.
        self._is_needed = False
        self._gathering: Gathering[str, Units] = Gathering(self._look_up, _REST_SECONDS)

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

    def begin(self) -> None:
        """Note what is accepted from now on, also before anybody asks."""
        self._is_needed = True

    def was_told(self, dossier_id: str, own: Units) -> bool:
        """Whether an event with one of the own units was accepted here lately; never waits."""
        return not own.isdisjoint(self._heard(dossier_id))

    async def units_of(self, dossier_ids: Collection[str], own: Units) -> dict[str, Units]:
        """Return the units of each dossier, or as many as show that it is one of the own units'.

        Args:
            dossier_ids: which dossiers.
            own: units of whoever asks; a dossier that was heard of with one of them is looked up
                no more.

        Raises:
            RetryError: the warehouse does not answer.
        """
        self._is_needed = True
        now = time.monotonic()
        found: dict[str, Units] = {}
        strange: list[str] = []
        for dossier_id in dossier_ids:
            heard = self._heard(dossier_id)
            if heard and not own.isdisjoint(heard):
                found[dossier_id] = frozenset(heard)
                continue
            seen = self._seen.get(dossier_id)
            if seen is not None and now - seen[0] < self._believed_seconds:
                found[dossier_id] = seen[1].union(heard)
            else:
                strange.append(dossier_id)
        if strange:
            new = self._known.new_ones(strange)
            found |= {dossier_id: frozenset(self._heard(dossier_id)) for dossier_id in new}
            strange = [dossier_id for dossier_id in strange if dossier_id not in new]
        if strange:
            known = await self._gathering.of(strange)
            for dossier_id, units in known.items():
                found[dossier_id] = (units or _NOBODY).union(self._heard(dossier_id))
        return found

    def _heard(self, dossier_id: str) -> _Codes:
        return self._told.get(dossier_id) or self._told_before.get(dossier_id) or ()

    async def _look_up(self, dossier_ids: list[str]) -> dict[str, Units]:
        known = await self._lane.call(partial(_units_of, dossier_ids))
        at = time.monotonic()
        if len(self._seen) >= _MOST_KEPT:
            self._seen.clear()
        # A dossier that nobody knows may be known in a moment: it is not remembered.
        self._seen.update((dossier_id, (at, units)) for dossier_id, units in known.items())
        return known


def _units_of(dossier_ids: list[str], client: Client) -> dict[str, Units]:
    wanted = list(zip(shards_of(dossier_ids), dossier_ids, strict=True))
    newest: dict[str, tuple[int, Units]] = {}
    for dossier_id, version, *units in point_rows(client, _UNITS_OF, {"wanted": wanted}):
        if dossier_id not in newest or newest[dossier_id][0] < version:
            newest[dossier_id] = version, frozenset(code for code in units if code)
    return {dossier_id: units for dossier_id, (_, units) in newest.items()}
