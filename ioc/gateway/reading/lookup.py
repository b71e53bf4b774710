"""Finds one dossier for one caller: found, or not, and never why not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from ioc.gateway.gathering import Gathering
from ioc.gateway.point_rows import point_rows
from ioc.gateway.warehouse_lane import WarehouseLane
from schemas.events.shard import shard_of, shards_of

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

#: What is read of a dossier; each column costs a fifth of a millisecond.
_COLUMNS = (
    "dossier_id", "version", "phase", "status", "live", "receiver", "authority", "handler",
    "procedure", "registered_at", "received_at", "first_due_at", "due_at", "limit_unit",
    "apologised", "result_at", "returned_at", "verdict", "alarm_at", "history",
)  # fmt: skip
#: By the whole key: one granule is read of each, whether the dossier is there or not. It may have a
#: row for each version that is not merged away yet; picking the newest here is cheaper than sorting
#: there.
_FIND = f"""
SELECT {", ".join(_COLUMNS)} FROM dossiers
WHERE (shard, dossier_id) IN {{wanted:Array(Tuple(UInt8, String))}}
"""
#: How far each shard is stored, epoch milliseconds.
_COMPLETE = "SELECT shard, toUnixTimestamp64Milli(max(log_at)) FROM checkpoints GROUP BY shard"
_COMPLETE_SECONDS = 5.0
#: Without it, four callers shared two questions by turns and waited for both.
_REST_SECONDS = 0.012


@dataclass(frozen=True, slots=True)
class Event:
    """What a step is told from; nothing else of an event is read."""

    status: int
    at_ms: int
    receiver: str
    authority: str
    handler: str
    explicit_due: int | None
    apology: int | None


@dataclass(frozen=True, slots=True)
class FoundDossier:
    """A dossier's row and its events, in their order."""

    row: dict[str, Any]
    events: tuple[Event, ...]

    @property
    def units(self) -> frozenset[str]:
        """Codes of the units that have to do with it."""
        named = (self.row["receiver"], self.row["authority"], self.row["handler"])
        return frozenset(code for code in named if code)


class Finder:
    """Looks dossiers up, those of several callers together."""

    def __init__(self, lane: WarehouseLane) -> None:
        """Ask the warehouse on this lane."""
        self._lane = lane
        self._gathering: Gathering[str, dict[str, Any]] = Gathering(self._ask, _REST_SECONDS)
        self._complete = Completeness(lane)

    async def find(
        self, dossier_id: str, may_see: Callable[[frozenset[str]], bool]
    ) -> FoundDossier | None:
        """Return a dossier; None if nobody knows it or the caller may not see it.

        Raises:
            RetryError: the warehouse does not answer.
        """
        # Before the row: what is stored up to there is in it.
        complete_up_to = await self._complete.of(shard_of(dossier_id))
        row = (await self._gathering.of([dossier_id]))[dossier_id]
        if row is None:
            return None
        # Shared with whoever asked for the same one at the same moment.
        row = {**row, "complete_up_to": complete_up_to}
        history = row.pop("history")
        events = orjson.loads(history)[0] if history else []
        found = FoundDossier(row, tuple(_event(fields) for fields in events))
        return found if may_see(found.units) else None

    async def _ask(self, dossier_ids: list[str]) -> dict[str, dict[str, Any]]:
        return await self._lane.call(partial(_newest, dossier_ids))


def _newest(dossier_ids: list[str], client: Client) -> dict[str, dict[str, Any]]:
    wanted = list(zip(shards_of(dossier_ids), dossier_ids, strict=True))
    newest: dict[str, dict[str, Any]] = {}
    for values in point_rows(client, _FIND, {"wanted": wanted}):
        row = dict(zip(_COLUMNS, values, strict=True))
        known = newest.get(row["dossier_id"])
        if known is None or known["version"] < row["version"]:
            newest[row["dossier_id"]] = row
    return newest


class Completeness:
    """Up to when each shard is stored, as it was some seconds ago at most."""

    def __init__(self, lane: WarehouseLane) -> None:
        self._lane = lane
        self._lock = asyncio.Lock()
        self._read_at = float("-inf")
        self._known: dict[int, int] = {}

    async def of(self, shard: int) -> int:
        """Return epoch milliseconds; 0 = nothing is stored. Raises `RetryError`."""
        async with self._lock:
            if time.monotonic() - self._read_at > _COMPLETE_SECONDS:
                asked_at = time.monotonic()
                self._known = await self._lane.call(_read_complete)
                self._read_at = asked_at
        return self._known.get(shard, 0)


def _read_complete(client: Client) -> dict[int, int]:
    return {int(shard): int(at_ms) for shard, at_ms in point_rows(client, _COMPLETE, {})}


def _event(fields: list[Any]) -> Event:
    # By the storage format of `EventRecord`.
    return Event(
        status=fields[3],
        at_ms=fields[4],
        receiver=fields[6] or "",
        authority=fields[7] or "",
        handler=fields[8] or "",
        explicit_due=fields[16],
        apology=fields[17],
    )
