"""Replays on a real broker: homes, resuming, pacing, and what is refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from kafka import KafkaConsumer, TopicPartition
from replay_kit import event

from ioc.embedded.kafka import EmbeddedKafka
from ioc.replay.outgoing import OutgoingRecord, outgoing
from ioc.replay.rejects import rejects_path
from ioc.replay.replay import ReplayProgress, replay_file
from ioc.replay.sender import send_records
from ioc.scenarios.catalogue import scenario
from ioc.scenarios.spoiling import Spoiling
from ioc.topics import create_topics
from schemas.errors import ConfigurationError, RetryError
from schemas.events.shard import partition_of_shard, shard_of
from schemas.settings import KafkaSettings

PARTITIONS = 4


@pytest.fixture
def settings(kafka: EmbeddedKafka, topic_prefix: str) -> KafkaSettings:
    chosen = KafkaSettings(
        bootstrap=kafka.bootstrap,
        partitions=PARTITIONS,
        events_topic=topic_prefix + "events",
        alerts_topic=topic_prefix + "alerts",
        dead_letters_topic=topic_prefix + "dead",
    )
    create_topics(chosen)
    return chosen


def stored(settings: KafkaSettings) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield partition, key and value of everything in the topic."""
    consumer = KafkaConsumer(bootstrap_servers=settings.bootstrap, enable_auto_commit=False)
    try:
        partitions = [TopicPartition(settings.events_topic, p) for p in range(PARTITIONS)]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        ends = consumer.end_offsets(partitions)
        while any(consumer.position(p) < ends[p] for p in partitions):
            for partition, records in consumer.poll(timeout_ms=500).items():
                for record in records:
                    yield partition.partition, record.key, record.value
    finally:
        consumer.close()


def test_every_record_arrives_once_at_its_home_in_order(settings: KafkaSettings) -> None:
    records = list(outgoing(scenario("small").events()))
    seen: list[int] = []
    assert send_records(records, settings, on_progress=seen.append) == len(records)
    assert seen[-1] == len(records)
    got = list(stored(settings))
    for partition, key, _ in got:
        assert partition == partition_of_shard(shard_of(key.decode()), PARTITIONS)
    for partition in range(PARTITIONS):
        assert [value for p, _, value in got if p == partition] == [
            record.value
            for record in records
            if partition_of_shard(shard_of(record.key.decode()), PARTITIONS) == partition
        ]


def test_wrong_partitions_arrive_where_they_were_put(settings: KafkaSettings) -> None:
    clean = outgoing(scenario("small").events())
    records = list(Spoiling(wrong_partitions=0.3, partitions=PARTITIONS).apply(clean))
    send_records(records, settings)
    where = {value: partition for partition, _, value in stored(settings)}
    misplaced = [record for record in records if record.partition is not None]
    assert misplaced
    assert all(where[record.value] == record.partition for record in misplaced)


def lines(n: int) -> list[bytes]:
    return [orjson.dumps(event(i)) if i % 50 else b"rubbish" for i in range(1, n + 1)]


def test_a_killed_replay_goes_on_where_kafka_had_everything(
    settings: KafkaSettings, tmp_path: Path
) -> None:
    path = tmp_path / "events.ndjson"
    path.write_bytes(b"\n".join(lines(3000)))
    script = (
        "import sys, pathlib\n"
        "from ioc.replay.replay import replay_file\n"
        "from schemas.settings import KafkaSettings\n"
        "replay_file(pathlib.Path(sys.argv[1]), KafkaSettings(), rate=500)\n"
    )
    environment = os.environ | {
        "IOC_KAFKA_BOOTSTRAP": settings.bootstrap,
        "IOC_KAFKA_EVENTS_TOPIC": settings.events_topic,
    }
    position = tmp_path / "events.ndjson.resume.json"
    process = subprocess.Popen([sys.executable, "-c", script, str(path)], env=environment)
    try:
        deadline = time.monotonic() + 60
        while not position.exists():
            assert process.poll() is None, "the replay ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    told = orjson.loads(position.read_bytes())["position"]
    assert 0 < told["line"] < 3000

    progress: list[ReplayProgress] = []
    result = replay_file(path, settings, on_progress=progress.append)

    assert result.skipped == told["line"]
    assert result.sent == 2940 - told["sent"]
    assert progress[-1] == ReplayProgress(3000, 2940, 60)
    got = [value for _, _, value in stored(settings)]
    assert set(got) == set(lines(3000)) - {b"rubbish"}
    assert not position.exists(), "a finished replay starts afresh the next time"
    rejects = [orjson.loads(line) for line in rejects_path(path).read_bytes().splitlines()]
    assert [reject["line"] for reject in rejects] == list(range(50, 3001, 50))
    assert result.rejects_file == rejects_path(path)


def test_a_position_counts_only_for_the_same_file_and_topic(
    settings: KafkaSettings, tmp_path: Path
) -> None:
    path = tmp_path / "events.ndjson"
    path.write_bytes(b"\n".join(lines(40)))

    def interrupted() -> None:
        elsewhere = settings.model_copy(update={"events_topic": "no-such-topic"})
        with pytest.raises(ConfigurationError, match="does not exist"):
            replay_file(path, elsewhere)

    def stop(progress: ReplayProgress) -> None:
        raise KeyboardInterrupt

    interrupted()
    with pytest.raises(KeyboardInterrupt):
        replay_file(path, settings, on_progress=stop)
    # All was in Kafka, but the replay did not come to its end.
    assert replay_file(path, settings).skipped == 40
    with pytest.raises(KeyboardInterrupt):
        replay_file(path, settings, on_progress=stop)
    assert replay_file(path, settings, resume=False).skipped == 0
    with pytest.raises(KeyboardInterrupt):
        replay_file(path, settings, on_progress=stop)
    path.write_bytes(b"\n".join(lines(40)).replace(b"motcua-thu", b"motcua-hai"))
    assert replay_file(path, settings).skipped == 0
    with pytest.raises(KeyboardInterrupt):
        replay_file(path, settings, on_progress=stop)
    with path.open("ab") as file:
        file.write(b"\n" + orjson.dumps(event(77)))
    result = replay_file(path, settings)
    assert (result.skipped, result.sent) == (40, 1)


def test_rate_holds_records_back(settings: KafkaSettings) -> None:
    records = [OutgoingRecord(b"a", orjson.dumps(event(i))) for i in range(31)]
    began = time.monotonic()
    send_records(records, settings, rate=30)
    assert 0.95 < time.monotonic() - began < 10


def test_a_partition_that_is_not_there_is_refused(settings: KafkaSettings) -> None:
    with pytest.raises(ConfigurationError, match="partition 9"):
        send_records([OutgoingRecord(b"a", b"{}", 9)], settings)


def test_an_absent_broker_is_said_so() -> None:
    nowhere = KafkaSettings(bootstrap="127.0.0.1:9")
    with pytest.raises(RetryError, match="does not answer"):
        send_records([], nowhere)
    with pytest.raises(ConfigurationError, match="IOC_KAFKA_BOOTSTRAP"):
        send_records([], KafkaSettings(bootstrap=""))
