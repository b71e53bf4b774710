"""The topics: names, keys, partition counts and broker-side settings."""

from __future__ import annotations

from dataclasses import dataclass, field

from schemas.settings import KafkaSettings

_DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True)
class TopicSpec:
    """One topic as it must exist on the broker.

    Attributes:
        config: broker-side settings. Timestamps are the broker's own (LogAppendTime): Kafka
            refuses far producer timestamps and would expire records stamped in the past.
    """

    name: str
    partitions: int
    replication: int
    config: dict[str, str] = field(default_factory=dict)


def topic_specs(settings: KafkaSettings) -> tuple[TopicSpec, ...]:
    """Return every topic of the system, as `ioc topics` creates and checks them."""

    def spec(name: str, partitions: int, retention_days: int) -> TopicSpec:
        return TopicSpec(
            name,
            partitions,
            settings.replication,
            {
                "message.timestamp.type": "LogAppendTime",
                "cleanup.policy": "delete",
                "retention.ms": str(retention_days * _DAY_MS),
            },
        )

    return (
        spec(settings.events_topic, settings.partitions, settings.events_retention_days),
        spec(settings.alerts_topic, 1, 365),
        spec(settings.dead_letters_topic, 1, 365),
        # Events of sandbox keys: nobody reads them, they only prove that the way is open.
        spec(settings.sandbox_topic, 1, 7),
    )
