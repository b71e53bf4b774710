"""What the doctor says about one thing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from schemas.messages import Worded


class Level(Enum):
    """How bad it is; only `BAD` makes the doctor exit with 1."""

    WELL = "well"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    Attributes:
        subject: what was looked at.
        detail: what was seen; `values` fill its placeholders.
        cure: what to do, with the same values; None when there is nothing to do.
    """

    level: Level
    subject: Worded
    detail: Worded
    cure: Worded | None = None
    values: dict[str, object] = field(default_factory=dict)


def well(subject: Worded, detail: Worded, **values: object) -> Finding:
    """Make a finding that needs nothing."""
    return Finding(Level.WELL, subject, detail, None, values)


def note(subject: Worded, detail: Worded, cure: Worded | None = None, **values: object) -> Finding:
    """Make a finding that somebody should know."""
    return Finding(Level.NOTE, subject, detail, cure, values)


def bad(subject: Worded, detail: Worded, cure: Worded | None = None, **values: object) -> Finding:
    """Make a finding that needs a cure."""
    return Finding(Level.BAD, subject, detail, cure, values)
