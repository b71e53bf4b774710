"""A broker that neither answers nor closes its connections, as a suspended machine does."""

from __future__ import annotations

import signal
from pathlib import Path

import psutil
from transport_kit import Store, ended, new_topic, produce, terminate, until, worker

from ioc.embedded.kafka import EmbeddedKafka


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
