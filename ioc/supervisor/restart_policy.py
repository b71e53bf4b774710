"""When a part that ended is started again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RestartPolicy:
    """How long to wait before a restart, and when to give up.

    Attributes:
        first_seconds: wait before the first restart.
        factor: each further wait is so many times as long.
        longest_seconds: no wait is longer.
        reset_after_seconds: a part that was ready this long starts again from the first wait.
        unhealthy_after_seconds: a part that is unhealthy without a break this long is restarted.
        first_attempts: a part that never was ready is started this often, then all is stopped:
            what fails at once, again and again, is misconfigured.
    """

    first_seconds: float = 0.5
    factor: float = 2.0
    longest_seconds: float = 30.0
    reset_after_seconds: float = 60.0
    unhealthy_after_seconds: float = 30.0
    first_attempts: int = 3


class Backoff:
    """The waits of one part; time is passed in, nothing blocks."""

    def __init__(self, policy: RestartPolicy) -> None:
        self._policy = policy
        self._failures = 0

    def next_wait_seconds(self, ready_seconds: float) -> float:
        """Return the wait before the next start of a part that was ready for so long."""
        if ready_seconds >= self._policy.reset_after_seconds:
            self._failures = 0
        wait = self._policy.first_seconds * self._policy.factor**self._failures
        self._failures += 1
        return min(wait, self._policy.longest_seconds)


class Patience:
    """Decides when a part has been unhealthy for too long."""

    def __init__(self, policy: RestartPolicy) -> None:
        self._limit = policy.unhealthy_after_seconds
        self._since: float | None = None

    def is_over(self, healthy: bool, now: float) -> bool:
        """Take one observation at a monotonic time; true when the part must be restarted."""
        if healthy:
            self._since = None
            return False
        if self._since is None:
            self._since = now
        return now - self._since >= self._limit
