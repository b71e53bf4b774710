"""Finds one dossier for one caller: found, or not, and never why not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from ioc.gateway.gathering import Gathering
from ioc.gateway.point_rows import point_rows
from ioc.gateway.reading import refolding
from ioc.gateway.warehouse_lane import WarehouseLane
from schemas.events import EventRecord
from schemas.events.shard import shard_of, shards_of
from streams.fold import FoldRules

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

#: What is stored of a dossier; asked for where it does not follow from its history.
_WHOLE = (
    "dossier_id", "version", "phase", "status", "live", "receiver", "authority", "handler",
    "procedure", "registered_at", "received_at", "first_due_at", "due_at", "limit_unit",
    "apologised", "result_at", "returned_at", "verdict", "alarm_at", "history",
)  # fmt: skip
#: By the whole key: one granule is read of each, whether the dossier is there or not. It may have a
#: row for each version that is not merged away yet; picking the newest here is cheaper than sorting
#: there.
_FIND = """
SELECT {columns} FROM dossiers
WHERE (shard, dossier_id) IN {{wanted:Array(Tuple(UInt8, String))}}
"""
#: How far each shard is stored, epoch milliseconds.
_COMPLETE = "SELECT shard, toUnixTimestamp64Milli(max(log_at)) FROM checkpoints GROUP BY shard"
#: Whose rows were made by some rules.
_EPOCHS = "SELECT epoch FROM topic_epochs WHERE rules = {rules:UInt64}"
#: Older than the first, it is read again beside the look-ups; older than the second, before them.
_COMPLETE_SECONDS, _STALE_SECONDS = 5.0, 15.0
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

    def __init__(self, lane: WarehouseLane, complete_lane: WarehouseLane, rules: FoldRules) -> None:
        """Ask the warehouse on these lanes.

        Args:
            lane: for the dossiers.
            complete_lane: for how far all is stored, so that no look-up waits behind it.
            rules: the workers' rules of the fold.
        """
        self._lane, self._rules = lane, rules
        self._gathering: Gathering[str, FoundDossier] = Gathering(self._ask, _REST_SECONDS)
        self._complete = Completeness(complete_lane, rules.fingerprint)

    async def find(
        self, dossier_id: str, may_see: Callable[[frozenset[str]], bool]
    ) -> FoundDossier | None:
        """Return a dossier; None if nobody knows it or the caller may not see it.

        Raises:
            RetryError: the warehouse does not answer.
        """
        # Before the row: what is stored up to there is in it.
        complete_up_to = await self._complete.of(shard_of(dossier_id))
        found = (await self._gathering.of([dossier_id]))[dossier_id]
        if found is None or not may_see(found.units):
            return None
        # Shared with whoever asked for the same one at the same moment.
        return FoundDossier({**found.row, "complete_up_to": complete_up_to}, found.events)

    async def _ask(self, dossier_ids: list[str]) -> dict[str, FoundDossier]:
        return await self._lane.call(
            partial(_found, dossier_ids, self._rules, self._complete.epochs)
        )


def _found(
    dossier_ids: list[str], rules: FoldRules, epochs: frozenset[int], client: Client
) -> dict[str, FoundDossier]:
    found: dict[str, FoundDossier] = {}
    as_stored: list[str] = []
    for dossier_id, stored in _newest(client, refolding.COLUMNS, dossier_ids).items():
        refolded = refolding.refold(stored, rules, epochs)
        if refolded is None:
            as_stored.append(dossier_id)
        else:
            found[dossier_id] = _dossier(refolded.row, refolded.events)
    if as_stored:
        for dossier_id, row in _newest(client, _WHOLE, as_stored).items():
            events = refolding.events_of(dossier_id, row.pop("history"))
            found[dossier_id] = _dossier(row, events)
    return found


def _newest(
    client: Client, columns: tuple[str, ...], dossier_ids: list[str]
) -> dict[str, dict[str, Any]]:
    sql = _FIND.format(columns=", ".join(columns))
    wanted = list(zip(shards_of(dossier_ids), dossier_ids, strict=True))
    newest: dict[str, dict[str, Any]] = {}
    for values in point_rows(client, sql, {"wanted": wanted}):
        row = dict(zip(columns, values, strict=True))
        known = newest.get(row["dossier_id"])
        if known is None or known["version"] < row["version"]:
            newest[row["dossier_id"]] = row
    return newest


def _dossier(row: dict[str, Any], events: Iterable[EventRecord]) -> FoundDossier:
    return FoundDossier(row, tuple(_event(event) for event in events))


class Completeness:
    """Up to when each shard is stored, as it was some seconds ago at most.

    Attributes:
        epochs: those in which workers folded by the rules that are asked about.
    """

    def __init__(
        self, lane: WarehouseLane, rules: int, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Ask on a lane of its own; `rules`: fingerprint of this process' rules."""
        self.epochs: frozenset[int] = frozenset()
        self._lane, self._rules, self._monotonic = lane, rules, monotonic
        self._read_at = float("-inf")
        self._known: dict[int, int] = {}
        self._reading: asyncio.Task[None] | None = None

    async def of(self, shard: int) -> int:
        """Return epoch milliseconds; 0 = nothing is stored.

        What was read some seconds ago is told at once, and read again meanwhile: nobody but the
        first caller after a pause waits for it. Raises `RetryError`.
        """
        age = self._monotonic() - self._read_at
        if age > _COMPLETE_SECONDS:
            if self._reading is None or self._reading.done():
                self._reading = asyncio.create_task(self._read())
                self._reading.add_done_callback(_heard)
            if age > _STALE_SECONDS:
                await asyncio.shield(self._reading)
        return self._known.get(shard, 0)

    async def _read(self) -> None:
        asked_at = self._monotonic()
        self._known, self.epochs = await self._lane.call(partial(_read_complete, self._rules))
        self._read_at = asked_at


def _heard(reading: asyncio.Task[None]) -> None:
    """Take note of a failure that nobody may have waited for; the dossier's own says it, too."""
    if not reading.cancelled():
        reading.exception()


def _read_complete(rules: int, client: Client) -> tuple[dict[int, int], frozenset[int]]:
    known = {int(shard): int(at_ms) for shard, at_ms in point_rows(client, _COMPLETE, {})}
    epochs = point_rows(client, _EPOCHS, {"rules": rules})
    return known, frozenset(int(epoch) for (epoch,) in epochs)


def _event(event: EventRecord) -> Event:
    return Event(
        status=event.status,
        at_ms=event.occurred_ms,
        receiver=event.receiver or "",
        authority=event.authority or "",
        handler=event.handler or "",
        explicit_due=event.explicit_due,
        apology=event.apology,
    )
