"""Chooses ways to spoil a stream, and applies them in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from ioc.replay.outgoing import OutgoingRecord
from ioc.scenarios.spoil import (
    Records,
    SpoilTally,
    conflicts,
    delay,
    duplicates,
    futures,
    garbage,
    reorder,
    shuffle,
    wrong_partitions,
)
from schemas.errors import ConfigurationError


@dataclass(frozen=True)
class Spoiling:
    """Which ways to spoil a stream, and how much of it; all zero spoils nothing.

    Attributes:
        seed: each way has its own dice, so that one does not change another.
        duplicates, conflicts, garbage, futures: added records, as a share of the stream.
        delays: share of records that come `delay_hours` of event time late, on average.
        reorder_window: records among which the order is mixed.
        shuffle: mix the order of everything.
        wrong_partitions: share of records that lie in a wrong one of `partitions`.
        now: what time it is, for clocks in the future; needed only for these.
    """

    seed: int = 1
    duplicates: float = 0.0
    conflicts: float = 0.0
    garbage: float = 0.0
    futures: float = 0.0
    delays: float = 0.0
    delay_hours: float = 6.0
    reorder_window: int = 0
    shuffle: bool = False
    wrong_partitions: float = 0.0
    partitions: int = 4
    now: datetime | None = None
    tally: SpoilTally = field(default_factory=SpoilTally, compare=False)

    def apply(self, records: Records) -> Iterator[OutgoingRecord]:
        """Return the spoiled stream; `tally` counts while it is read.

        Raises:
            ConfigurationError: Something that a chosen way needs is not given.
        """
        tally = self.tally
        if self.duplicates:
            records = duplicates(records, self._dice("duplicates"), self.duplicates, tally)
        if self.conflicts:
            records = conflicts(records, self._dice("conflicts"), self.conflicts, tally)
        if self.futures:
            if self.now is None:
                raise ConfigurationError("clocks in the future need the present time")
            records = futures(records, self._dice("futures"), self.futures, tally, self.now)
        if self.garbage:
            records = garbage(records, self._dice("garbage"), self.garbage, tally)
        if self.delays:
            records = delay(records, self._dice("delays"), self.delays, tally, self.delay_hours)
        if self.reorder_window:
            records = reorder(records, self._dice("reorder"), self.reorder_window)
        if self.shuffle:
            records = shuffle(records, self._dice("shuffle"))
        if self.wrong_partitions:
            records = wrong_partitions(
                records,
                self._dice("partitions"),
                self.wrong_partitions,
                tally,
                self.partitions,
            )
        return iter(records)

    def _dice(self, way: str) -> Random:
        return Random(f"{way}:{self.seed}")  # noqa: S311 - chance that repeats is the point


#: The ways by name, each with an amount that is seen in bad feeds.
WAYS: Mapping[str, Mapping[str, Any]] = {
    "duplicates": {"duplicates": 0.05},
    "conflict": {"conflicts": 0.02},
    "reorder": {"reorder_window": 500},
    "shuffle": {"shuffle": True},
    "delay": {"delays": 0.1},
    "wrong-partitions": {"wrong_partitions": 0.2},
    "future": {"futures": 0.005},
    "garbage": {"garbage": 0.005},
}


def spoiling(names: Iterable[str], *, seed: int, partitions: int, now: datetime) -> Spoiling:
    """Return the named ways together; raises `ConfigurationError` for a name that is none."""
    chosen: dict[str, Any] = {}
    for name in names:
        if name not in WAYS:
            raise ConfigurationError(f'no way to spoil is called "{name}"; use: {", ".join(WAYS)}')
        chosen.update(WAYS[name])
    return Spoiling(seed=seed, partitions=partitions, now=now, **chosen)
