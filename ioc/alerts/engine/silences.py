"""Silences: a unit or a rule that somebody wants to hear nothing about for a while."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Silence(NamedTuple):
    """One silence; "" = every unit, or every rule. Times in epoch seconds, ended_at 0 = stands."""

    silence_id: str
    unit: str
    rule: str
    starts_at: int
    ends_at: int
    ended_at: int = 0

    def covers(self, units: Iterable[str], rule: str, now: int) -> bool:
        """Whether an alert about a unit (it and those above) is silenced now."""
        return (
            not self.ended_at
            and self.starts_at <= now < self.ends_at
            and self.rule in ("", rule)
            and (not self.unit or self.unit in units)
        )
