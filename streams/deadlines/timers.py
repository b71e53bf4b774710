"""Timers of one shard: O(log n) to set, stale ones dropped when they come up."""

from __future__ import annotations

from heapq import heappop, heappush

from streams.deadlines.crossings import Crossing


class Timers:
    """A heap of crossings.

    A changed dossier sets its new crossings and leaves the old ones in the heap; whoever takes
    one out asks the dossier whether it still stands.
    """

    __slots__ = ("_heap",)

    def __init__(self) -> None:
        self._heap: list[tuple[int, str, Crossing]] = []

    def __len__(self) -> int:
        return len(self._heap)

    def set(self, dossier_id: str, crossing: Crossing) -> None:
        """Remember a crossing; equal ones may be set twice."""
        heappush(self._heap, (crossing.at, dossier_id, crossing))

    def set_again(self, at: int, dossier_id: str, crossing: Crossing) -> None:
        """Put a crossing that must wait back, to come up at another instant."""
        heappush(self._heap, (at, dossier_id, crossing))

    def next_at(self) -> int | None:
        """Return when the next crossing is, or None."""
        return self._heap[0][0] if self._heap else None

    def behind(self, at: int) -> list[tuple[str, Crossing]]:
        """Return what lies before an instant, in no order, and leave it where it is."""
        return [(dossier_id, crossing) for when, dossier_id, crossing in self._heap if when < at]

    def take_until(self, now: int, most: int) -> list[tuple[str, Crossing]]:
        """Take out the crossings at or before `now`, oldest first, at most `most`."""
        taken: list[tuple[str, Crossing]] = []
        heap = self._heap
        while heap and heap[0][0] <= now and len(taken) < most:
            _, dossier_id, crossing = heappop(heap)
            taken.append((dossier_id, crossing))
        return taken
