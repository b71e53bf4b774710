"""Where the microseconds of an event go: the worker's steps one by one, in one process.

Reads the topic once, then runs the steps over the same records in three passes, each from empty
states: whole steps with the inserts, decoding alone, and the parts of the steps with probes. All
times are CPU seconds of the thread that does the work, the garbage collector apart. Says the
result as JSON and ends.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import process_time, thread_time
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from benchmarks.loops.job import say
from benchmarks.loops.probes import WorkClock, probe_cost, probing
from ioc.reference import Reference, load_reference
from ioc.topics import topic_identity
from ioc.warehouse import connect_writer
from schemas.events import decode_event
from schemas.settings import ClickHouseSettings, KafkaSettings, WorkerSettings
from streams.cells import ShardCells
from streams.clickhouse import ClickHouseStore
from streams.pipeline import snapshot
from streams.pipeline.folding import settle, take_up
from streams.pipeline.intake import take_in
from streams.pipeline.snapshot import CommitGroup, fill_in_steps
from streams.state import dossier as dossier_module
from streams.state import partition as partition_module
from streams.state.partition import PartitionState
from streams.worker.collector import calm_collector

#: What is probed within the steps; none of these calls another one.
_IN_FOLDING: dict[str, tuple[Any, str]] = {
    "add": (dossier_module.Dossier, "add"),
    "fold": (dossier_module.Dossier, "refold"),
    "contribute": (partition_module, "contribute"),
    "replace": (ShardCells, "replace"),
    "timers": (PartitionState, "_schedule"),
}
_IN_GROUPS: dict[str, tuple[Any, str]] = {
    "columns: audit log": (snapshot, "audit_columns"),
    "columns: dossiers and their histories": (snapshot, "dossier_columns"),
    "columns: cells": (snapshot, "cell_columns"),
}
_EPOCH = 1


@dataclass
class Work:
    """The input, and what the steps are told."""

    topic: str
    partitions: int
    reference: Reference
    settings: WorkerSettings
    group_events: int
    by_partition: list[list[Any]] = field(default_factory=list)

    @property
    def events(self) -> int:
        """Number of records."""
        return sum(map(len, self.by_partition))

    def chunks(self) -> Iterator[tuple[int, Sequence[Any]]]:
        """Yield chunks of the partitions in turns, as a consumer gets them."""
        size = self.settings.chunk_max_records
        longest = max(map(len, self.by_partition))
        for start in range(0, longest, size):
            for partition, records in enumerate(self.by_partition):
                if start < len(records):
                    yield partition, records[start : start + size]


class Pass:
    """One walk over all chunks from empty states, adding up the CPU seconds of the steps."""

    def __init__(self, work: Work, clock: WorkClock) -> None:
        self._work, self._now = work, clock.now
        self._states = [
            PartitionState(p, work.partitions, _EPOCH, work.reference.rules)
            for p in range(work.partitions)
        ]
        self.take_in = self.take_up = self.settle = self.take_group = 0.0

    def groups(self) -> Iterator[CommitGroup]:
        """Take chunk after chunk up; yield a group whenever enough events wait."""
        work, waiting = self._work, 0
        for partition, records in work.chunks():
            state = self._states[partition]
            t0 = self._now()
            intake = take_in(work.topic, records, state, work.reference.unit_codes)
            t1 = self._now()
            take_up(state, intake.arrivals)
            t2 = self._now()
            self.take_in += t1 - t0
            self.take_up += t2 - t1
            state.read_offset, state.read_log_ms = records[-1].offset, records[-1].timestamp
            waiting += len(records)
            if waiting >= work.group_events:
                yield self._take(waiting)
                waiting = 0
        if waiting:
            yield self._take(waiting)

    def _take(self, events: int) -> CommitGroup:
        t0 = self._now()
        for state in self._states:
            settle(state, self._work.topic, self._work.settings.due_soon_working_seconds)
        t1 = self._now()
        group = CommitGroup(states=list(self._states), events=events)
        for _ in fill_in_steps(group):
            pass
        self.settle += t1 - t0
        self.take_group += self._now() - t1
        return group


async def read_all(work: Work, settings: KafkaSettings) -> float:
    """Read the topic; return the CPU seconds that aiokafka took."""
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.bootstrap, auto_offset_reset="earliest")
    places = [TopicPartition(settings.events_topic, p) for p in range(work.partitions)]
    consumer.assign(places)
    await consumer.start()
    ends = await consumer.end_offsets(places)
    work.by_partition = [[] for _ in places]
    started = thread_time()
    while any(len(work.by_partition[p.partition]) < end for p, end in ends.items()):
        fetched = await consumer.getmany(
            timeout_ms=200, max_records=work.settings.chunk_max_records
        )
        for place, records in fetched.items():
            work.by_partition[place.partition] += records
        await asyncio.sleep(0)
    used = thread_time() - started
    await consumer.stop()
    return used


async def whole_steps(
    work: Work, clickhouse: ClickHouseSettings, clock: WorkClock
) -> dict[str, float]:
    """Run everything, inserts too; the inserts' threads are counted apart."""
    store = ClickHouseStore(lambda: connect_writer(clickhouse), work.topic)
    await store.newest_epoch()  # connects
    steps, encoding, collecting = Pass(work, clock), 0.0, clock.collecting
    for group in steps.groups():
        process, thread = process_time(), thread_time()
        for table, columns in group.writes:
            await store.insert(table, columns)
        encoding += (process_time() - process) - (thread_time() - thread)
    store.close()
    return {
        "take_in": steps.take_in,
        "folding": steps.take_up + steps.settle,
        "take_group": steps.take_group,
        "encoding": encoding,
        "collecting": clock.collecting - collecting,
    }


