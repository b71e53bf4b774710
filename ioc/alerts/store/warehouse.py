"""Questions and inserts of the alert process, off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeVar

from streams.clickhouse.errors import translate

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Result = TypeVar("Result")
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
        self._connect = connect
        self._clients: dict[str, Client] = {}
        self._threads = {
            role: ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"alerts-{role}")
            for role in ("read", "write")
        }

    async def rows(self, name: str, **parameters: Any) -> Sequence[Row]:
        """Ask one of the statements of `ioc/alerts/sql`.

        Raises:
            RetryError: ClickHouse is away or busy.
            FatalError: it refuses the statement.
        """
        return await self.ask(statement(name), **parameters)

    async def ask(self, text: str, **parameters: Any) -> Sequence[Row]:
        """Ask a statement of another part of the project; as `rows`."""
        return await self._call(
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

        await self._call("write", insert)

    def close(self) -> None:
        """Close threads and connections; blocks until a call under way has ended."""
        for threads in self._threads.values():
            threads.shutdown(wait=True, cancel_futures=True)
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    async def _call(self, role: str, action: Callable[[Client], Result]) -> Result:
        def run() -> Result:
            from clickhouse_connect.driver.exceptions import Error  # noqa: PLC0415 - 0.3 s

            try:
                client = self._clients.get(role)
                if client is None:
                    client = self._clients[role] = self._connect()
                return action(client)
            except (Error, OSError) as error:
                raise translate(error) from error

        return await asyncio.get_running_loop().run_in_executor(self._threads[role], run)
