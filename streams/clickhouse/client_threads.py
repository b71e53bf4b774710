"""One client of ClickHouse for reading and one for writing, each in a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, TypeVar

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import Error

from streams.clickhouse.errors import translate

Result = TypeVar("Result")
Role = Literal["read", "write"]


class ClientThreads:
    """Runs calls off the event loop, so that a look-up never waits behind an insert.

    Args:
        connect: makes a client; it blocks, and is called in the thread that needs one first.
        name: beginning of the threads' names.
    """

    def __init__(self, connect: Callable[[], Client], name: str) -> None:
        self._connect = connect
        self._clients: dict[Role, Client] = {}
        roles: tuple[Role, ...] = ("read", "write")
        self._threads = {
            role: ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"{name}-{role}")
            for role in roles
        }

    async def call(self, role: Role, action: Callable[[Client], Result]) -> Result:
        """Run an action with the role's client and return what it returns.

        Raises:
            RetryError: ClickHouse is away or busy.
            FatalError: it refuses the statement.
        """

        def run() -> Result:
            try:
                client = self._clients.get(role)
                if client is None:
                    client = self._clients[role] = self._connect()
                return action(client)
            except (Error, OSError) as error:
                raise translate(error) from error

        return await asyncio.get_running_loop().run_in_executor(self._threads[role], run)

    def close(self) -> None:
        """Close threads and connections; blocks until a call under way has ended."""
        for threads in self._threads.values():
            threads.shutdown(wait=True, cancel_futures=True)
        for client in self._clients.values():
            client.close()
        self._clients.clear()
