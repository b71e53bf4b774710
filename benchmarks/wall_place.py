"""A wall over a seeded province, with status rows as a worker writes them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from benchmarks.scale import NOW
from benchmarks.scale_seed import seed
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.ports import free_ports
from ioc.prepare import prepare_warehouse
from ioc.warehouse import connect_writer
from schemas.settings import ClickHouseSettings

_PARTITIONS = 4
_TELL_SECONDS = 0.5
_START_SECONDS = 30.0
#: What a healthy worker writes each second.
_STATUS = f"""
INSERT INTO pipeline SELECT number, 'bench', now64(3), 9, 10, 0, 2.5, now64(3), 0
FROM numbers({_PARTITIONS})
"""


class WallProcess:
    """The wall's process; started again at the same address."""

    def __init__(self, engine: EmbeddedClickHouse, folder: Path, settings: dict[str, str]) -> None:
        (port,) = free_ports(1)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("IOC_")}
        self.url = f"http://127.0.0.1:{port}"
        self._folder = folder
        self._environment = {
            **kept,
            "IOC_CLICKHOUSE_URL": engine.url,
            "IOC_CLICKHOUSE_READ_PASSWORD": engine.read_password,
            "IOC_CLICKHOUSE_PASSWORD": engine.password,
            "IOC_WALL_PORT": str(port),
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the process that runs now."""
        if self._process is None:
            raise RuntimeError("the wall does not run")
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers."""
        log_file = self._folder / "wall.log"
        with log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ioc.wall"],
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
            )
        deadline = time.monotonic() + _START_SECONDS
        while True:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/alive", timeout=2).status_code == 200:
                    return
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the wall did not start: {log_file.read_text()}")
            time.sleep(0.05)

    def send(self, number: int) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    def end(self, number: int = signal.SIGTERM) -> None:
        """End it by a signal and wait for that."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(10)


@dataclass(frozen=True)
class WallPlace:
    """A running wall.

    Attributes:
        wall: its process.
        client: the writer's, for whoever changes a figure.
    """

    wall: WallProcess
    client: Any

    @property
    def url(self) -> str:
        """Of the wall."""
        return self.wall.url


@contextlib.contextmanager
def running_wall(folder: Path, dossiers: int, **settings: str) -> Iterator[WallPlace]:
    """Seed an engine of its own in a folder and start a wall; both end on leaving.

    Args:
        folder: empty.
        dossiers: how many of three years.
        settings: further environment of the wall.
    """
    with EmbeddedClickHouse(folder / "clickhouse") as engine:
        warehouse = ClickHouseSettings(
            url=engine.url,
            username=engine.username,
            password=SecretStr(engine.password),
            timeout_seconds=120.0,
        )
        prepare_warehouse(warehouse)
        client = connect_writer(warehouse)
        seed(client, warehouse.database, dossiers, NOW, lambda _: None)
        client.command(
            "INSERT INTO topic_epochs (topic, topic_id, partitions, epoch)"
            f" VALUES ('bench', 'bench', {_PARTITIONS}, 1)"
        )
        with _telling(connect_writer(warehouse)):
            wall = WallProcess(engine, folder, settings)
            try:
                wall.start()
                yield WallPlace(wall, client)
            finally:
                wall.end()
                client.close()


@contextlib.contextmanager
def _telling(client: Any) -> Iterator[None]:
    end = threading.Event()

    def tell() -> None:
        while not end.wait(_TELL_SECONDS):
            client.command(_STATUS)

    client.command(_STATUS)
    thread = threading.Thread(target=tell)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()
        client.close()
