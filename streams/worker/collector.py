"""The garbage collector and a state of millions of small objects that hold no cycles."""

from __future__ import annotations

import gc

from streams.pipeline.snapshot import CommitGroup

#: A group of more events is part of a flood, in which nothing is looked through.
_FLOOD_EVENTS = 1_000


def calm_collector() -> None:
    """Switch the automatic collector off; `collect_little` does its work from now on.

    It looked through all that the folded events left behind, again and again, for a sixth of
    the worker's time, and found nothing: state lives long and holds no cycles.
    """
    gc.disable()
    gc.freeze()


def collect_little(group: CommitGroup) -> None:
    """After a stored group: collect what is young, in quiet times, then set the rest aside.

    What is set aside is never looked at again, so a collection stays short however large the
    state is. The few cycles that a flood leaves behind (a handful for 400,000 events) stay.
    """
    if group.events < _FLOOD_EVENTS:
        gc.collect(0)
    gc.freeze()
