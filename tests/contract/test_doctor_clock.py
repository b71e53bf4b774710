"""`ioc doctor` beside a real broker: clocks that agree, run ahead or lag, and a quiet topic."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator

import pytest
from kafka import KafkaProducer
from warehouse_kit import kafka_settings

from ioc.doctor.finding import Level
from ioc.doctor.kafka_clock import clock_finding, compare_clocks
from ioc.embedded.kafka import EmbeddedKafka
from ioc.topics import create_topics
from schemas.doctor_texts import Doctor
from schemas.settings import KafkaSettings


@pytest.fixture(scope="module")
def settings(kafka: EmbeddedKafka) -> KafkaSettings:
    settings = kafka_settings(kafka, f"clock-{uuid.uuid4().hex}", partitions=2)
    create_topics(settings)
    return settings


@pytest.fixture
def stream(kafka: EmbeddedKafka, settings: KafkaSettings) -> Iterator[None]:
    """Some events a second, as desks send them; their own time says nothing."""
    is_over = threading.Event()

    def send() -> None:
        producer = KafkaProducer(bootstrap_servers=kafka.bootstrap)
        while not is_over.wait(0.2):
            producer.send(settings.events_topic, b"{}", timestamp_ms=1_000)
        producer.close()

    sender = threading.Thread(target=send)
    sender.start()
    yield
    is_over.set()
    sender.join()


def test_a_quiet_topic_says_nothing(settings: KafkaSettings) -> None:
    finding = clock_finding(settings)
    assert (finding.level, finding.detail) == (Level.WELL, Doctor.KAFKA_CLOCK_QUIET)


@pytest.mark.usefixtures("stream")
def test_clocks_that_agree(settings: KafkaSettings) -> None:
    finding = clock_finding(settings)
    assert (finding.level, finding.detail) == (Level.WELL, Doctor.KAFKA_CLOCK_WELL)


@pytest.mark.usefixtures("stream")
@pytest.mark.parametrize("wrong", [-60.0, 60.0])
def test_a_clock_that_is_wrong(settings: KafkaSettings, wrong: float) -> None:
    right = time.time
    found = compare_clocks(settings, now=lambda: right() + wrong, watch_seconds=20)
    assert found.is_measured
    # What the measuring itself took is not held against the clock.
    assert 30 < found.off_seconds <= 60


def test_without_new_events_a_clock_that_is_behind_is_seen(
    kafka: EmbeddedKafka, settings: KafkaSettings
) -> None:
    """The newest record lies in its future."""
    producer = KafkaProducer(bootstrap_servers=kafka.bootstrap)
    producer.send(settings.events_topic, b"{}").get(10)
    producer.close()
    behind = time.time() - 600
    found = compare_clocks(settings, now=lambda: behind, watch_seconds=2)
    assert not found.is_measured
    assert found.off_seconds > 500
