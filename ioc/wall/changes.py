"""Tells which tables changed, so that a query over unchanged ones need not run again.

ClickHouse keeps a table as parts whose names change with every insert, merge and mutation. A
server that does not show them to the reader, or has several replicas with parts of their own,
costs more queries and nothing else: what is not known to be unchanged is read.
"""

from __future__ import annotations

import asyncio
import re

from dashboards.query import Query
from ioc.wall.reader import WarehouseReader
from schemas.errors import RetryError

_PARTS = Query(
    "changes",
    "SELECT table, groupBitXor(cityHash64(name)), count() FROM system.parts"
    " WHERE database = currentDatabase() AND active GROUP BY table",
    frozenset(),
)
_VIEWS = Query(
    "views",
    "SELECT name, engine, as_select FROM system.tables WHERE database = currentDatabase()",
    frozenset(),
)
_WORD = re.compile(r"\w+")
#: Asks the server's clock, so its answer changes without any insert.
_READS_CLOCK = re.compile(r"\b(?:now|now64|today|yesterday|rand\w*)\s*\(", re.IGNORECASE)

Versions = tuple[tuple[str, int, int], ...]


class Changes:
    """The versions of all tables as of the newest look."""

    def __init__(self, reader: WarehouseReader) -> None:
        self._reader = reader
        self._versions: dict[str, tuple[int, int]] | None = None
        self._tables: dict[str, str] = {}
        self._known: dict[str, frozenset[str] | None] = {}
        self._is_told = False
        self._looking: asyncio.Task[dict[str, tuple[int, int]] | None] | None = None

    async def look(self, seconds: float) -> None:
        """Read the versions; nothing is known when the server does not tell them in time.

        One that comes late is dropped: by then it is old. None is begun while another is under
        way.

        Args:
            seconds: how long to wait.
        """
        self._versions = None
        if self._looking is not None and not self._looking.done():
            return
        self._looking = asyncio.create_task(self._look())
        await asyncio.wait({self._looking}, timeout=seconds)
        if self._looking.done():
            self._versions = self._looking.result()

    async def _look(self) -> dict[str, tuple[int, int]] | None:
        try:
            parts = await self._reader.ask(_PARTS, {})
            if not self._is_told:
                tables = await self._reader.ask(_VIEWS, {})
                self._tables = {name: select for name, _, select in tables.rows}
                self._known = {}
                self._is_told = True
        except RetryError:
            self._is_told = False  # what comes back may have other views
            return None
        return {table: (mark, count) for table, mark, count in parts.rows}

    def versions_of(self, query: Query) -> Versions | None:
        """Return the versions of the tables that a query reads; None = not known."""
        if self._versions is None:
            return None
        if query.name not in self._known:
            self._known[query.name] = self._read_by(query.text)
        tables = self._known[query.name]
        if tables is None:
            return None
        return tuple((table, *self._versions.get(table, (0, 0))) for table in sorted(tables))

    def _read_by(self, text: str) -> frozenset[str] | None:
        """Return the tables behind a text, those of its views too; None = it depends on more."""
        found: set[str] = set()
        texts = [text]
        while texts:
            text = texts.pop()
            if _READS_CLOCK.search(text):
                return None
            for word in set(_WORD.findall(text)) & self._tables.keys() - found:
                found.add(word)
                texts.append(self._tables[word])
        return frozenset(found) if found else None
