"""Runs the catalogue's queries as the read-only user, each in a thread."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboards.query import Query
from ioc.warehouse import connect_reader
from schemas.errors import ConfigurationError, RetryError
from schemas.settings import ClickHouseSettings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

#: Queries that run at one time at most. Most are idle: `ioc.wall.lanes` lets few run together
#: unless they are slow, and slow ones only wait.
THREADS = 16
#: A query that takes longer is as good as an outage to a wall.
_TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of one query and the seconds that it took."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    seconds: float

    @property
    def first(self) -> dict[str, Any]:
        """The first row by column name; empty if there is none."""
        return dict(zip(self.columns, self.rows[0], strict=True)) if self.rows else {}

    def as_dicts(self) -> list[dict[str, Any]]:
        """All rows by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class WarehouseReader:
    """A few clients, one a thread, since a client serves one thread at a time."""

    def __init__(self, settings: ClickHouseSettings) -> None:
        """Connect nothing yet."""
        seconds = min(settings.timeout_seconds, _TIMEOUT_SECONDS)
        self._settings = settings.model_copy(update={"timeout_seconds": seconds})
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="wall-query")
        self._mine = threading.local()

    async def ask(self, query: Query, values: Mapping[str, Any]) -> Answer:
        """Run a query with the values that it names.

        Raises:
            RetryError: the warehouse does not answer, or not in time, or refuses.
        """
        bound = {name: values[name] for name in query.parameters}
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._run, query, bound)

    def close(self) -> None:
        """Let the threads end; running queries are not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _run(self, query: Query, bound: Mapping[str, Any]) -> Answer:
        from clickhouse_connect.driver.exceptions import Error  # noqa: PLC0415 - 0.3 s

        started = time.monotonic()
        try:
            result = self._client().query(query.text, parameters=dict(bound))
        except (Error, OSError) as error:
            self._mine.client = None
            raise RetryError(f"{query.name}: {error}") from error
        except ConfigurationError as error:
            # Wrong for a process that starts; for one that shows a wall it may be put right.
            raise RetryError(str(error)) from error
        rows = [tuple(row) for row in result.result_rows]
        return Answer(tuple(result.column_names), rows, time.monotonic() - started)

    def _client(self) -> Client:
        client: Client | None = getattr(self._mine, "client", None)
        if client is None:
            client = connect_reader(self._settings)
            _limit(client, max(1, int(self._settings.timeout_seconds)))
            self._mine.client = client
        return client


def _limit(client: Client, seconds: int) -> None:
    """Let the server give up when nobody waits any more.

    Otherwise the next question would find this one still running. Servers differ in what they let
    a reader set: some call every setting read-only and still take a lower limit, others do not.
    """
    from clickhouse_connect.driver.exceptions import DatabaseError  # noqa: PLC0415 - 0.3 s

    # The client's own setter asks no server, it believes what is called read-only.
    parameters: dict[str, Any] = vars(client)["params"]
    parameters["max_execution_time"] = str(seconds)
    try:
        client.query("SELECT 1")
    except DatabaseError:
        del parameters["max_execution_time"]
