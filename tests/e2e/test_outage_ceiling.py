"""ClickHouse goes away under a steady stream: what piles up in a worker has a ceiling."""

from __future__ import annotations

import datetime as dt
import threading
import time
from pathlib import Path

import httpx
from input_recount import InputRecount
from live_events import UNIT, accepted, now
from pipeline_kit import check_verified, own_rig
from prometheus_client.parser import text_string_to_metric_families
from rig import eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.embedded.ports import free_ports
from ioc.replay.sender import send_records

PER_SECOND = 1_000
BEFORE_SECONDS, AWAY_SECONDS, AFTER_SECONDS = 5, 12, 8
GROUP, CHUNK, CHUNKS_WAITING, PARTITIONS = 2_000, 200, 2, 4
#: Of a partition nothing is fetched while three times as many chunks as may wait before the agent
#: are not acknowledged. Full chunks of all partitions would be one group that is being stored and
#: the next one, each over its size by what came in last.
CEILING = min(PARTITIONS * 3 * CHUNKS_WAITING * CHUNK, 2 * (GROUP + PARTITIONS * CHUNK))
#: The interpreter's own coming and going.
GROWTH_BYTES = 32 << 20
SETTINGS = {
    "IOC_WORKER_GROUP_MAX_EVENTS": str(GROUP),
    "IOC_WORKER_CHUNK_MAX_RECORDS": str(CHUNK),
    "IOC_WORKER_CHUNKS_WAITING": str(CHUNKS_WAITING),
    "IOC_WORKER_RETRY_MAX_SECONDS": "1",
}


class Worker:
    """What its pages say."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/metrics"

    def figures(self) -> dict[str, float]:
        families = text_string_to_metric_families(httpx.get(self._url, timeout=10).text)
        sums: dict[str, float] = {}
        for family in families:
            for sample in family.samples:
                sums[sample.name] = sums.get(sample.name, 0.0) + sample.value
        return sums

    def unstored(self) -> float:
        return self.figures()["ioc_worker_unstored_events"]


def test_an_outage_of_the_warehouse_fills_no_worker(kafka: EmbeddedKafka, tmp_path: Path) -> None:
    recount = InputRecount()
    due = now() + dt.timedelta(days=9)
    leg = {"number": 1, "unit": UNIT, "started_at": now().isoformat()}
    # New files all of them: nothing is looked up, so nothing but the ceiling holds the stream.
    count = PER_SECOND * (BEFORE_SECONDS + AWAY_SECONDS + AFTER_SECONDS)
    events = list(recount.watch(accepted(f"OUT-{n}", due, leg=leg) for n in range(count)))
    (port,) = free_ports(1)
    with (
        EmbeddedClickHouse(tmp_path / "clickhouse") as clickhouse,
        own_rig(kafka, clickhouse, tmp_path, env=SETTINGS, partitions=PARTITIONS) as rig,
    ):
        process = rig.start_worker(IOC_WORKER_HEALTH_PORT=str(port))
        worker = Worker(port)
        sender = threading.Thread(
            target=send_records, args=(events, rig.kafka_settings), kwargs={"rate": PER_SECOND}
        )
        sender.start()
        stored = "SELECT count() FROM dossier_events"
        eventually(lambda: rig.rows(stored)[0][0] > PER_SECOND, "the stream runs")

        clickhouse.stop()
        try:
            away_until = time.monotonic() + AWAY_SECONDS
            eventually(lambda: worker.unstored() > 0, "events pile up", 10)
            looks = [worker.figures()]
            # On a busy machine the stream takes longer to become too much.
            while time.monotonic() < away_until or (
                looks[-1]["ioc_worker_partition_lag_events"] <= CEILING + PER_SECOND
                and sender.is_alive()
            ):
                time.sleep(0.5)
                looks.append(worker.figures())
        finally:
            clickhouse.start()

        unstored = [look["ioc_worker_unstored_events"] for look in looks]
        assert max(unstored) <= CEILING
        waiting = looks[-1]["ioc_worker_partition_lag_events"]
        assert waiting > CEILING + PER_SECOND, "the stream was too thin to prove anything"
        # The rest waits in Kafka: nothing is fetched any more, and memory stands still.
        half = len(looks) // 2
        assert len(set(unstored[half:])) == 1, unstored
        memory = [look["process_resident_memory_bytes"] for look in looks]
        assert max(memory[half:]) - memory[half] < GROWTH_BYTES, memory

        sender.join(120)
        assert not sender.is_alive(), "the stream never ended"
        rig.settle()
        eventually(lambda: worker.unstored() == 0, "nothing is left in the worker", 30)
        assert process.alive, "the worker must outlive its warehouse"
        assert rig.rows(stored) == [(count,)]
        recount.check(rig)
        check_verified(rig)
        assert process.stop() == 0
