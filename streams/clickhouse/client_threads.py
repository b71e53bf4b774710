"""One client of ClickHouse, used from threads apart by what they do."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import Final, TypeVar

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import Error

from streams.clickhouse.errors import translate

Result = TypeVar("Result")

READ_AND_WRITE: Final[Mapping[str, int]] = MappingProxyType({"read": 1, "write": 1})


class ClientThreads:
    """Runs calls off the event loop, so that a look-up never waits behind an insert.

    All threads share one client, which has a pool of connections: to make one takes some queries,
    and the first group of a worker would wait for those of each thread.

    Args:
        connect: makes a client without a session, which several threads may use at once; it
            blocks, and is called by the first call.
        name: beginning of the threads' names.
        roles: name of a role -> how many of its calls may run side by side.
    """

    def __init__(
        self,
        connect: Callable[[], Client],
        name: str,
        roles: Mapping[str, int] = READ_AND_WRITE,
    ) -> None:
        self._connect = connect
        self._client: Client | None = None
        self._connecting = threading.Lock()
        self._threads = {
            role: ThreadPoolExecutor(max_workers=count, thread_name_prefix=f"{name}-{role}")
            for role, count in roles.items()
        }

    async def call(self, role: str, action: Callable[[Client], Result], what: str = "") -> Result:
        """Run an action in a thread of the role and return what it returns.

        Args:
            role: one of those of the constructor.
            action: blocks.
            what: for the messages of errors: what the action does, e.g. the table it writes.

        Raises:
            RetryError: ClickHouse is away or busy.
            FatalError: it refuses the statement.
        """

        def run() -> Result:
            try:
                return action(self._connected())
            except (Error, OSError) as error:
                raise translate(error, what) from error

        return await asyncio.get_running_loop().run_in_executor(self._threads[role], run)

    def _connected(self) -> Client:
        with self._connecting:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def close(self) -> None:
        """Close threads and connections; blocks until a call under way has ended."""
        for threads in self._threads.values():
            threads.shutdown(wait=True, cancel_futures=True)
        if self._client is not None:
            self._client.close()
            self._client = None
