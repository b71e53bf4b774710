"""Whether the figures are of now, and since when they are not."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

#: The worker writes its status rows each second.
WORKER_SILENT_AFTER_MS = 5_000
WAREHOUSE_SILENT_AFTER_MS = 5_000
#: Behind by more than this, the figures are of now but not whole.
CATCHING_UP_AFTER_MS = 15_000


@dataclass(frozen=True, slots=True)
class Progress:
    """The one row of `pipeline.sql`; times in epoch milliseconds, 0 = unknown."""

    partitions: int = 0
    reporting: int = 0
    reported_at: int = 0
    complete_up_to: int = 0
    lag: int = 0
    events_per_second: float = 0.0
    stalled: int = 0


@dataclass(frozen=True, slots=True)
class Status:
    """What the head of the page says.

    Attributes:
        state: `live`, `catching_up` or `stale`.
        reason: of being stale: `warehouse`, `worker`, `no_worker`, `stalled`; else empty.
        since: epoch milliseconds since which nothing is new, 0 = unknown or not stale.
        complete_up_to: epoch milliseconds, 0 = unknown.
        age_seconds: how long ago that was, None = unknown.
    """

    state: str
    reason: str = ""
    since: int = 0
    complete_up_to: int = 0
    age_seconds: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it for the frame."""
        return asdict(self)


def judge(progress: Progress, read_at_ms: int, now_ms: int) -> Status:
    """Judge the newest look.

    Args:
        progress: of the newest answer of the warehouse.
        read_at_ms: when every panel was last read, 0 = never.
        now_ms: the clock.
    """
    complete = progress.complete_up_to
    age = (now_ms - complete) / 1000 if complete else None

    def stale(reason: str, since: int) -> Status:
        return Status("stale", reason, since, complete, age)

    if now_ms - read_at_ms > WAREHOUSE_SILENT_AFTER_MS:
        return stale("warehouse", read_at_ms)
    if not progress.partitions:
        return stale("no_worker", 0)
    if now_ms - progress.reported_at > WORKER_SILENT_AFTER_MS:
        return stale("worker", progress.reported_at or complete)
    if progress.stalled:
        return stale("stalled", complete)
    behind = age is None or age * 1000 > CATCHING_UP_AFTER_MS
    return Status("catching_up" if behind else "live", "", 0, complete, age)
