"""Named points at which a test lets the process die, between any two writes.

The points here are a worker's; other processes name their own.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence

FailPoint = Callable[[str], None]

#: In the order in which a chunk passes them.
FAIL_POINTS: tuple[str, ...] = (
    "before-forward",
    "before-dead-letter",
    "before-fold",
    "before-audit",
    "after-audit",
    "after-dossiers",
    "after-dossier_days",
    "after-province_days",
    "after-open_dossiers",
    "after-national_days",
    "after-leg_days",
    "after-open_legs",
    "after-checkpoint",
    "before-acknowledge",
    "before-alert",
    "after-alert",
)

#: Between the writes of a shard that other rules folded (`streams.pipeline.refolding`).
REFOLD_POINTS: tuple[str, ...] = (
    "after-refolded-dossiers",
    "after-refolded-cells",
    "after-refolded-checkpoint",
)


def no_fail_point(name: str) -> None:
    """Do nothing: production."""


def kill_at(
    specification: str, points: Sequence[str] = (*FAIL_POINTS, *REFOLD_POINTS)
) -> FailPoint:
    """Return a fail-point that kills this process with SIGKILL.

    Args:
        specification: ``name`` or ``name:3`` (the third time that the point is passed). Empty:
            never.
        points: the names that there are.

    Raises:
        ValueError: there is no such point.
    """
    if not specification:
        return no_fail_point
    wanted, _, count = specification.partition(":")
    if wanted not in points:
        raise ValueError(f"no fail-point {wanted!r}; there are {', '.join(points)}")
    left = int(count or 1)

    def fail(name: str) -> None:
        nonlocal left
        if name == wanted:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return fail
