"""Inserts whole columns, and knows that all of them were taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.insert import InsertContext

from schemas.errors import FatalError

#: More than a group has: cutting it into the client's blocks of a megabyte would copy every column.
_BLOCK_ROWS = 1 << 20


class Inserter:
    """Keeps what is known of the tables; a table is written by one call at a time.

    Args:
        settings: of every insert.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = dict(settings)
        self._contexts: dict[tuple[str, ...], InsertContext] = {}

    def insert(self, client: Client, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Insert and wait until stored; blocks.

        Raises:
            FatalError: the table took fewer rows than it was given.
            clickhouse_connect.driver.exceptions.Error, OSError: the rows may be stored or not.
        """
        kept = (table, *columns)
        # Kept, because a new one asks the server for the table's columns, and holds its rows in a
        # cycle that only the garbage collector would find.
        context = self._contexts.pop(kept, None) or client.create_insert_context(
            table, list(columns), column_oriented=True, settings=self._settings
        )
        context.req_block_size = _BLOCK_ROWS
        context.data = list(columns.values())
        summary = client.data_insert(context)
        rows = len(next(iter(columns.values())))
        if summary.written_rows < rows:
            # Never seen from a sound server; going on would lose events without a word.
            raise FatalError(f"{table} took {summary.written_rows} of {rows} rows")
        self._contexts[kept] = context  # not after an error
