"""A rig for whole-pipeline tests: own topics and database on real engines, real workers."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import clickhouse_connect
from cryptography.fernet import Fernet
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.replay.outgoing import OutgoingRecord
from ioc.replay.sender import send_records
from ioc.topics import create_topics, grow_partitions
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.events.shard import partition_of_shard, shard_of
from schemas.reference import ProcedureRegistry, UnitRegistry
from schemas.settings import KafkaSettings
from schemas.tables.migrate import migrate
from schemas.tables.publish import publish_reference


def eventually(
    condition: Callable[[], Any],
    what: str | Callable[[], str],
    timeout_seconds: float = 60.0,
    every: float = 0.05,
) -> Any:
    """Poll until the condition is true; fails with `what`.

    Pauses as long as a look took at least: what is waited for needs the cores too.
    """
    deadline = time.monotonic() + timeout_seconds
    while True:
        looked_at = time.monotonic()
        answer = condition()
        if answer:
            return answer
        if time.monotonic() >= deadline:
            raise AssertionError(f"never happened: {what if isinstance(what, str) else what()}")
        time.sleep(max(every, time.monotonic() - looked_at))


class WorkerProcess:
    """A real worker, or another process that says READY; shows its output when it fails."""

    def __init__(self, environment: dict[str, str], module: str = "ioc.worker") -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        self.output: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", module],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output.append(line)
            self._lines.put(line)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def wait_ready(self, timeout_seconds: float = 60.0) -> None:
        deadline = time.monotonic() + timeout_seconds
        while True:
            try:
                line = self._lines.get(timeout=0.1)
            except queue.Empty:
                assert self.alive, f"the process died: {''.join(self.output[-60:])}"
                assert time.monotonic() < deadline, f"not ready: {''.join(self.output[-60:])}"
                continue
            if line.strip() == "READY":
                return

    def wait_end(self, timeout_seconds: float = 90.0) -> int:
        return self.process.wait(timeout_seconds)

    def stop(self, timeout_seconds: float = 20.0) -> int:
        if self.alive:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"did not stop: {''.join(self.output[-60:])}") from None

    def kill(self) -> None:
        if self.alive:
            self.process.kill()
        self.process.wait()


class Rig:
    """Own topics, group and database on shared engines; workers as real processes."""

    def __init__(
        self,
        kafka: EmbeddedKafka,
        clickhouse: EmbeddedClickHouse,
        folder: Path,
        *,
        partitions: int = 4,
        env: dict[str, str] | None = None,
    ) -> None:
        self.kafka, self.clickhouse, self.folder = kafka, clickhouse, folder
        name = uuid.uuid4().hex[:12]
        self.database = f"rig_{name}"
        key = folder / f"{name}.key"
        key.write_bytes(Fernet.generate_key())
        key.chmod(0o600)
        self.env = {
            **os.environ,
            "IOC_KAFKA_BOOTSTRAP": kafka.bootstrap,
            "IOC_KAFKA_PARTITIONS": str(partitions),
            "IOC_KAFKA_EVENTS_TOPIC": f"{name}.events",
            "IOC_KAFKA_ALERTS_TOPIC": f"{name}.alerts",
            "IOC_KAFKA_DEAD_LETTERS_TOPIC": f"{name}.dead-letters",
            "IOC_KAFKA_GROUP": f"{name}.workers",
            "IOC_CLICKHOUSE_URL": clickhouse.url,
            "IOC_CLICKHOUSE_DATABASE": self.database,
            "IOC_CLICKHOUSE_USERNAME": clickhouse.username,
            "IOC_CLICKHOUSE_PASSWORD": clickhouse.password,
            "IOC_CLICKHOUSE_READ_PASSWORD": clickhouse.read_password,
            "IOC_WORKER_DEAD_LETTER_KEY_FILE": str(key),
            "IOC_WORKER_DATA": str(folder / name),
            **(env or {}),
        }
        self.kafka_settings = KafkaSettings(
            _env_file=None,
            bootstrap=kafka.bootstrap,
            partitions=partitions,
            events_topic=f"{name}.events",
            alerts_topic=f"{name}.alerts",
            dead_letters_topic=f"{name}.dead-letters",
            group=f"{name}.workers",
        )
        self.client = self.connect(None)
        migrate(self.client, self.database)
        publish_reference(
            self.client,
            self.database,
            calendar=WorkingCalendar(CalendarSettings(_env_file=None)),
            units=UnitRegistry.load(None),
            procedures=ProcedureRegistry.load(None),
        )
        self.client.close()
        self.client = self.connect(self.database)
        create_topics(self.kafka_settings)
        self.workers: list[WorkerProcess] = []
        self.sent_offsets: dict[int, int] = {}

    def connect(self, database: str | None) -> Any:
        return clickhouse_connect.get_client(
            host=self.clickhouse.host,
            port=self.clickhouse.port,
            username=self.clickhouse.username,
            password=self.clickhouse.password,
            database=database or "default",
            autogenerate_session_id=False,
        )

    # -- workers --------------------------------------------------------------------------

    def start_worker(self, *, ready: bool = True, **settings: str) -> WorkerProcess:
        worker = WorkerProcess({**self.env, **settings})
        self.workers.append(worker)
        if ready:
            worker.wait_ready()
        return worker

    def close(self) -> None:
        for worker in self.workers:
            worker.kill()
        self.client.command(f"DROP DATABASE {self.database} SYNC")
        self.client.close()

    # -- input ----------------------------------------------------------------------------

    def send(self, records: Iterable[tuple[bytes, bytes, int | None]]) -> int:
        """Send (key, value, partition or None) and wait until the broker has all."""
        producer = KafkaProducer(
            bootstrap_servers=self.kafka.bootstrap, acks="all", linger_ms=20, batch_size=1 << 17
        )
        partitions = self.kafka_settings.partitions
        count = 0
        futures = []
        for key, value, partition in records:
            place = (
                partition_of_shard(shard_of(key.decode()), partitions)
                if partition is None
                else partition
            )
            futures.append(
                producer.send(self.kafka_settings.events_topic, value, key, partition=place)
            )
            count += 1
        producer.flush()
        for future in futures:
            metadata = future.get(timeout=30)
            last = self.sent_offsets.get(metadata.partition, -1)
            self.sent_offsets[metadata.partition] = max(last, metadata.offset)
        producer.close()
        return count

    def replay(self, records: Iterable[OutgoingRecord]) -> int:
        """Send as `ioc replay` does, and wait for all that the topic then holds."""
        sent = send_records(records, self.kafka_settings)
        self.expect_all()
        return sent

    def expect_all(self) -> None:
        """Let `wait_stored` wait for everything that is in the topic now."""
        consumer = KafkaConsumer(bootstrap_servers=self.kafka.bootstrap)
        topic = self.kafka_settings.events_topic
        places = [TopicPartition(topic, p) for p in range(self.kafka_settings.partitions)]
        for place, end in consumer.end_offsets(places).items():
            self.sent_offsets[place.partition] = end - 1
        consumer.close()

    def grow(self, partitions: int) -> None:
        """Give the events topic more partitions; the workers end themselves then."""
        grow_partitions(self.kafka_settings, partitions)
        self.kafka_settings = self.kafka_settings.model_copy(update={"partitions": partitions})
        self.env["IOC_KAFKA_PARTITIONS"] = str(partitions)

    # -- output ---------------------------------------------------------------------------

    def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        return self.client.query(sql, parameters=parameters).result_rows

    def stored_offsets(self) -> dict[int, int]:
        """Partition -> smallest stored offset among its shards, in the newest epoch."""
        partitions = self.kafka_settings.partitions
        rows = self.rows(
            "SELECT shard, max(partition_offset) FROM checkpoints"
            " WHERE epoch = (SELECT max(epoch) FROM topic_epochs) GROUP BY shard"
        )
        stored: dict[int, int] = {}
        for shard, offset in rows:
            partition = shard % partitions
            stored[partition] = min(stored.get(partition, offset), offset)
        return stored

    def wait_stored(self, timeout_seconds: float = 120.0) -> None:
        """Wait until everything that was sent is stored."""

        def is_stored() -> bool:
            for worker in self.workers:
                assert worker.alive or worker.process.returncode in (0, -9), (
                    f"a worker died: {''.join(worker.output[-80:])}"
                )
            stored = self.stored_offsets()
            return all(stored.get(p, -1) >= o for p, o in self.sent_offsets.items())

        eventually(is_stored, "all events stored", timeout_seconds)

    def settle(self, timeout_seconds: float = 120.0) -> None:
        """Wait until everything in the topic is stored and nothing was forwarded meanwhile."""
        while True:
            self.expect_all()
            before = dict(self.sent_offsets)
            self.wait_stored(timeout_seconds)
            self.expect_all()
            if self.sent_offsets == before:
                return
