"""Who may do what in Kafka: one account a kind of process, each with what its work needs.

Grafana, the walls and the migrations have none: they never talk to Kafka.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from schemas.settings import KafkaSettings
from schemas.topics import topic_specs


class Resource(StrEnum):
    """What a right is about."""

    TOPIC = "topic"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Right:
    """Operations on one topic or consumer group, by Kafka's own names."""

    resource: Resource
    name: str
    operations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KafkaAccount:
    """One account.

    Attributes:
        name: by which a password is given to it; `user` is what Kafka calls it.
        rights: everything else is refused.
    """

    name: str
    rights: tuple[Right, ...]

    @property
    def user(self) -> str:
        """Name of the user in Kafka."""
        return f"ioc-{self.name}"


def kafka_accounts(settings: KafkaSettings) -> tuple[KafkaAccount, ...]:
    """Return every account, for the topics and groups of these settings."""

    def topic(name: str, *operations: str) -> Right:
        return Right(Resource.TOPIC, name, operations)

    def group(name: str, *operations: str) -> Right:
        return Right(Resource.GROUP, name, operations)

    events, alerts = settings.events_topic, settings.alerts_topic
    letters = settings.dead_letters_topic
    every = [spec.name for spec in topic_specs(settings)]
    return (
        # Reads events and sends those that lie in a wrong partition home. It looks for the
        # topic's settings, too: an events topic with other ones is not the one it knows.
        KafkaAccount(
            "worker",
            (
                topic(events, "READ", "WRITE", "DESCRIBE_CONFIGS"),
                topic(alerts, "READ", "WRITE"),
                topic(letters, "READ", "WRITE"),
                group(settings.group, "READ"),
            ),
        ),
        # Writes what integrators send; reads nothing back.
        KafkaAccount("gateway", (topic(events, "WRITE"), topic(settings.sandbox_topic, "WRITE"))),
        # Reads alerts and tells people; writes nothing to Kafka.
        KafkaAccount("alerts", (topic(alerts, "READ"), group(settings.alerts_group, "READ"))),
        # Desk software that writes straight to Kafka.
        KafkaAccount("desk", (topic(events, "WRITE"),)),
        # A person: makes, checks and grows topics, replays, re-drives dead letters, sees the lag.
        # No right on the cluster: who could alter that could give himself every other right.
        KafkaAccount(
            "admin",
            (
                *(
                    topic(name, "CREATE", "ALTER", "DESCRIBE_CONFIGS", "ALTER_CONFIGS", "READ",
                          "WRITE")
                    for name in every
                ),
                group(settings.group, "DESCRIBE"),
            ),
        ),
    )  # fmt: skip