def decoding_alone(work: Work, clock: WorkClock) -> float:
    """Decode every record and do nothing with it."""
    used = 0.0
    for _, records in work.chunks():
        started = clock.now()
        for record in records:
            decode_event(record.value, record.timestamp)
        used += clock.now() - started
    return used


def parts_of_steps(
    work: Work, places: dict[str, tuple[Any, str]], clock: WorkClock
) -> dict[str, float]:
    """Run the steps with probes, without inserts; return the seconds of each probed function."""
    own_seconds = probe_cost(clock)
    with probing(places, clock) as probes:
        for _ in Pass(work, clock).groups():
            pass
    return {name: probe.net_seconds(own_seconds) for name, probe in probes.items() if probe.calls}


def measure() -> dict[str, Any]:
    """Measure all; seconds by stage, in the order of the work."""
    kafka, clickhouse, settings = KafkaSettings(), ClickHouseSettings(), WorkerSettings()
    work = Work(
        kafka.events_topic,
        topic_identity(kafka)[1],
        load_reference(settings),
        settings,
        int(os.environ["BENCH_GROUP_EVENTS"]),
    )
    fetching = asyncio.run(read_all(work, kafka))
    gc.collect()
    gc.freeze()  # the records that wait here are no part of a worker's state
    clock = WorkClock()
    whole = asyncio.run(whole_steps(work, clickhouse, clock))
    gc.collect()
    decoding = decoding_alone(work, clock)
    folding = parts_of_steps(work, _IN_FOLDING, clock)
    gc.collect()
    grouping = parts_of_steps(work, _IN_GROUPS, clock)
    stages = {
        "fetch and unpack records (aiokafka)": fetching,
        "decode and validate": decoding,
        "check units, find the dossier": whole["take_in"] - decoding,
        "fold: take the event into its dossier": folding.get("add", 0.0),
        "fold: state and due times": folding.get("fold", 0.0),
        "contribute": folding.get("contribute", 0.0),
        "replace in the cells": folding.get("replace", 0.0),
        "timers": folding.get("timers", 0.0),
        "rest of folding": whole["folding"] - sum(folding.values()),
        **grouping,
        "rest of taking a group": whole["take_group"] - sum(grouping.values()),
        "insert: encode and send": whole["encoding"],
        "garbage collector (of the whole steps)": whole["collecting"],
    }
    return {"events": work.events, "group_events": work.group_events, "seconds": stages}


if __name__ == "__main__":
    calm_collector()
    say("STAGES " + json.dumps(measure()))
