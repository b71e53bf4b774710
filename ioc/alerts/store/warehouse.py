"""Questions and inserts of the alert process, off the event loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from streams.clickhouse.client_threads import ClientThreads

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Row = tuple[Any, ...]

_INSERT = {"async_insert": 0}


@cache
def statement(name: str) -> str:
    """Return the text of `ioc/alerts/sql/NAME.sql`."""
    return resources.files("ioc.alerts").joinpath("sql", f"{name}.sql").read_text("utf-8")


class Warehouse:
    """Reads and writes, each in a thread of its own, so that a question delays no insert.

    Args:
        connect: makes a client of an account that may write the tables of alerting; blocks.
    """

    def __init__(self, connect: Callable[[], Client]) -> None:
        self._threads = ClientThreads(connect, "alerts")

    async def rows(self, name: str, **parameters: Any) -> Sequence[Row]:
        """Ask one of the statements of `ioc/alerts/sql`.

        Raises:
            RetryError: ClickHouse is away or busy.
            FatalError: it refuses the statement.
        """
        return await self.ask(statement(name), **parameters)

    async def ask(self, text: str, **parameters: Any) -> Sequence[Row]:
        """Ask a statement of another part of the project; as `rows`."""
        return await self._threads.call(
            "read", lambda client: client.query(text, parameters=parameters).result_rows
        )

    async def insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Insert whole columns and wait until they are stored; nothing for no rows.

        Raises:
            RetryError: ClickHouse is away or busy; the rows may be stored or not.
        """
        if not columns or not len(next(iter(columns.values()))):
            return

        def insert(client: Client) -> None:
            client.insert(
                table,
                [list(column) for column in columns.values()],
                column_names=list(columns),
                column_oriented=True,
                settings=_INSERT,
            )

        await self._threads.call("write", insert)

    def close(self) -> None:
        """Close threads and connections; blocks until a call under way has ended."""
        self._threads.close()
