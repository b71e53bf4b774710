"""A place for one measured run: tables, topics and a consumer group of its own."""

from __future__ import annotations

import os
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from pydantic import SecretStr

from benchmarks.engines import Engines
from ioc.prepare import prepare_warehouse
from ioc.topics import create_topics
from ioc.warehouse import connect_reader, connect_writer
from schemas.settings import ClickHouseSettings, KafkaSettings

PARTITIONS = 4


class Place:
    """Empty tables and small topics under a name; the events topic may be shared.

    Args:
        engines: running.
        name: letters, digits and underscores; used once.
        events_topic: what is read.
    """

    def __init__(self, engines: Engines, name: str, events_topic: str) -> None:
        self.engines, self.name = engines, name
        clickhouse = engines.clickhouse
        self.kafka = KafkaSettings(
            bootstrap=engines.kafka.bootstrap,
            partitions=PARTITIONS,
            events_topic=events_topic,
            alerts_topic=f"{name}.alerts",
            dead_letters_topic=f"{name}.dead-letters",
            group=f"{name}.workers",
        )
        self.clickhouse = ClickHouseSettings(
            url=clickhouse.url,
            database=f"bench_{name}",
            username=clickhouse.username,
            password=SecretStr(clickhouse.password),
            read_username=clickhouse.read_username,
            read_password=SecretStr(clickhouse.read_password),
        )
        prepare_warehouse(self.clickhouse)
        create_topics(self.kafka)
        self.client: Any = connect_writer(self.clickhouse)

    def environment(self) -> dict[str, str]:
        """Return the environment of a worker in this place; foreign settings are left out."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("IOC_")}
        return {
            **kept,
            "IOC_KAFKA_BOOTSTRAP": self.kafka.bootstrap,
            "IOC_KAFKA_PARTITIONS": str(PARTITIONS),
            "IOC_KAFKA_EVENTS_TOPIC": self.kafka.events_topic,
            "IOC_KAFKA_ALERTS_TOPIC": self.kafka.alerts_topic,
            "IOC_KAFKA_DEAD_LETTERS_TOPIC": self.kafka.dead_letters_topic,
            "IOC_KAFKA_GROUP": self.kafka.group,
            "IOC_CLICKHOUSE_URL": self.clickhouse.url,
            "IOC_CLICKHOUSE_DATABASE": self.clickhouse.database,
            "IOC_CLICKHOUSE_USERNAME": self.clickhouse.username,
            "IOC_CLICKHOUSE_PASSWORD": self.clickhouse.password.get_secret_value(),
            "IOC_WORKER_DEAD_LETTER_KEY_FILE": str(self.engines.dead_letter_key),
            "IOC_WORKER_DATA": str(self.engines.folder / self.name),
        }

    def reader(self) -> Any:
        """Connect as a wall does; a client is for one thread."""
        return connect_reader(self.clickhouse)

    def end_offsets(self) -> dict[int, int]:
        """Return partition -> number of records in the events topic."""
        consumer = KafkaConsumer(bootstrap_servers=self.kafka.bootstrap)
        try:
            places = [TopicPartition(self.kafka.events_topic, p) for p in range(PARTITIONS)]
            return {tp.partition: end for tp, end in consumer.end_offsets(places).items()}
        finally:
            consumer.close()

    def stored_events(self) -> int:
        """Return how many records of the topic are stored with everything that follows."""
        rows = self.client.query(
            "SELECT shard % {partitions:UInt8} AS partition, min(stored) FROM "
            "(SELECT shard, argMax(partition_offset, position) + 1 AS stored FROM checkpoints "
            "GROUP BY shard) GROUP BY partition",
            parameters={"partitions": PARTITIONS},
        ).result_rows
        return sum(int(stored) for _, stored in rows)

    def drop(self) -> None:
        """Drop the tables, so that no merge of theirs disturbs the next run."""
        self.client.command(f"DROP DATABASE IF EXISTS {self.clickhouse.database} SYNC")
        self.client.close()
