"""Named points at which a test lets the process die, between any two steps of a delivery."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

FailPoint = Callable[[str], None]

#: In the order in which an alert passes them.
FAIL_POINTS: tuple[str, ...] = (
    "before-case",
    "after-case",
    "before-plan",
    "after-plan",
    "after-told",
    "before-sending",
    "after-sending",
    "after-send",
    "after-sent",
)


def no_fail_point(name: str) -> None:
    """Do nothing: production."""


def kill_at(specification: str) -> FailPoint:
    """Return a fail-point that kills this process with SIGKILL.

    Args:
        specification: ``name`` or ``name:3`` (the third time that the point is passed). Empty:
            never.

    Raises:
        ValueError: there is no such point.
    """
    if not specification:
        return no_fail_point
    wanted, _, count = specification.partition(":")
    if wanted not in FAIL_POINTS:
        raise ValueError(f"no fail-point {wanted!r}; there are {', '.join(FAIL_POINTS)}")
    left = int(count or 1)

    def fail(name: str) -> None:
        nonlocal left
        if name == wanted:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return fail
