"""Spans: which stretches of a partition are delivered, and which of them are stored.

Pure bookkeeping, without Faust and without Kafka. The consumer opens a span for every chunk
that it fetched, the agent acknowledges that very object once its rows are stored, and the
committer asks how far a partition is finished. An acknowledgement always names the object,
never an offset: after a rebalance the same offsets come back in spans with other bounds, and
an acknowledgement by first offset once finished records that nobody had stored.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import Lock

PartitionKey = tuple[str, int]
"""Topic and partition; Faust's ``TP`` and aiokafka's ``TopicPartition`` are equal to it."""


class Span:
    """A stretch of one partition, from its first to its last offset, both included.

    Attributes:
        topic: name of the topic.
        partition: number of the partition.
        first_offset: offset of the first record.
        last_offset: offset of the last record; not every offset between has a record.
        generation: generation of the consumer group in which the span was fetched.
        weight: its share of a full chunk, for back-pressure.
    """

    __slots__ = (
        "_ledger",
        "acknowledged",
        "delivered",
        "dropped",
        "first_offset",
        "generation",
        "last_offset",
        "partition",
        "topic",
        "weight",
    )

    def __init__(
        self,
        ledger: SpanLedger,
        key: PartitionKey,
        *,
        first_offset: int,
        last_offset: int,
        generation: int,
        weight: float = 1.0,
    ) -> None:
        self._ledger = ledger
        self.topic, self.partition = key
        self.first_offset = first_offset
        self.last_offset = last_offset
        self.generation = generation
        self.weight = weight
        self.delivered = False
        self.acknowledged = False
        self.dropped = False

    @property
    def key(self) -> PartitionKey:
        """Topic and partition."""
        return (self.topic, self.partition)

    def acknowledge(self) -> bool:
        """Say that everything that follows from this span is stored for good.

        Never blocks and may be called from any thread, and more than once.

        Returns:
            False if it changes nothing: the span was dropped (its partition was revoked or
            rewound, so that its records are delivered again, here or elsewhere) or it was
            acknowledged before.
        """
        return self._ledger.acknowledge(self)

    def __repr__(self) -> str:
        state = (
            "dropped" if self.dropped else "acknowledged" if self.acknowledged else "outstanding"
        )
        return (
            f"<Span {self.topic}[{self.partition}] {self.first_offset}..{self.last_offset} "
            f"generation {self.generation} {state}>"
        )


class _PartitionLog:
    """The spans of one partition that are not finished, in order of their offsets."""

    __slots__ = ("committed_offset", "finished_offset", "load", "spans")

    def __init__(self) -> None:
        self.spans: deque[Span] = deque()
        self.load = 0.0
        # Both count as Kafka does: the offset of the next record that is not finished.
        self.finished_offset: int | None = None
        self.committed_offset: int | None = None

    def drop_last(self) -> None:
        span = self.spans.pop()
        span.dropped = True
        self.load -= span.weight


class SpanLedger:
    """The spans of every assigned partition.

    Every method may be called from any thread; none blocks for longer than a few
    microseconds.

    Args:
        on_finished: called, in the thread that acknowledges and outside of any lock, with
            the partition whenever the front of its spans moved.
    """

    def __init__(self, on_finished: Callable[[PartitionKey], None] = lambda key: None) -> None:
        self._on_finished = on_finished
        self._lock = Lock()
        self._logs: dict[PartitionKey, _PartitionLog] = {}

    def open(
        self,
        key: PartitionKey,
        *,
        first_offset: int,
        last_offset: int,
        generation: int,
        weight: float = 1.0,
    ) -> Span:
        """Enter a fetched stretch and return its span; weights are sums of powers of two.

        Spans of a partition ascend and never overlap. One that begins at or before the end
        of earlier ones is a re-fetch: the earlier ones it overlaps are dropped. Those that
        end before it stay, and hold the committable offset until they are acknowledged.
        """
        span = Span(
            self,
            key,
            first_offset=first_offset,
            last_offset=last_offset,
            generation=generation,
            weight=weight,
        )
        with self._lock:
            log = self._logs.setdefault(key, _PartitionLog())
            while log.spans and log.spans[-1].last_offset >= first_offset:
                log.drop_last()
            log.spans.append(span)
            log.load += weight
        return span

    def acknowledge(self, span: Span) -> bool:
        """Finish a span; see `Span.acknowledge`."""
        with self._lock:
            if span.dropped or span.acknowledged:
                return False
            span.acknowledged = True
            log = self._logs[span.key]
            spans = log.spans
            moved = spans[0] is span
            while spans and spans[0].acknowledged:
                front = spans.popleft()
                log.load -= front.weight
                log.finished_offset = front.last_offset + 1
        if moved:
            self._on_finished(span.key)
        return True

    def committable_offset(self, key: PartitionKey) -> int | None:
        """Offset to commit for a partition: last finished plus one, or None if nothing is new.

        Asking changes nothing; `mark_committed` says that the broker has it.
        """
        with self._lock:
            log = self._logs.get(key)
            if log is None or log.finished_offset == log.committed_offset:
                return None
            return log.finished_offset

    def committable_partitions(self) -> Iterator[PartitionKey]:
        """Partitions whose committable offset is newer than what the broker has."""
        with self._lock:
            keys = [
                key
                for key, log in self._logs.items()
                if log.finished_offset != log.committed_offset
            ]
        return iter(keys)

    def mark_committed(self, offsets: Mapping[PartitionKey, int]) -> None:
        """Note that the broker confirmed these offsets."""
        with self._lock:
            for key, offset in offsets.items():
                log = self._logs.get(key)
                if log is not None:
                    log.committed_offset = offset

    def outstanding(self, key: PartitionKey) -> int:
        """Number of spans from the first unfinished one on: what a crash would repeat."""
        log = self._logs.get(key)
        return 0 if log is None else len(log.spans)

    def load(self, key: PartitionKey) -> float:
        """Weight of the spans that `outstanding` counts, in full chunks."""
        log = self._logs.get(key)
        return 0.0 if log is None else log.load

    def drop(self, keys: Iterable[PartitionKey] | None = None) -> None:
        """Forget partitions (all if None): their spans can no longer be acknowledged."""
        with self._lock:
            for key in list(self._logs) if keys is None else keys:
                log = self._logs.pop(key, None)
                if log is not None:
                    for span in log.spans:
                        span.dropped = True

    def drop_from(self, span: Span) -> None:
        """Drop a span and all later ones of its partition, for they are fetched again."""
        with self._lock:
            log = self._logs.get(span.key)
            while log is not None and log.spans and not span.dropped:
                log.drop_last()
