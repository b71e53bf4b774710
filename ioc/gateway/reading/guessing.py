"""Makes guessing useless: who finds nothing too often must wait. Pure; `now` is passed in."""

from __future__ import annotations

import math
from dataclasses import dataclass

#: Holders that are remembered; those who are not in debt are forgotten first.
_MOST_HOLDERS = 10_000


@dataclass(slots=True)
class _Account:
    misses: float
    at: float


class Misses:
    """Misses of each holder, which wear off with time.

    A look-up is charged before it is made and forgiven when it found something: however many are
    made side by side, no more than the limit of them can fail.
    """

    def __init__(self, per_minute: float) -> None:
        """Allow so many misses a minute, and so many at once."""
        self._per_second = per_minute / 60
        self._most = max(1.0, per_minute)
        self._accounts: dict[str, _Account] = {}

    def charge(self, holder: str, now: float) -> int:
        """Charge a look-up; return 0, or after how many seconds to try again (not charged)."""
        account = self._accounts.get(holder)
        if account is None:
            if len(self._accounts) >= _MOST_HOLDERS:
                self._forget(now)
            account = self._accounts[holder] = _Account(0.0, now)
        # A clock that was set back takes nothing away and gives nothing.
        account.misses = self._left(account, now)
        account.at = now
        if account.misses + 1 > self._most:
            return max(1, math.ceil((account.misses + 1 - self._most) / self._per_second))
        account.misses += 1
        return 0

    def forgive(self, holder: str) -> None:
        """Take one charge back."""
        account = self._accounts.get(holder)
        if account is not None:
            account.misses = max(0.0, account.misses - 1)

    def _left(self, account: _Account, now: float) -> float:
        return max(0.0, account.misses - max(0.0, now - account.at) * self._per_second)

    def _forget(self, now: float) -> None:
        owing = {h: a for h, a in self._accounts.items() if self._left(a, now) > 0}
        # Everybody owes: those who owe least are let go.
        if len(owing) >= _MOST_HOLDERS:
            ranked = sorted(owing, key=lambda holder: owing[holder].misses)
            owing = {holder: owing[holder] for holder in ranked[_MOST_HOLDERS // 10 :]}
        self._accounts = owing
