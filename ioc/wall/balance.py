"""Tells a report that does not balance from one that is being written just now.

The tables of days and of open dossiers are written one after the other, so a look between the two
sees them apart for a moment. Only a difference that stays is a fault.
"""

from __future__ import annotations

from dataclasses import dataclass

PATIENCE_SECONDS = 10.0


@dataclass
class BalanceWatch:
    """Remembers since when one period's report has not balanced."""

    _wrong_since: float | None = None

    def see(self, difference: int, now: float) -> str:
        """Return `balanced`, `balancing` or `unbalanced`; `now` is monotonic seconds."""
        if difference == 0:
            self._wrong_since = None
            return "balanced"
        if self._wrong_since is None:
            self._wrong_since = now
        return "unbalanced" if now - self._wrong_since >= PATIENCE_SECONDS else "balancing"
