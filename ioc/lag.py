"""How far the workers are behind the events topic, as Kafka itself knows it."""

from __future__ import annotations

from dataclasses import dataclass

from ioc.topics import admin, topic_identity_of
from schemas.settings import KafkaSettings


@dataclass(frozen=True)
class PartitionLag:
    """One partition of the events topic.

    Attributes:
        committed: next offset that the group will read after a restart; 0 if it has none.
        end: next offset that will be written.
    """

    partition: int
    committed: int
    end: int

    @property
    def lag(self) -> int:
        """Records whose rows are not known to be stored yet."""
        return max(0, self.end - self.committed)


def consumer_lag(settings: KafkaSettings) -> list[PartitionLag]:
    """Return the lag of every partition of the events topic, in order.

    Raises:
        ConfigurationError: the topic does not exist.
        RetryError: Kafka does not answer.
    """
    from kafka import TopicPartition  # noqa: PLC0415 - most commands do not need it
    from kafka.protocol.consumer import OffsetSpec  # noqa: PLC0415

    topic = settings.events_topic
    with admin(settings) as client:
        _, count = topic_identity_of(client, topic)
        partitions = [TopicPartition(topic, number) for number in range(count)]
        ends = client.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
        starts = client.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.EARLIEST))
        committed = client.list_group_offsets({settings.group: partitions})[settings.group]
    return [
        PartitionLag(
            partition.partition,
            # -1 = never committed: reading begins with the oldest record.
            max(committed[partition].offset, starts[partition].offset),
            ends[partition].offset,
        )
        for partition in partitions
    ]
