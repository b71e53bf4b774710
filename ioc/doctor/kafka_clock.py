"""This machine's clock beside the one with which Kafka stamps records.

Workers measure by that stamp (LogAppendTime) how old an event is and which one lies in the future.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ioc.doctor.finding import Finding, bad, note, well
from ioc.kafka_client import kafka_options
from schemas.doctor_texts import Doctor
from schemas.settings import KafkaSettings

if TYPE_CHECKING:
    from kafka import KafkaConsumer

#: As for the warehouse's clock: deadlines are judged to the second.
_TOLERANCE_SECONDS = 2.0
#: How long a record is waited for.
_WATCH_SECONDS = 3.0
#: Kafka's number for "stamped by the broker when it came".
_LOG_APPEND_TIME = 1


@dataclass(frozen=True)
class Comparison:
    """What two clocks say of each other.

    Attributes:
        off_seconds: they differ by at least this much.
        is_measured: whether a record came meanwhile; without one only a clock of Kafka's that is
            ahead of this machine's can be seen.
    """

    off_seconds: float
    is_measured: bool


def clock_finding(settings: KafkaSettings) -> Finding:
    """Compare the clocks; blocks for some seconds when no events come.

    Only reads, without a group: the newest records of the events topic, and the next ones that
    come. Nothing is sent, and nothing but the right to read that topic is needed.
    """
    from kafka.errors import KafkaError  # noqa: PLC0415 - most commands do not need it

    try:
        found = compare_clocks(settings)
    except KafkaError as error:
        return note(Doctor.CLOCK, Doctor.KAFKA_CLOCK_UNREAD, error=error)
    seconds = f"{found.off_seconds:.1f}"
    if found.off_seconds > _TOLERANCE_SECONDS:
        return bad(Doctor.CLOCK, Doctor.KAFKA_CLOCK_OFF, Doctor.CURE_CLOCK, seconds=seconds)
    if found.is_measured:
        return well(Doctor.CLOCK, Doctor.KAFKA_CLOCK_WELL, seconds=seconds)
    return well(Doctor.CLOCK, Doctor.KAFKA_CLOCK_QUIET, seconds=f"{_WATCH_SECONDS:.0f}")


def compare_clocks(
    settings: KafkaSettings,
    now: Callable[[], float] = time.time,
    watch_seconds: float = _WATCH_SECONDS,
) -> Comparison:
    """Compare a clock with the stamps of the events topic.

    Args:
        settings: the cluster, and the name of the topic.
        now: the clock of this machine, epoch seconds.
        watch_seconds: how long to wait for a record.
    """
    from kafka import KafkaConsumer  # noqa: PLC0415

    options = kafka_options(settings, client_id="ioc-doctor")
    with closing(KafkaConsumer(enable_auto_commit=False, group_id=None, **options)) as consumer:
        before = now()
        ends = _begin_at_newest(consumer, settings.events_topic)
        off = 0.0
        until = time.monotonic() + watch_seconds
        while (left := until - time.monotonic()) > 0:
            for place, stamp, offset in _stamps(consumer, min(left, 0.5)):
                # Whatever it is, it was stamped before this moment.
                off = max(off, stamp - now())
                if offset >= ends[place]:
                    # It came after the ends were asked for, so neither was it before that.
                    return Comparison(max(off, before - stamp), is_measured=True)
        return Comparison(off, is_measured=False)


def _begin_at_newest(consumer: KafkaConsumer, topic: str) -> dict[int, int]:
    """Let the newest record of each partition be read first; return the next offsets."""
    from kafka import TopicPartition  # noqa: PLC0415

    places = [TopicPartition(topic, n) for n in consumer.partitions_for_topic(topic) or ()]
    consumer.assign(places)
    starts, ends = consumer.beginning_offsets(places), consumer.end_offsets(places)
    for place in places:
        consumer.seek(place, max(starts[place], ends[place] - 1))
    return {place.partition: ends[place] for place in places}


def _stamps(consumer: KafkaConsumer, seconds: float) -> Iterator[tuple[int, float, int]]:
    """Partition, stamp (epoch seconds) and offset of the records that the broker stamped."""
    for place, records in consumer.poll(timeout_ms=int(seconds * 1000)).items():
        for record in records:
            if record.timestamp_type == _LOG_APPEND_TIME:
                yield place.partition, record.timestamp / 1000, record.offset
