"""A broker that does not answer, as a suspended machine's, or that is away at a bad moment."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Any

import faust
import psutil
from transport_kit import Store, ended, new_topic, produce, running_app, terminate, until, worker

from ioc.embedded.kafka import EmbeddedKafka
from streams.transport import Chunk


async def test_workers_end_although_the_broker_hangs(tmp_path: Path) -> None:
    """Every step of Faust's way out waits for the broker: the last commit, the goodbye."""
    with EmbeddedKafka(tmp_path / "kafka") as kafka:
        topic, store = await new_topic(kafka.bootstrap, 1), Store(tmp_path)
        await produce(kafka.bootstrap, topic, range(1000), 1)
        assert kafka.pid is not None
        broker = psutil.Process(kafka.pid)
        common = {
            "bootstrap": kafka.bootstrap,
            "topic": topic,
            "max_records": 50,
            "delay_seconds": 0.2,
            "settings": {"broker_commit_interval": 600.0},
        }
        with (
            worker(store, "stops", group="stops", **common) as stops,
            worker(store, "crashes", group="crashes", **common, crash_at_value=300) as crashes,
        ):
            await until(lambda: all(store.lines(name) for name in ("stops", "crashes")))
            broker.send_signal(signal.SIGSTOP)
            try:
                assert await terminate(stops, 8) == 0
                # Fetched before the broker froze; reached 1.2 s after the first chunk.
                assert await ended(crashes, 10) not in (0, None)
            finally:
                broker.send_signal(signal.SIGCONT)
        assert "told to crash" in (tmp_path / "crashes.log").read_text()
        assert max(store.values("crashes")) == 299


async def test_a_broker_that_goes_away_before_the_first_seek_leaves_no_deaf_worker(
    tmp_path: Path,
) -> None:
    """Faust ends the task that lets records flow when a seek outlasts the request time-out."""
    request_seconds = 6.0
    values: list[int] = []
    left = asyncio.Event()

    async def handle(chunk: Chunk) -> None:
        values.extend(int(record.value) for record in chunk.records)
        chunk.span.acknowledge()

    with EmbeddedKafka(tmp_path / "kafka") as kafka:
        topic = await new_topic(kafka.bootstrap, 2)
        await produce(kafka.bootstrap, topic, range(20), 2)

        def prepare(app: faust.App) -> None:
            @app.on_rebalance_complete.connect
            async def leave(app: faust.App, **_: Any) -> None:
                if not left.is_set():
                    kafka.kill()
                    left.set()

        async def come_back() -> None:
            await left.wait()
            await asyncio.sleep(request_seconds + 2)
            await asyncio.to_thread(kafka.start)

        back = asyncio.create_task(come_back())
        async with running_app(
            kafka.bootstrap, topic, tmp_path / "data", handle, prepare=prepare,
            settings={"broker_request_timeout": request_seconds},
        ):  # fmt: skip
            await back
            await until(lambda: set(values) == set(range(20)), 60)
            await produce(kafka.bootstrap, topic, range(20, 40), 2)
            await until(lambda: set(values) == set(range(40)))
