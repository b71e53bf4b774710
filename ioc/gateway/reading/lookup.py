"""Finds one dossier for one caller: found, or not, and never why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from dashboards.query import Query
from ioc.wall.reader import WarehouseReader
from schemas.events.shard import shard_of

#: By the whole key: one granule is read, whether the dossier is there or not.
FIND = Query(
    "lookup",
    """
SELECT
    dossier_id, toString(phase) AS phase, status, live, receiver, authority, handler, procedure,
    registered_at, received_at, first_due_at, due_at, limit_unit, apologised, result_at,
    returned_at, finished_at, toString(verdict) AS verdict, receipt_due_at, alarm_at, history,
    (SELECT toUnixTimestamp64Milli(max(log_at)) FROM checkpoints
     WHERE shard = {shard:UInt8}) AS complete_up_to
FROM dossiers
WHERE shard = {shard:UInt8} AND dossier_id = {dossier:String}
ORDER BY version DESC
LIMIT 1
""",
    frozenset({"shard", "dossier"}),
)


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


async def find(
    reader: WarehouseReader, dossier_id: str, may_see: Callable[[frozenset[str]], bool]
) -> FoundDossier | None:
    """Return a dossier; None if nobody knows it or the caller may not see it.

    Raises:
        RetryError: the warehouse does not answer.
    """
    answer = await reader.ask(FIND, {"shard": shard_of(dossier_id), "dossier": dossier_id})
    if not answer.rows:
        return None
    row = answer.first
    history = row.pop("history")
    events = orjson.loads(history)[0] if history else []
    found = FoundDossier(row, tuple(_event(fields) for fields in events))
    return found if may_see(found.units) else None


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
