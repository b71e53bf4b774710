"""The topics, on the real broker."""

from __future__ import annotations

import pytest
from rig import eventually
from warehouse_kit import kafka_settings

from ioc.topics import admin, check_topics, create_topics, grow_partitions, topic_id, topic_identity
from schemas.errors import ConfigurationError, RetryError
from schemas.settings import KafkaSettings


def test_creates_what_is_missing_and_nothing_twice(kafka, topic_prefix):
    settings = kafka_settings(kafka, topic_prefix)
    missing = check_topics(settings)
    assert {difference.what for difference in missing} == {"existence"}
    created = create_topics(settings)
    assert created == [difference.topic for difference in missing]
    assert check_topics(settings) == []
    assert create_topics(settings) == []


def test_a_topic_made_by_hand_is_compared(kafka, topic_prefix):
    settings = kafka_settings(kafka, topic_prefix)
    with admin(settings) as client:
        client.create_topics(
            {
                settings.events_topic: {
                    "num_partitions": 6,
                    "replication_factor": 1,
                    "configs": {"retention.ms": "1000"},
                }
            }
        )
        client.wait_for_topics([settings.events_topic])
    create_topics(settings)
    found = {(each.what, each.declared, each.live) for each in check_topics(settings)}
    assert found == {("partitions", "4", "6"), ("retention.ms", "2592000000", "1000")}


def test_grows_and_refuses_what_would_lose_the_order_of_shards(kafka, topic_prefix):
    settings = kafka_settings(kafka, topic_prefix)
    with pytest.raises(ConfigurationError, match="run: ioc topics create"):
        grow_partitions(settings, 8)
    create_topics(settings)
    before = topic_identity(settings)
    assert grow_partitions(settings, 8) == (4, 8)
    assert topic_identity(settings) == (before[0], 8)
    assert grow_partitions(settings, 8) == (8, 8)
    with pytest.raises(ConfigurationError, match="cannot take partitions away"):
        grow_partitions(settings, 4)
    with pytest.raises(ConfigurationError, match="do not divide 48"):
        grow_partitions(settings, 10)
    assert topic_identity(settings)[1] == 8


def test_a_topic_made_again_has_another_identity(kafka, topic_prefix):
    """A worker that kept its offsets over a re-created topic would skip the new records."""
    settings = kafka_settings(kafka, topic_prefix)
    create_topics(settings)
    first = topic_identity(settings)
    with admin(settings) as client:
        client.delete_topics([settings.events_topic])
    # Kafka agrees to it first and tells of it a moment later.
    eventually(lambda: not topic_id(settings, settings.events_topic), "the topic is gone", 60)
    create_topics(settings)
    second = topic_identity(settings)
    assert first[1] == second[1]
    assert first[0] != second[0]


def test_says_that_kafka_is_away_or_not_set():
    with pytest.raises(ConfigurationError, match="no Kafka is set"):
        topic_identity(KafkaSettings(bootstrap=""))
    with pytest.raises(RetryError, match="does not answer"):
        topic_identity(KafkaSettings(bootstrap="127.0.0.1:1"))
