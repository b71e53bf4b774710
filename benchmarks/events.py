"""The input: the events of a scenario as records, and the topics that hold them."""

from __future__ import annotations

from itertools import islice

from benchmarks.engines import Engines
from benchmarks.place import PARTITIONS
from ioc.replay.outgoing import OutgoingRecord, outgoing
from ioc.replay.sender import send_records
from ioc.scenarios.catalogue import scenario
from ioc.scenarios.shift import shift
from ioc.topics import create_topics
from schemas.settings import KafkaSettings


def scenario_records(name: str, count: int) -> list[OutgoingRecord]:
    """Return the first events of a scenario; all of them if it has fewer."""
    return list(islice(outgoing(scenario(name).events()), count))


def moved_records(name: str, count: int, weeks: int) -> list[OutgoingRecord]:
    """Return the first events of a scenario as they would be some weeks later: other dossiers."""
    return list(islice(outgoing(shift(scenario(name).events(), weeks)), count))


def fill_topic(engines: Engines, topic: str, records: list[OutgoingRecord]) -> None:
    """Create a topic and send records to it; Kafka has all of them on return."""
    settings = KafkaSettings(
        bootstrap=engines.kafka.bootstrap,
        partitions=PARTITIONS,
        events_topic=topic,
        alerts_topic=f"{topic}.alerts",
        dead_letters_topic=f"{topic}.dead-letters",
    )
    create_topics(settings)
    send_records(records, settings)
