"""Probes around functions: how much of this thread's CPU time goes into each.

The garbage collector runs in the midst of whatever allocates; its time is counted apart.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from time import thread_time
from typing import Any

_TRIALS = 50_000


class WorkClock:
    """CPU seconds of this thread without those of the garbage collector.

    Attributes:
        collecting: seconds of the garbage collector since the making.
    """

    def __init__(self) -> None:
        self.collecting = 0.0
        self._since = 0.0
        gc.callbacks.append(self._note)

    def now(self) -> float:
        """Return seconds; only differences mean anything."""
        return thread_time() - self.collecting

    def _note(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._since = thread_time()
        else:
            self.collecting += thread_time() - self._since


class Probe:
    """Adds up the CPU seconds of one function."""

    def __init__(self, clock: WorkClock) -> None:
        self._now = clock.now
        self.seconds = 0.0
        self.calls = 0

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, measured."""

        now = self._now

        @wraps(function)
        def probed(*args: Any, **kwargs: Any) -> Any:
            started = now()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds += now() - started
                self.calls += 1

        return probed

    def net_seconds(self, own_seconds: float) -> float:
        """Return what remains without the probe's own time."""
        return max(0.0, self.seconds - self.calls * own_seconds)


def probe_cost(clock: WorkClock) -> float:
    """Return the CPU seconds that a probe counts for a function that does nothing."""
    probe = Probe(clock)
    nothing = probe.around(lambda: None)
    for _ in range(_TRIALS):
        nothing()
    return probe.seconds / probe.calls


@contextmanager
def probing(places: dict[str, tuple[Any, str]], clock: WorkClock) -> Iterator[dict[str, Probe]]:
    """Put probes in for a while.

    Args:
        places: name -> module or class, and the name of a function in it. One that is not there
            is left out: its time stays with whatever it became part of. No probed function may
            call another one.
        clock: of this thread.
    """
    found = {name: place for name, place in places.items() if hasattr(*place)}
    probes = {name: Probe(clock) for name in found}
    before = {name: getattr(*place) for name, place in found.items()}
    try:
        for name, (owner, attribute) in found.items():
            setattr(owner, attribute, probes[name].around(before[name]))
        yield probes
    finally:
        for name, (owner, attribute) in found.items():
            setattr(owner, attribute, before[name])
