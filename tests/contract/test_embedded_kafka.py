"""The embedded Kafka as a real client sees it, through stops and crashes."""

from pathlib import Path

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import KafkaError

from ioc.embedded.kafka import EmbeddedKafka
from schemas.errors import ConfigurationError


def create_topic(engine: EmbeddedKafka, name: str, partitions: int) -> None:
    admin = KafkaAdminClient(bootstrap_servers=engine.bootstrap)
    try:
        admin.create_topics([NewTopic(name, partitions, 1)])
    finally:
        admin.close()


def produce(engine: EmbeddedKafka, topic: str, values: list[bytes]) -> None:
    producer = KafkaProducer(bootstrap_servers=engine.bootstrap, acks="all")
    try:
        for sent in [producer.send(topic, value, partition=0) for value in values]:
            sent.get(timeout=15)
    finally:
        producer.close()


def consume(engine: EmbeddedKafka, topic: str) -> list[bytes]:
    consumer = KafkaConsumer(bootstrap_servers=engine.bootstrap, auto_offset_reset="earliest")
    try:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        end = consumer.end_offsets([partition])[partition]
        values: list[bytes] = []
        while len(values) < end:
            for records in consumer.poll(timeout_ms=5000).values():
                values += [record.value for record in records]
        return values
    finally:
        consumer.close()


def test_records_come_back(kafka: EmbeddedKafka, topic_prefix: str) -> None:
    topic = topic_prefix + "records"
    create_topic(kafka, topic, 3)
    values = [b"%d" % i for i in range(500)] + [b"x" * 5_000_000]
    producer = KafkaProducer(
        bootstrap_servers=kafka.bootstrap, acks="all", max_request_size=6_000_000
    )
    sent = [producer.send(topic, value, partition=0, timestamp_ms=1) for value in values]
    assert sent[-1].get(timeout=15).timestamp > 1_600_000_000_000  # the broker's clock
    producer.close()
    assert consume(kafka, topic) == values


def test_topics_are_not_made_by_accident(kafka: EmbeddedKafka, topic_prefix: str) -> None:
    producer = KafkaProducer(bootstrap_servers=kafka.bootstrap, max_block_ms=500)
    with pytest.raises(KafkaError):
        producer.send(topic_prefix + "typo", b"x").get(timeout=5)
    producer.close()


def test_a_group_commits_with_a_short_session(kafka: EmbeddedKafka, topic_prefix: str) -> None:
    topic = topic_prefix + "group"
    create_topic(kafka, topic, 1)
    produce(kafka, topic, [b"a", b"b"])

    def read(count: int) -> list[bytes]:
        consumer = KafkaConsumer(
            topic,
            bootstrap_servers=kafka.bootstrap,
            group_id=topic,
            session_timeout_ms=6000,
            heartbeat_interval_ms=2000,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_records=1,
        )
        try:
            values: list[bytes] = []
            while len(values) < count:
                for records in consumer.poll(timeout_ms=5000).values():
                    values += [record.value for record in records]
            consumer.commit()
            return values
        finally:
            consumer.close()

    assert read(1) == [b"a"]
    assert read(1) == [b"b"]


def test_records_survive_kill_and_stop(tmp_path: Path) -> None:
    engine = EmbeddedKafka(tmp_path / "data")
    try:
        engine.start()
        address = engine.bootstrap
        create_topic(engine, "t", 1)
        values = [b"%d" % i for i in range(200)]
        produce(engine, "t", values)
        with pytest.raises(ConfigurationError, match="in use by process"):
            EmbeddedKafka(tmp_path / "data").start()
        engine.kill()
        assert not engine.alive
        engine.start()
        assert engine.bootstrap == address
        assert consume(engine, "t") == values
        produce(engine, "t", [b"after"])
        engine.stop()
        engine.start()
        assert consume(engine, "t") == [*values, b"after"]
        assert (engine.log_folder / "kafka.log").stat().st_size > 0
    finally:
        engine.stop()
