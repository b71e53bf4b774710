"""The machine's clock."""

from __future__ import annotations

import time


class SystemClock:
    """Wall clock, and a monotonic clock that goes on while the machine is suspended."""

    def now_ms(self) -> int:
        """Return epoch milliseconds."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """Return seconds; CLOCK_MONOTONIC would stand still during a suspension."""
        return time.clock_gettime(_CLOCK)


_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
