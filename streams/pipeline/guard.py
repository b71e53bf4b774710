"""The guard against zombies: a worker that slept must not write or send."""

from __future__ import annotations

from schemas.errors import ZombieError
from streams.ports import Clock


class ZombieGuard:
    """Ends a worker whose clock jumped: its partitions may have gone to somebody else.

    `beat` is called regularly by the event loop; `check` before every write and every send.
    A process that was stopped (SIGSTOP) or whose machine was suspended finds, when it goes on, a
    last beat older than the session time-out, and raises before anything leaves it. What came
    before the first beat does not count: nothing was assigned yet.
    """

    def __init__(self, clock: Clock, session_timeout_seconds: float) -> None:
        self._clock = clock
        self._limit = session_timeout_seconds
        self._last = clock.monotonic()
        self._has_begun = False

    def beat(self) -> None:
        """Note that the event loop is alive; raises `ZombieError` like `check`."""
        if self._has_begun:
            self.check()
        self._has_begun = True
        self._last = self._clock.monotonic()

    def check(self) -> None:
        """Raise `ZombieError` if the last beat is longer ago than the session time-out."""
        gap = self._clock.monotonic() - self._last
        if gap > self._limit:
            raise ZombieError(
                f"this worker stood still for {gap:.1f} s, longer than its Kafka session "
                f"({self._limit:.0f} s): its partitions may be with another worker by now"
            )
