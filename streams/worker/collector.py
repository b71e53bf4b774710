"""The garbage collector and a state of millions of small objects that hold no cycles."""

from __future__ import annotations

import gc


def calm_collector() -> None:
    """Switch the automatic collector off; `collect_young` does its work from now on.

    It looked through all that the folded events left behind, again and again, for a sixth of
    the worker's time: state lives long and holds no cycles. The clients' requests do.
    """
    gc.disable()
    gc.freeze()


def collect_young() -> None:
    """After a stored group: collect what came since the last call, then set the rest aside.

    What is set aside is never looked at again, so this stays short however large the state is.
    """
    gc.collect(0)
    gc.freeze()
