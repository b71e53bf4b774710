"""Named points at which a test lets the process die, between any two steps of a delivery."""

from __future__ import annotations

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
