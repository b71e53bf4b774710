"""A real wall process on a database of its own, and a hand that keeps its status rows fresh."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import wall_seed
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import Error

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.ports import free_ports


def until(condition: Callable[[], Any], what: str, timeout_seconds: float = 20.0) -> Any:
    deadline = time.monotonic() + timeout_seconds
    while True:
        answer = condition()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"waited in vain for: {what}"
        time.sleep(0.05)


class Wall:
    """`python -m ioc.wall`, its output in a file; started again at the same address."""

    def __init__(
        self, engine: EmbeddedClickHouse, database: str, folder: Path, **settings: str
    ) -> None:
        (port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{port}"
        self._log = folder / "wall.log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("IOC_")}
        self.environment = {
            **kept,
            "IOC_CLICKHOUSE_URL": engine.url,
            "IOC_CLICKHOUSE_DATABASE": database,
            "IOC_CLICKHOUSE_READ_PASSWORD": engine.read_password,
            "IOC_CLICKHOUSE_USERNAME": engine.username,
            "IOC_CLICKHOUSE_PASSWORD": engine.password,
            "IOC_WALL_PORT": str(port),
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ioc.wall"],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._log.parent,
            )
        until(lambda: self.ended or self.status("/alive") == 200, f"the wall: {self.output}")
        assert not self.ended, self.output

    @property
    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    @property
    def output(self) -> str:
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def status(self, path: str) -> int:
        """Return the status, 0 when nobody answers."""
        try:
            return httpx.get(self.url + path, timeout=5).status_code
        except httpx.TransportError:
            return 0

    def get(self, path: str) -> Any:
        return httpx.get(self.url + path, timeout=10).json()


class StatusHand:
    """Writes the status rows each half second as a worker does, until it is held."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._held = threading.Event()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.tell()
        self._thread.start()

    def tell(self) -> None:
        wall_seed.tell_status(self._client, dt.datetime.now(dt.UTC))

    def hold(self) -> None:
        self._held.set()

    def go_on(self) -> None:
        self._held.clear()

    def end(self) -> None:
        self._end.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._end.wait(0.5):
            if not self._held.is_set():
                with contextlib.suppress(Error, OSError):  # the engine may be away on purpose
                    self.tell()
