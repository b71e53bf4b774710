"""Back-pressure: which partitions may be fetched from at this moment."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Final

from faust.types import TP

# aiokafka takes an empty set of partitions for "all of them"; this one stands for "none".
_NOWHERE: Final = TP("", -1)


class FetchGate:
    """Holds partitions back while too much of them is unfinished, and wakes the fetch after.

    A fetch under way goes on looking at the set that `open_partitions` returned: the set
    only grows, so that a partition with room again is served at once, without a new fetch.

    Args:
        load: weight of the unfinished chunks of a partition; a full chunk weighs 1.
        limit: a partition with this much is held back.
        wake: lets the fetch under way look again; callable from any thread.
    """

    def __init__(
        self, *, load: Callable[[TP], float], limit: int, wake: Callable[[], None]
    ) -> None:
        self._load = load
        self._limit = limit
        self._wake = wake
        self._pressed: set[TP] = set()
        self._open: set[TP] = set()
        self._held: set[TP] = set()

    def open_partitions(self, active: Set[TP], gated: Callable[[TP], bool]) -> set[TP]:
        """Begin a fetch: the active partitions without those that are gated and full.

        Never empty; with nothing to fetch from it names a partition that does not exist.
        """
        self._held = {tp for tp in active if gated(tp) and self._is_full(tp)}
        self._open = {_NOWHERE, *active} - self._held
        return self._open

    def press(self, tp: TP) -> None:
        """Hold a partition back until `release`, whatever is outstanding."""
        self._pressed.add(tp)

    def release(self, tp: TP) -> None:
        """Undo `press`."""
        self._pressed.discard(tp)
        self.reconsider(tp)

    def reconsider(self, tp: TP) -> None:
        """Let a held partition go if there is room. Callable from any thread."""
        if tp in self._held and not self._is_full(tp):
            # In this order, or the fetch could look before there is anything new to see.
            self._open.add(tp)
            self._held.discard(tp)
            self._wake()

    def forget(self, partitions: Set[TP]) -> None:
        """Forget what pressed partitions that were revoked."""
        self._pressed.difference_update(partitions)

    def _is_full(self, tp: TP) -> bool:
        return tp in self._pressed or self._load(tp) >= self._limit
