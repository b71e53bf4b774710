"""Creates, checks and grows the topics of `schemas.topics` on a Kafka cluster."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ioc.kafka_client import BOOTSTRAP_TIMEOUT_MS, kafka_options
from schemas.errors import ConfigurationError, RetryError
from schemas.events.shard import ALLOWED_PARTITION_COUNTS
from schemas.settings import KafkaSettings
from schemas.topics import TopicSpec, topic_specs

if TYPE_CHECKING:
    from kafka import KafkaAdminClient

_UNKNOWN_TOPIC = 3
_ALREADY_EXISTS = 36
#: Longest that brokers take to tell of partitions that they have agreed to make.
_TOLD_SECONDS = 15.0


@dataclass(frozen=True)
class TopicState:
    """A topic as the cluster has it.

    Attributes:
        topic_id: the cluster's own id, another one after a topic was deleted and made again.
        config: broker-side settings in force, defaults included.
    """

    name: str
    topic_id: str
    partitions: int
    replication: int
    config: dict[str, str]


@dataclass(frozen=True)
class TopicDifference:
    """One way in which a topic is not as declared; `live` is empty if the topic is missing."""

    topic: str
    what: str
    declared: str
    live: str


@contextmanager
def admin(settings: KafkaSettings) -> Iterator[KafkaAdminClient]:
    """Give an administrator's client for a while; blocks until the cluster answers.

    Raises:
        ConfigurationError: no address is set, or a request was refused.
        RetryError: Kafka does not answer within some seconds.
    """
    from kafka import KafkaAdminClient  # noqa: PLC0415 - most commands do not need it
    from kafka.errors import KafkaConnectionError, KafkaError, KafkaTimeoutError  # noqa: PLC0415

    options = kafka_options(settings, client_id="ioc-admin")
    client = None
    try:
        client = KafkaAdminClient(bootstrap_timeout_ms=BOOTSTRAP_TIMEOUT_MS, **options)
        yield client
    except (KafkaTimeoutError, KafkaConnectionError) as error:
        raise RetryError(f"Kafka at {settings.bootstrap} does not answer: {error}") from error
    except KafkaError as error:
        raise ConfigurationError(f"Kafka at {settings.bootstrap} refuses: {error}") from error
    finally:
        if client is not None:
            client.close()


def create_topics(settings: KafkaSettings) -> list[str]:
    """Create the topics that are missing and return their names; others stay as they are."""
    with admin(settings) as client:
        states = _states(client, topic_specs(settings))
        missing = [spec for spec in topic_specs(settings) if spec.name not in states]
        if missing:
            _create(client, missing)
        return [spec.name for spec in missing]


def check_topics(settings: KafkaSettings) -> list[TopicDifference]:
    """Return how the cluster's topics differ from the declared ones; empty = as declared."""
    specs = topic_specs(settings)
    with admin(settings) as client:
        states = _states(client, specs)
    return [
        difference for spec in specs for difference in _differences(spec, states.get(spec.name))
    ]


def grow_partitions(settings: KafkaSettings, partitions: int) -> tuple[int, int]:
    """Give the events topic more partitions; returns the count before and after.

    Works under load: a record that lies in its old partition is forwarded home by the workers.

    Raises:
        ConfigurationError: the count does not divide the number of shards, is smaller than
            today's, or the topic is missing.
    """
    if partitions not in ALLOWED_PARTITION_COUNTS:
        allowed = ", ".join(map(str, ALLOWED_PARTITION_COUNTS))
        raise ConfigurationError(f"{partitions} partitions do not divide 48; allowed: {allowed}")
    name = settings.events_topic
    with admin(settings) as client:
        before = _existing(client, name).partitions
        if partitions < before:
            raise ConfigurationError(
                f"{name} has {before} partitions; Kafka cannot take partitions away"
            )
        if partitions > before:
            client.create_partitions({name: partitions})
            _wait_for_partitions(client, name, partitions)
    return before, partitions


