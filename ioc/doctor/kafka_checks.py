"""Kafka: does it answer, are the topics as declared, are the workers up to date."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from ioc.doctor.finding import Finding, bad, note, well
from ioc.doctor.kafka_clock import clock_finding
from ioc.lag import consumer_lag
from ioc.topics import admin, check_topics
from schemas.doctor_texts import Doctor
from schemas.errors import ConfigurationError, RetryError
from schemas.messages import Text
from schemas.settings import KafkaSettings

if TYPE_CHECKING:
    from kafka import KafkaAdminClient

#: Below this a lag is the ordinary distance between producing and storing.
_ORDINARY_LAG = 10_000


def kafka_findings(settings: KafkaSettings) -> Iterator[Finding]:
    """Look at the broker, the topics and the lag; blocks for some seconds when it is away."""
    subject = Doctor.KAFKA
    if not settings.bootstrap:
        yield bad(subject, Doctor.NO_ADDRESS, Doctor.CURE_NO_KAFKA)
        return
    try:
        with admin(settings) as client:
            brokers = client.describe_cluster()["brokers"]
            version = _broker_version(client)
    except (RetryError, ConfigurationError) as error:
        yield bad(subject, Doctor.ERROR, Doctor.CURE_KAFKA, error=error)
        return
    yield well(
        subject,
        Doctor.KAFKA_WELL,
        address=settings.bootstrap,
        version=version,
        brokers=len(brokers),
    )
    missing = yield from _topic_findings(settings)
    if not missing:
        yield from _lag_findings(settings)
        yield clock_finding(settings)


def _topic_findings(settings: KafkaSettings) -> Generator[Finding, None, bool]:
    differences = check_topics(settings)
    for each in differences:
        values = {
            "topic": each.topic,
            "what": each.what,
            "declared": each.declared,
            "live": each.live,
        }
        if not each.live:
            yield bad(Doctor.TOPICS, Doctor.TOPIC_MISSING, Doctor.CURE_TOPICS, **values)
        elif each.what == "partitions":
            yield note(Doctor.TOPICS, Doctor.TOPIC_DIFFERS, Doctor.CURE_PARTITIONS, **values)
        else:
            yield bad(Doctor.TOPICS, Doctor.TOPIC_DIFFERS, Doctor.CURE_CONFIG, **values)
    if not differences:
        yield well(Doctor.TOPICS, Text.TOPICS_AS_DECLARED)
    return any(not each.live for each in differences)


def _lag_findings(settings: KafkaSettings) -> Iterator[Finding]:
    partitions = consumer_lag(settings)
    lag = sum(each.lag for each in partitions)
    waiting = ", ".join(f"{each.partition}: {each.lag}" for each in partitions if each.lag)
    if lag >= _ORDINARY_LAG:
        yield note(Doctor.LAG, Doctor.LAGGING, Doctor.CURE_LAG, lag=lag, partitions=waiting)
    else:
        yield well(Doctor.LAG, Doctor.LAG_WELL, lag=lag)


def _broker_version(client: KafkaAdminClient) -> str:
    brokers = client.describe_cluster()["brokers"]
    data = client.get_broker_version_data(brokers[0]["broker_id"])
    return ".".join(map(str, data.broker_version))
