"""A simulated Kafka: the events topic, a consumer group with generations, committed offsets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from sim_loop import SimLoop

SESSION_TIMEOUT_SECONDS = 6.0
REBALANCE_TIMEOUT_SECONDS = 6.0


class SimRecord(NamedTuple):
    """One record of the events topic."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None


@dataclass
class SimTopic:
    """One life of the events topic."""

    topic_id: str
    logs: list[list[SimRecord]]

    @property
    def partitions(self) -> int:
        return len(self.logs)

    def end(self, partition: int) -> int:
        """Offset that the next record gets."""
        log = self.logs[partition]
        return log[-1].offset + 1 if log else 0


@dataclass
class _Member:
    heard_at: float
    joined: asyncio.Future[tuple[int, list[int]]] | None = None


@dataclass
class SimKafka:
    """Broker and group coordinator. What is called here happens at once, at the broker.

    Attributes:
        on_commit: called with partition, old and new committed offset.
    """

    loop: SimLoop
    rng: Random
    now_ms: Callable[[], int]
    topic: SimTopic
    on_commit: Callable[[int, int, int], None] = lambda partition, old, new: None
    old_topics: list[SimTopic] = field(default_factory=list)
    committed: dict[int, int] = field(default_factory=dict)
    generation: int = 0
    members: dict[str, _Member] = field(default_factory=dict)
    is_rebalancing: bool = False
    _rebalances: int = 0
    _known_partitions: int | None = None

    # -- the topic -----------------------------------------------------------------------

    def append(self, partition: int, key: bytes | None, value: bytes | None) -> SimRecord:
        """Store a record; the broker stamps it (LogAppendTime)."""
        gap = 1 if self.rng.random() < 0.03 else 0  # offsets need not be contiguous
        record = SimRecord(self.topic.end(partition) + gap, self.now_ms(), key, value)
        self.topic.logs[partition].append(record)
        return record

    def grow(self, partitions: int) -> None:
        """Add partitions; the group notices within five seconds."""
        self._known_partitions = self.topic.partitions
        self.topic.logs += [[] for _ in range(partitions - self.topic.partitions)]

        def notice() -> None:
            self._known_partitions = None
            self.rebalance()

        self.loop.at_server(self.rng.uniform(0.0, 5.0), notice)

    def recreate(self) -> None:
        """Delete the topic and make it anew; the group's offsets go with it."""
        self.old_topics.append(self.topic)
        number = len(self.old_topics) + 1
        self.topic = SimTopic(f"topic-{number}", [[] for _ in self.topic.logs])
        self.committed.clear()

    def read(self, partition: int, position: int, most: int) -> list[SimRecord]:
        """Records from a position on; a position beyond the end starts over at the beginning."""
        if partition >= self.topic.partitions:
            return []
        if position > self.topic.end(partition):
            position = 0
        found = [record for record in self.topic.logs[partition] if record.offset >= position]
        return found[:most]

    def is_drained(self) -> bool:
        """Whether the group committed all that there is."""
        return all(
            self.committed.get(p, 0) == self.topic.end(p) for p in range(self.topic.partitions)
        )

    # -- the group -----------------------------------------------------------------------

    def join(self, member: str) -> asyncio.Future[tuple[int, list[int]]]:
        """Join or re-join; the answer is the generation and the partitions."""
        future: asyncio.Future[tuple[int, list[int]]] = self.loop.create_future()
        if member not in self.members:
            self.members[member] = _Member(self.loop.time())
            self._watch(member)
        self.members[member].joined = future
        self.rebalance()
        self._complete_if_all()
        return future

    def leave(self, member: str) -> None:
        if self.members.pop(member, None) is not None:
            self.rebalance()
            self._complete_if_all()

    def heartbeat(self, member: str, generation: int) -> bool:
        """Whether the member may go on; False: it must revoke and join again."""
        known = self.members.get(member)
        if known is None:
            return False
        known.heard_at = self.loop.time()
        return not self.is_rebalancing and generation == self.generation

    def commit(self, member: str, generation: int, offsets: dict[int, int]) -> bool:
        """Commit unless the member is of another generation (a zombie)."""
        if member not in self.members or generation != self.generation:
            return False
        for partition, offset in offsets.items():
            old = self.committed.get(partition, 0)
            self.committed[partition] = offset
            self.on_commit(partition, old, offset)
        return True

    def _watch(self, member: str) -> None:
        known = self.members.get(member)
        if known is None:
            return
        silent = self.loop.time() - known.heard_at
        if known.joined is None and silent >= SESSION_TIMEOUT_SECONDS:
            self.leave(member)
        else:
            self.loop.at_server(1.0, lambda: self._watch(member))

    def rebalance(self) -> None:
        """Let every member revoke and join again."""
        if self.is_rebalancing or not self.members:
            return
        self.is_rebalancing = True
        self._rebalances += 1
        number = self._rebalances
        self.loop.at_server(REBALANCE_TIMEOUT_SECONDS, lambda: self._throw_out(number))

    def _throw_out(self, rebalance: int) -> None:
        if self.is_rebalancing and rebalance == self._rebalances:
            self.members = {n: m for n, m in self.members.items() if m.joined is not None}
            self._complete_if_all()

    def _complete_if_all(self) -> None:
        if not self.is_rebalancing or any(m.joined is None for m in self.members.values()):
            return
        self.is_rebalancing = False
        self.generation += 1
        if not self.members:
            return
        partitions = self.topic.partitions
        if self._known_partitions is not None and self.rng.random() < 0.5:
            partitions = self._known_partitions  # the leader's metadata are old
        shares = self._shares(list(self.members), range(partitions))
        for name, member in self.members.items():
            member.heard_at = self.loop.time()
            future, member.joined = member.joined, None
            if future is not None and not future.done():
                future.set_result((self.generation, shares[name]))

    def _shares(self, names: list[str], partitions: Iterable[int]) -> dict[str, list[int]]:
        self.rng.shuffle(names)
        shares: dict[str, list[int]] = {name: [] for name in names}
        for number, partition in enumerate(partitions):
            shares[names[number % len(names)]].append(partition)
        return shares