def _wait_for_partitions(client: KafkaAdminClient, name: str, partitions: int) -> None:
    """Wait until brokers tell of partitions that they have agreed to make."""
    deadline = time.monotonic() + _TOLD_SECONDS
    while _existing(client, name).partitions < partitions:
        if time.monotonic() > deadline:
            raise RetryError(f"Kafka does not tell of the new partitions of {name} yet; look again")
        time.sleep(0.05)


def topic_identity(settings: KafkaSettings) -> tuple[str, int]:
    """Return id and partition count of the events topic.

    Raises:
        ConfigurationError: the topic does not exist.
        RetryError: Kafka does not answer.
    """
    with admin(settings) as client:
        return topic_identity_of(client, settings.events_topic)


def topic_identity_of(client: KafkaAdminClient, name: str) -> tuple[str, int]:
    """Return id and partition count of a topic through a client that is there already."""
    state = _existing(client, name)
    return state.topic_id, state.partitions


def topic_id(settings: KafkaSettings, name: str) -> str:
    """Return the id of any topic, "" if there is none; needs no right but to describe it.

    Raises:
        RetryError: Kafka does not answer.
    """
    with admin(settings) as client:
        (topic,) = client.describe_topics([name])
        if topic["error_code"] == _UNKNOWN_TOPIC:
            return ""
        if topic["error_code"]:
            raise RetryError(f"Kafka cannot describe {name} now; try again")
        return _topic_id(topic["topic_id"])


def _existing(client: KafkaAdminClient, name: str) -> TopicState:
    state = _states(client, [TopicSpec(name, 1, 1)]).get(name)
    if state is None:
        raise ConfigurationError(f"the topic {name} does not exist; run: ioc topics create")
    return state


def _create(client: KafkaAdminClient, specs: list[TopicSpec]) -> None:
    answer = client.create_topics(
        {
            spec.name: {
                "num_partitions": spec.partitions,
                "replication_factor": spec.replication,
                "configs": spec.config,
            }
            for spec in specs
        },
        raise_errors=False,
    )
    for topic in answer["topics"]:
        # Another process may have been quicker.
        if topic["error_code"] not in (0, _ALREADY_EXISTS):
            raise ConfigurationError(
                f"Kafka did not create {topic['name']}: {topic['error_message']}"
            )
    client.wait_for_topics([spec.name for spec in specs])


def _states(
    client: KafkaAdminClient, specs: tuple[TopicSpec, ...] | list[TopicSpec]
) -> dict[str, TopicState]:
    from kafka.admin import ConfigResource, ConfigResourceType  # noqa: PLC0415

    found: dict[str, dict[str, Any]] = {}
    for topic in client.describe_topics([spec.name for spec in specs]):
        if topic["error_code"] not in (0, _UNKNOWN_TOPIC):
            raise RetryError(f"Kafka cannot describe {topic['name']} now; try again")
        if topic["error_code"] == 0:
            found[topic["name"]] = topic
    if not found:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in found]
    configs = client.describe_configs(resources, config_filter="all")["topic"]
    return {
        name: TopicState(
            name,
            _topic_id(topic["topic_id"]),
            len(topic["partitions"]),
            min(len(partition["replica_nodes"]) for partition in topic["partitions"]),
            {key: str(entry["value"]) for key, entry in configs[name].items()},
        )
        for name, topic in found.items()
    }


def _topic_id(value: object) -> str:
    if value is None or uuid.UUID(str(value)).int == 0:
        raise ConfigurationError("this Kafka gives topics no ids; version 2.8 or newer is needed")
    return str(value)


def _differences(spec: TopicSpec, state: TopicState | None) -> Iterator[TopicDifference]:
    if state is None:
        yield TopicDifference(spec.name, "existence", "exists", "")
        return
    if state.partitions != spec.partitions:
        yield TopicDifference(spec.name, "partitions", str(spec.partitions), str(state.partitions))
    if state.replication < spec.replication:
        yield TopicDifference(
            spec.name, "replication", str(spec.replication), str(state.replication)
        )
    for key, value in spec.config.items():
        if state.config.get(key) != value:
            yield TopicDifference(spec.name, key, value, state.config.get(key, ""))
