"""What a real worker and a real wall tell a monitor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from live_events import accepted, now
from pipeline_kit import own_rig
from prometheus_client.parser import text_string_to_metric_families
from rig import Rig, eventually
from wall_kit import Wall, until

from ioc.embedded.ports import free_ports
from schemas.metric_names import METRICS

TOKEN = "a token of this test"


@pytest.fixture(scope="module")
def rig(kafka, clickhouse, tmp_path_factory) -> Iterator[Rig]:
    with own_rig(kafka, clickhouse, tmp_path_factory.mktemp("monitoring"), partitions=2) as rig:
        yield rig


def _figures(text: str) -> dict[str, float]:
    """Sums by name."""
    sums: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            sums[sample.name] = sums.get(sample.name, 0.0) + sample.value
    return sums


def test_a_worker_lives_before_it_is_ready_and_counts_what_it_stores(rig: Rig):
    (port, nobody) = free_ports(2)
    base = f"http://127.0.0.1:{port}"
    waiting = rig.start_worker(
        ready=False,
        IOC_WORKER_HEALTH_PORT=str(port),
        IOC_KAFKA_BOOTSTRAP=f"127.0.0.1:{nobody}",
    )
    eventually(lambda: _status(f"{base}/health/live") == 200, "a worker without Kafka lives")
    for path in ("/health/ready", "/health"):
        assert _status(base + path) == 503
    assert _figures(httpx.get(f"{base}/metrics").text)["ioc_ready"] == 0
    assert _status(f"{base}/other") == 404
    waiting.kill()

    rig.start_worker(IOC_WORKER_HEALTH_PORT=str(port))
    for path in ("/health/live", "/health/ready", "/health"):
        assert _status(base + path) == 200
    records = [accepted(f"H28.MON-{number}", now()) for number in range(30)]
    rig.replay(records)
    rig.wait_stored()

    def figures() -> dict[str, float]:
        return _figures(httpx.get(f"{base}/metrics").text)

    eventually(lambda: figures()["ioc_worker_events_stored_total"] == 30, "all are counted")
    text = httpx.get(f"{base}/metrics").text
    rows = re.search(r'ioc_worker_rows_written_total\{table="dossier_events"\} (\S+)', text)
    assert rows
    assert float(rows[1]) == 30
    eventually(lambda: figures()["ioc_worker_partition_lag_events"] == 0, "nothing waits")
    last = figures()
    assert last["ioc_ready"] == 1
    assert last["ioc_worker_unstored_events"] == 0
    assert 1 <= last["ioc_worker_groups_stored_total"] <= 30
    assert last["ioc_worker_partition_stored_offset"] == 30 - 2  # two partitions, counted from 0
    assert last["ioc_worker_beat_age_seconds"] < 30
    assert last["process_resident_memory_bytes"] > 1e6
    told = {family.name for family in text_string_to_metric_families(text)}
    for each in METRICS:
        if each.process == "worker":
            assert each.name.removesuffix("_total") in told, each.name
    assert "H28.MON" not in text


def test_a_wall_shows_its_figures_to_who_may_see_it(rig: Rig, clickhouse, tmp_path: Path):
    wall = Wall(clickhouse, rig.database, tmp_path, IOC_WALL_TOKEN=TOKEN)
    try:
        wall.start()
        for path in ("/health/live", "/alive"):
            assert wall.status(path) == 200
        until(lambda: wall.status("/health/ready") == 200, "the warehouse is read")
        assert wall.status("/metrics") == 401
        who = {"Authorization": f"Bearer {TOKEN}"}
        httpx.get(f"{wall.url}/frame/province", headers=who, timeout=20)
        httpx.get(f"{wall.url}/frame/secret", headers=who)
        text = httpx.get(f"{wall.url}/metrics", headers=who).text
        figures = _figures(text)
        assert figures["ioc_wall_screens"] == 0
        assert figures["ioc_ready"] == 1
        assert 'route="/frame/{board}"' in text
        assert "secret" not in text
        assert TOKEN not in text
    finally:
        wall.end()


def _status(url: str) -> int:
    try:
        return httpx.get(url, timeout=5).status_code
    except httpx.TransportError:
        return 0
