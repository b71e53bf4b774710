"""Parts that are embedded engines."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.engine import EmbeddedEngine
from ioc.embedded.kafka import EmbeddedKafka
from ioc.embedded.kafka_classpath import class_path_listing
from ioc.embedded.ports import accepts_connections
from ioc.supervisor.part import Part, answers_ok

_START_TIMEOUT_SECONDS = 60


class EnginePart(Part):
    """An embedded engine, started and stopped by a thread of its own.

    The kernel kills an engine when the *thread* that started it ends, so that thread lives until
    the engine has stopped. A thread for each engine lets them start at the same time.
    """

    def __init__(self, name: str, engine: EmbeddedEngine, log: Path) -> None:
        super().__init__(name, log)
        self._engine = engine
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._started = False

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._engine.pid

    @property
    def ending(self) -> str:
        """Engines end by themselves only when something went wrong; their log says what."""
        return f"ended unexpectedly, see {self.log}"

    async def start(self) -> None:
        """Start the engine and return when it answers."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._engine.start, _START_TIMEOUT_SECONDS)
        self._started = True

    async def stop(self) -> None:
        """Let the engine write everything and end; waits for a start that is under way."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._engine.stop)


class KafkaPart(EnginePart):
    """The embedded Kafka."""

    def __init__(self, folder: Path) -> None:
        self._kafka = EmbeddedKafka(folder)
        super().__init__("Kafka", self._kafka, self._kafka.log_folder / "kafka.log")

    @property
    def must_fetch(self) -> bool:
        """Whether the jars are not on this machine yet, so that the first start takes longer."""
        return not class_path_listing().exists()

    @property
    def address(self) -> str:
        """`host:port`; empty before the first start."""
        return self._kafka.bootstrap if self._started else ""

    def healthy(self) -> bool:
        """Whether the broker accepts connections."""
        return accepts_connections(int(self._kafka.bootstrap.rpartition(":")[2]))


class ClickHousePart(EnginePart):
    """The embedded ClickHouse."""

    def __init__(self, folder: Path) -> None:
        self._clickhouse = EmbeddedClickHouse(folder)
        log = self._clickhouse.log_folder / "clickhouse.log"
        super().__init__("ClickHouse", self._clickhouse, log)

    @property
    def address(self) -> str:
        """`http://host:port`; empty before the first start."""
        return self._clickhouse.url if self._started else ""

    @property
    def passwords(self) -> dict[str, str]:
        """Password of each user; known once it runs."""
        engine = self._clickhouse
        return {
            engine.username: engine.password,
            engine.read_username: engine.read_password,
        }

    def healthy(self) -> bool:
        """Whether the HTTP interface answers."""
        return answers_ok(f"{self._clickhouse.url}/ping")
