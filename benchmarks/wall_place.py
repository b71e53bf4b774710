"""A wall over a seeded province, with status rows as a worker writes them."""

from __future__ import annotations

import contextlib
import os
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


@dataclass(frozen=True)
class WallPlace:
    """A running wall.

    Attributes:
        url: of the wall.
        process: the wall's.
        client: the writer's, for whoever changes a figure.
    """

    url: str
    process: subprocess.Popen[bytes]
    client: Any


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
            process, url = _start(engine, folder, settings)
            try:
                yield WallPlace(url, process, client)
            finally:
                process.terminate()
                process.wait(10)
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


def _start(
    engine: EmbeddedClickHouse, folder: Path, settings: dict[str, str]
) -> tuple[subprocess.Popen[bytes], str]:
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IOC_")}
    with (folder / "wall.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ioc.wall"],
            env={
                **kept,
                "IOC_CLICKHOUSE_URL": engine.url,
                "IOC_CLICKHOUSE_READ_PASSWORD": engine.read_password,
                "IOC_CLICKHOUSE_PASSWORD": engine.password,
                "IOC_WALL_PORT": str(port),
                **settings,
            },
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
        )
    deadline = time.monotonic() + _START_SECONDS
    while True:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{url}/alive", timeout=2).status_code == 200:
                return process, url
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the wall did not start: {(folder / 'wall.log').read_text()}")
        time.sleep(0.05)
