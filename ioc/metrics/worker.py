"""The figures of a worker: counted by group and by tick, never by event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from prometheus_client.core import Metric as Family
from prometheus_client.registry import Collector

from ioc.metrics.families import labelled, single
from schemas.metric_names import (
    WORKER_ALERTS_OWED,
    WORKER_BEAT,
    WORKER_EVENTS,
    WORKER_GROUPS,
    WORKER_LAG,
    WORKER_OFFSET,
    WORKER_POISON,
    WORKER_ROWS,
    WORKER_STALLED,
    WORKER_UNSTORED,
    WORKER_WAITS,
)
from streams.pipeline.snapshot import CommitGroup
from streams.worker.status import PipelineStatus


class WorkerMeter(Collector):
    """Counts in the worker's loop, is read by the thread that answers scrapes.

    Only whole numbers that one thread writes: a reader may see a group half counted, never a wrong
    sum for long.
    """

    def __init__(
        self,
        status: PipelineStatus,
        unstored_events: Callable[[], int],
        beat_age_seconds: Callable[[], float],
    ) -> None:
        self._status = status
        self._unstored_events = unstored_events
        self._beat_age_seconds = beat_age_seconds
        self._events = self._groups = self._poison = self._waits = 0
        self._rows: Counter[str] = Counter()

    def note_group(self, group: CommitGroup) -> None:
        """Count a stored group; called a few times a second."""
        self._groups += 1
        self._events += group.events
        self._poison += len(group.letters)
        for table, columns in group.writes:
            self._rows[table] += len(next(iter(columns.values())))

    def note_wait(self) -> None:
        """Count a wait for an engine."""
        self._waits += 1

    def collect(self) -> Iterator[Family]:
        """Tell what was counted, and how far each partition is."""
        yield single(WORKER_EVENTS, self._events)
        yield single(WORKER_GROUPS, self._groups)
        yield labelled(WORKER_ROWS, {(table,): rows for table, rows in self._rows.copy().items()})
        yield single(WORKER_POISON, self._poison)
        yield single(WORKER_WAITS, self._waits)
        yield single(WORKER_UNSTORED, self._unstored_events())
        yield single(WORKER_BEAT, self._beat_age_seconds())
        looks = {(str(look.partition),): look for look in self._status.looks()}
        yield labelled(WORKER_LAG, {key: look.lag for key, look in looks.items()})
        yield labelled(WORKER_OFFSET, {key: look.stored_offset for key, look in looks.items()})
        yield labelled(WORKER_STALLED, {key: look.stalled for key, look in looks.items()})
        yield labelled(
            WORKER_ALERTS_OWED, {key: look.alerts_owed_seconds for key, look in looks.items()}
        )
