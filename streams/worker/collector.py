"""The garbage collector and a state of millions of small objects that hold no cycles."""

from __future__ import annotations

import gc

#: Groups with more events than this come in a flood.
_FLOOD_EVENTS = 2_000


def calm_collector() -> None:
    """Switch the automatic collector off; `collect_young` does its work from now on.

    It looked through all that the folded events left behind, again and again, for a sixth of
    the worker's time: state lives long and holds no cycles. The clients' requests do.
    """
    gc.disable()
    gc.freeze()


def set_aside() -> None:
    """After partitions were loaded: never look at their state.

    The first group would otherwise wait while all of it is looked through.
    """
    gc.freeze()


def collect_young(events: int) -> None:
    """After a stored group: collect what came since the last call, then set the rest aside.

    What is set aside is never looked at again, so this stays short however large the state is.
    After a large group even the young ones are a million objects; they are set aside unseen,
    with the few kilobytes of cycles that the group's requests left among them.

    Args:
        events: of the group.
    """
    if events <= _FLOOD_EVENTS:
        gc.collect(0)
    gc.freeze()
