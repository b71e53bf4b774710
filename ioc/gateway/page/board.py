"""Reads what the page shows; a part that cannot be read is left out, the others are there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from dashboards.query import Query, load_query
from ioc.gateway.keys.caller import Caller
from ioc.gateway.page import queries
from ioc.gateway.reading.statistics import Question, Statistics
from ioc.wall.reader import Answer, WarehouseReader
from schemas.calendar.local_time import date_of_day, local_day
from schemas.errors import RetryError
from schemas.events.shard import shards_of

REJECTS_SHOWN, REJECTS_DOWNLOADED = 20, 5_000
_EVENTS_SHOWN = 20
_SILENT_SHOWN = 10
_ALL_ROWS = 30_000

Rows = list[dict[str, Any]]


@dataclass
class Board:
    """What is shown; None = it could not be read."""

    use: dict[str, Any] | None = None
    heard_at: int | None = None
    skew: dict[str, Any] | None = None
    silent: Rows | None = None
    events: Rows | None = None
    rejects: Rows | None = None
    reconciled: Rows | None = None


class BoardReader:
    """Reads for one caller at a time, as the read-only account."""

    def __init__(self, reader: WarehouseReader, statistics: Statistics) -> None:
        self._reader = reader
        self._statistics = statistics

    async def read(self, caller: Caller, now: int) -> Board:
        """Return everything; never raises for an engine that is away."""
        board = Board()
        use, heard, skew, rejects, reconciled, events, silent = await asyncio.gather(
            self._rows(queries.USE, caller),
            self._rows(queries.HEARD, caller),
            self._rows(queries.SKEW, caller),
            self.rejects(caller, REJECTS_SHOWN),
            self._rows(queries.RECONCILED, caller),
            self._events(caller),
            self._silent(caller, now),
        )
        board.use = use[0] if use else None
        board.heard_at = heard[0]["at"] if heard else None
        board.skew = skew[0] if skew else None
        board.rejects, board.reconciled = rejects, reconciled
        board.events, board.silent = events, silent
        return board

    async def rejects(self, caller: Caller, rows: int) -> Rows | None:
        """Return rejected events, newest first, each with `mended`."""
        found = await self._rows(queries.REJECTS, caller, rows=rows)
        if not found:
            return found
        ids = sorted({row["dossier_id"] for row in found if row["dossier_id"]})
        wanted = list(zip(shards_of(ids), ids, strict=True))
        mended: set[tuple[str, str]] = set()
        if wanted:
            values = {"wanted": wanted, "source": caller.source}
            answer = await self._ask(queries.MENDED, values)
            mended = set(answer.rows) if answer is not None else set()
        return [{**row, "mended": (row["dossier_id"], row["event_id"]) in mended} for row in found]

    async def _events(self, caller: Caller) -> Rows | None:
        if caller.is_sandbox:
            return []
        scope = {"everything": int(caller.covers_province), "units": sorted(caller.unit_codes)}
        answer = await self._ask(queries.EVENTS, {"source": caller.source, **scope})
        if answer is None or not answer.rows:
            return None if answer is None else []
        rows = answer.as_dicts()
        wanted = sorted({(row["shard"], row["dossier_id"]) for row in rows})
        owners = await self._ask(queries.OWNERS, {"wanted": wanted, **scope})
        if owners is None:
            return None
        own = {dossier for (dossier,) in owners.rows}
        return [row for row in rows if row["dossier_id"] in own][:_EVENTS_SHOWN]

    async def _silent(self, caller: Caller, now: int) -> Rows | None:
        today = date_of_day(local_day(now))
        values = self._statistics.values(Question("", today, today, now))
        values |= {"working_now": 0, "rows": _ALL_ROWS}
        answer = await self._ask(load_query("silent"), values)
        if answer is None:
            return None
        own = [row for row in answer.as_dicts() if caller.may_use(row["unit"])]
        return [row for row in own if row["is_silent"]][:_SILENT_SHOWN]

    async def _rows(self, query: Query, caller: Caller, **more: Any) -> Rows | None:
        values = {
            "source": caller.source,
            "units": sorted(caller.unit_codes),
            "sandbox": int(caller.is_sandbox),
        }
        answer = await self._ask(query, {**values, **more})
        return None if answer is None else answer.as_dicts()

    async def _ask(self, query: Query, values: dict[str, Any]) -> Answer | None:
        try:
            return await self._reader.ask(query, values)
        except RetryError:
            return None
