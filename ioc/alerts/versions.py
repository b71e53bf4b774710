"""Versions of the rows that the delivering process writes."""

from __future__ import annotations

#: Epoch milliseconds fit into 41 bits until 2039; two more for clocks that are wrong.
_TURN_SHIFT = 43


class Versions:
    """Growing numbers: those of a newer turn are larger than all of an older one."""

    def __init__(self, turn: int) -> None:
        self._turn = turn
        self._last = 0

    def next(self, now_ms: int) -> int:
        """Return a number larger than every one before."""
        self._last = max(self._last + 1, self._turn << _TURN_SHIFT | now_ms)
        return self._last
