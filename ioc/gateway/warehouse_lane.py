"""One thread and one connection to the warehouse, for calls that wait in a row."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from ioc.warehouse import connect_writer
from schemas.errors import ConfigurationError, RetryError
from schemas.settings import ClickHouseSettings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_T = TypeVar("_T")


class WarehouseLane:
    """Runs calls one after the other in a thread of its own; connects when first needed."""

    def __init__(self, settings: ClickHouseSettings, timeout_seconds: float) -> None:
        seconds = min(settings.timeout_seconds, timeout_seconds)
        self._settings = settings.model_copy(update={"timeout_seconds": seconds})
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="warehouse")
        self._client: Client | None = None

    async def call(self, action: Callable[[Client], _T]) -> _T:
        """Run an action in the thread.

        Raises:
            RetryError: the warehouse does not answer, or refuses; the next call connects anew.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, action)

    def close(self) -> None:
        """Let a call under way end, then close the connection; blocks meanwhile."""
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self._client is not None:
            self._client.close()

    def _run(self, action: Callable[[Client], _T]) -> _T:
        from clickhouse_connect.driver.exceptions import Error  # noqa: PLC0415 - 0.3 s

        try:
            if self._client is None:
                self._client = connect_writer(self._settings)
            return action(self._client)
        except (Error, OSError, ConfigurationError) as error:
            self._client = None
            raise RetryError(f"the warehouse does not answer: {error}") from error
