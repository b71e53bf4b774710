"""How long to wait before the next attempt."""

from __future__ import annotations

from collections.abc import Callable


class Backoff:
    """Waits that double, with jitter, so that desks do not all come back in one second.

    Pure but for the random numbers that are passed in; counts attempts, never looks at a clock,
    so a clock that is set meanwhile changes nothing.
    """

    def __init__(self, least: float, most: float, random: Callable[[], float]) -> None:
        """Args: first and longest wait in seconds; gives numbers from 0 up to 1."""
        self._least, self._most, self._random = least, most, random
        self._failures = 0

    def next_seconds(self, retry_after: float | None = None) -> float:
        """Return the wait after one more failure: never less than the server asked for."""
        ceiling = min(self._most, self._least * 2.0 ** min(self._failures, 60))
        self._failures += 1
        own = ceiling * (0.5 + 0.5 * self._random())
        # What the server asks for is spread as well, upwards only.
        asked = 0.0 if retry_after is None else retry_after * (1.0 + 0.1 * self._random())
        return max(own, asked)

    def reset(self) -> None:
        """Begin anew after a success."""
        self._failures = 0
