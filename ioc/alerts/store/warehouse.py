"""Questions and inserts of the alert process, off the event loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from streams.clickhouse.client_threads import READ_AND_WRITE, ClientThreads
from streams.clickhouse.inserting import Inserter

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

    A third one is for short questions that something waits for while long ones are under way.

    Args:
        connect: makes a client of an account that may write the tables of alerting; blocks.
        question_settings: of every question; the account must be allowed to set them.
    """

    def __init__(
        self, connect: Callable[[], Client], question_settings: Mapping[str, Any] | None = None
    ) -> None:
        self._question_settings = dict(question_settings or {})
        self._threads = ClientThreads(connect, "alerts", {**READ_AND_WRITE, "short": 1})
        self._inserter = Inserter(_INSERT)

    async def rows(self, name: str, **parameters: Any) -> Sequence[Row]:
        """Ask one of the statements of `ioc/alerts/sql`.

        Raises:
            RetryError: ClickHouse is away or busy.
            FatalError: it refuses the statement.
        """
        return await self.ask(statement(name), **parameters)

    async def short(self, name: str) -> Sequence[Row]:
        """Ask a statement that takes milliseconds, beside a longer one; as `rows`."""
        return await self._ask("short", statement(name), {})

    async def ask(self, text: str, **parameters: Any) -> Sequence[Row]:
        """Ask a statement of another part of the project; as `rows`."""
        return await self._ask("read", text, parameters)

    async def _ask(self, role: str, text: str, parameters: Mapping[str, Any]) -> Sequence[Row]:
        def query(client: Client) -> Sequence[Row]:
            settings = self._question_settings
            rows: Sequence[Row] = client.query(
                text, parameters=parameters, settings=settings
            ).result_rows
            return rows

        return await self._threads.call(role, query)

    async def insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Insert whole columns and wait until they are stored; nothing for no rows.

        Raises:
            RetryError: ClickHouse is away or busy; the rows may be stored or not.
        """
        if not columns or not len(next(iter(columns.values()))):
            return

        await self._threads.call(
            "write", lambda client: self._inserter.insert(client, table, columns)
        )

    def close(self) -> None:
        """Close threads and connections; blocks until a call under way has ended."""
        self._threads.close()
