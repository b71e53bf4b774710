"""How far each partition is: for the health page, the wall and the restart of a stuck worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from streams.ports import Clock, Columns
from streams.state.partition import PartitionState, epoch_and_offset


@dataclass
class PartitionStatus:
    """One partition at one look.

    Attributes:
        stored_offset: last offset whose rows are all stored, -1 = none.
        highwater: offset of the next record that Kafka will get; None = not known yet.
        moved_at: monotonic seconds at which `stored_offset` last moved or nothing was waiting.
        stalled: records wait, or nobody knows, and nothing was stored for too long.
        alerts_owed_seconds: for how long Kafka has not taken alerts of it; 0 = it has all.
        alerts_refused: that is too long.
    """

    partition: int
    stored_offset: int
    highwater: int | None
    log_ms: int
    moved_at: float
    events_per_second: float = 0.0
    stalled: bool = False
    alerts_owed_seconds: float = 0.0
    alerts_refused: bool = False

    @property
    def trouble(self) -> int:
        """Column `stalled`: 1 = stands still; 2 = goes on, but its alerts are not taken."""
        return 1 if self.stalled else 2 * self.alerts_refused

    @property
    def waits(self) -> bool:
        """Whether records wait, or may: a partition that was never fetched tells no high-water."""
        return self.highwater is None or self.lag > 0

    @property
    def lag(self) -> int:
        """Records that Kafka has and the warehouse has not; 0 while the high-water is unknown."""
        return 0 if self.highwater is None else max(0, self.highwater - self.stored_offset - 1)


class PipelineStatus:
    """Keeps the last look at each partition of this worker."""

    def __init__(self, worker_name: str, clock: Clock) -> None:
        self._worker = worker_name
        self._clock = clock
        self._partitions: dict[int, PartitionStatus] = {}
        self._rate_from: dict[int, tuple[float, int]] = {}

    def see(
        self,
        partition: int,
        state: PartitionState,
        highwater: int | None,
        stall_after_seconds: float,
    ) -> None:
        """Look at a partition; called a few times a second, whatever the partition waits for."""
        now = self._clock.monotonic()
        stored = max((shard.stored for shard in state.shards.values()), default=0)
        epoch, offset = epoch_and_offset(stored)
        if epoch != state.epoch:
            offset = -1
        last = self._partitions.get(partition)
        look = PartitionStatus(partition, offset, highwater, state.read_log_ms, now)
        if last is not None and look.waits and offset == last.stored_offset:
            look.moved_at = last.moved_at
            look.stalled = now - last.moved_at > stall_after_seconds
        if state.alerts_owed_since is not None:
            look.alerts_owed_seconds = now - state.alerts_owed_since
            look.alerts_refused = look.alerts_owed_seconds > stall_after_seconds
        since, before = self._rate_from.get(partition, (now, offset))
        if now - since >= 1.0:
            look.events_per_second = max(0.0, (offset - before) / (now - since))
            self._rate_from[partition] = (now, offset)
        else:
            look.events_per_second = last.events_per_second if last is not None else 0.0
            self._rate_from.setdefault(partition, (since, before))
        self._partitions[partition] = look

    def forget_all_but(self, partitions: set[int]) -> None:
        """Forget partitions that went to another worker."""
        for partition in set(self._partitions) - partitions:
            del self._partitions[partition]
            self._rate_from.pop(partition, None)

    @property
    def is_healthy(self) -> bool:
        """Whether no partition stands still while records wait, nor owes alerts for long."""
        return not any(look.trouble for look in self.looks())

    def looks(self) -> list[PartitionStatus]:
        """Return the last look at each partition, in order; callable from any thread."""
        return sorted(self._partitions.copy().values(), key=lambda look: look.partition)

    def as_json(self) -> dict[str, Any]:
        """Return what `/health` says."""
        return {
            "worker": self._worker,
            "healthy": self.is_healthy,
            "partitions": [
                {
                    "partition": look.partition,
                    "stored_offset": look.stored_offset,
                    "lag": look.lag,
                    "events_per_second": round(look.events_per_second, 1),
                    "stalled": look.stalled,
                    "alerts_owed_seconds": round(look.alerts_owed_seconds, 1),
                    "alerts_refused": look.alerts_refused,
                }
                for look in self.looks()
            ],
        }

    def columns(self) -> Columns:
        """Return rows of the table `pipeline`; empty while nothing is known."""
        looks = self.looks()
        if not looks:
            return {}
        now_ms = self._clock.now_ms()
        return {
            "partition": [look.partition for look in looks],
            "worker": [self._worker for _ in looks],
            "at": [now_ms for _ in looks],
            "consumed_offset": [look.stored_offset for look in looks],
            "highwater": [look.highwater or 0 for look in looks],
            "lag": [look.lag for look in looks],
            "events_per_second": [look.events_per_second for look in looks],
            "log_at": [look.log_ms for look in looks],
            "stalled": [look.trouble for look in looks],
        }
