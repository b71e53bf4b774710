"""Kafka takes events and no alerts: all else goes on, and everybody can see what does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from kafka.admin import ConfigResource, ConfigResourceType
from live_events import UNIT, accepted, now, overdue_id, resolved
from pipeline_kit import check_verified, own_rig
from rig import Rig, WorkerProcess, eventually
from test_deadlines_live import alerts_in_topic

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.embedded.ports import free_ports
from ioc.topics import admin, create_topics, topic_id

SETTINGS = {
    "IOC_WORKER_DUE_SOON_WORKING_SECONDS": "0",
    "IOC_WORKER_STALL_AFTER_SECONDS": "3",
    "IOC_WORKER_RETRY_MAX_SECONDS": "1",
}
#: In all four partitions.
NAMES = [f"REFUSED-{number}" for number in range(12)]


class Stage:
    """A worker whose files are late while nobody can be told."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        (port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{port}"
        self.port = {"IOC_WORKER_HEALTH_PORT": str(port)}
        self.topic = rig.kafka_settings.alerts_topic
        self.late = now() - dt.timedelta(seconds=1)
        self.expected = sorted(overdue_id(name, self.late) for name in NAMES)

    def start(self) -> WorkerProcess:
        return self.rig.start_worker(**self.port)

    def health(self) -> int:
        return httpx.get(f"{self.url}/health").status_code

    def looks(self) -> list[dict[str, Any]]:
        partitions: list[dict[str, Any]] = httpx.get(f"{self.url}/health").json()["partitions"]
        return partitions

    def events_go_on(self) -> None:
        """Late files come, and then event after event in every partition; all are stored."""
        rig = self.rig
        leg = {"number": 1, "unit": UNIT, "started_at": self.late.isoformat()}
        rig.replay(accepted(name, self.late, leg=leg) for name in [*NAMES, "DONE"])
        rig.wait_stored(20)
        eventually(lambda: self.health() == 503, "the worker says so", 30)
        # The first partition is enough for 503; each began its seconds with its own first alert.
        eventually(
            lambda: all(told["alerts_refused"] for told in self.looks()),
            lambda: f"each partition says so: {self.looks()}",
            30,
        )
        trouble = "SELECT groupUniqArray(stalled) FROM pipeline FINAL"
        eventually(lambda: rig.rows(trouble) == [([2],)], "the wall's rows say so", 10)
        owed = 'ioc_worker_partition_alerts_owed_seconds{partition="0"} '
        (line,) = [
            line
            for line in httpx.get(f"{self.url}/metrics").text.splitlines()
            if line.startswith(owed)
        ]
        assert float(line.removeprefix(owed)) > 3
        for number in range(12):
            due = now() + dt.timedelta(days=9)
            rig.replay(accepted(f"{name}-{number}", due) for name in NAMES)
            rig.wait_stored(15)
            began = now()
            eventually(lambda then=began: now() > then, "a second has passed")
        rig.replay([resolved("DONE")])
        rig.settle(20)
        assert self.health() == 503
        assert not any(told["stalled"] for told in self.looks())

    def everybody_is_told_once(self) -> None:
        """A later crossing proves that the earlier ones are through."""
        rig = self.rig
        eventually(lambda: len(alerts_in_topic(rig)) >= len(NAMES), "the alerts", 90)
        eventually(lambda: self.health() == 200, "all is well", 30)
        later = now() + dt.timedelta(seconds=2)
        rig.replay([accepted("LATER", later)])
        expected = sorted([*self.expected, overdue_id("LATER", later)])
        stored = "SELECT alert_id FROM alerts FINAL WHERE dossier_id != 'DONE' ORDER BY alert_id"
        eventually(
            lambda: [row[0] for row in rig.rows(stored)] == expected,
            lambda: f"these in the table: {rig.rows(stored)}, in the topic: {alerts_in_topic(rig)}",
            30,
        )
        check_verified(rig)


@pytest.fixture
def stage(kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path: Path) -> Iterator[Stage]:
    with own_rig(kafka, clickhouse, tmp_path, env=SETTINGS) as rig:
        yield Stage(rig)


def test_a_topic_that_refuses_every_alert(stage: Stage) -> None:
    """Here for their size; a missing right or replica is answered in the same way."""

    def most_bytes(limit: int) -> None:
        configs = {"max.message.bytes": str(limit)}
        with admin(stage.rig.kafka_settings) as client:
            client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, stage.topic, configs)])

    most_bytes(1)
    worker = stage.start()
    stage.events_go_on()
    assert alerts_in_topic(stage.rig) == []
    most_bytes(1 << 20)
    stage.everybody_is_told_once()
    # Nor is the file among them that was finished before anybody could be told.
    in_topic = [name.split("/")[1] for name in alerts_in_topic(stage.rig)]
    assert sorted(in_topic) == sorted([*NAMES, "LATER"])
    assert worker.stop() == 0


def test_a_topic_that_is_gone(stage: Stage) -> None:
    """The producer waits 40 seconds for it each time; the worker waits for nothing.

    What was on its way when the topic came back may lie in it twice, under one id, as after any
    crash: the worker that sent it has ended before it could read it back.
    """
    rig = stage.rig
    worker = stage.start()
    with admin(rig.kafka_settings) as client:
        client.delete_topics([stage.topic])
    eventually(lambda: not topic_id(rig.kafka_settings, stage.topic), "the topic is gone", 60)
    stage.events_go_on()
    assert worker.alive
    create_topics(rig.kafka_settings)
    # Another topic of that name: the worker begins anew, as its offsets are of the old one.
    assert worker.wait_end() == 70
    rig.workers.remove(worker)
    worker = stage.start()
    stage.everybody_is_told_once()
    assert worker.stop() == 0
