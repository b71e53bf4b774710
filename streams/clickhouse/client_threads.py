"""Clients of ClickHouse by what they do, each in a thread of its own."""

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

    Args:
        connect: makes a client; it blocks, and is called in the thread that needs one first.
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
        self._clients: list[Client] = []
        self._of_thread = threading.local()
        self._threads = {
            role: ThreadPoolExecutor(max_workers=count, thread_name_prefix=f"{name}-{role}")
            for role, count in roles.items()
        }

    async def call(self, role: str, action: Callable[[Client], Result]) -> Result:
        """Run an action with a client of the role and return what it returns.

        Raises:
            RetryError: ClickHouse is away or busy.
            FatalError: it refuses the statement.
        """

        def run() -> Result:
            try:
                client: Client | None = getattr(self._of_thread, "client", None)
                if client is None:
                    client = self._of_thread.client = self._connect()
                    self._clients.append(client)
                return action(client)
            except (Error, OSError) as error:
                raise translate(error) from error

        return await asyncio.get_running_loop().run_in_executor(self._threads[role], run)

    def close(self) -> None:
        """Close threads and connections; blocks until a call under way has ended."""
        for threads in self._threads.values():
            threads.shutdown(wait=True, cancel_futures=True)
        for client in self._clients:
            client.close()
        self._clients.clear()
