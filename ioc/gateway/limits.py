"""How often a key may be used: token buckets, and what wrong keys cost an address."""

from __future__ import annotations

import math
from dataclasses import dataclass

#: Keys and addresses that are remembered; beyond it the fullest buckets are forgotten.
_MOST_BUCKETS = 10_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Pace:
    """Token buckets of many holders; pure: `now` is passed in, seconds of any clock."""

    def __init__(self, per_second: float, burst: float) -> None:
        """Let a holder take `burst` (one at least) at once and `per_second` in the long run."""
        self._per_second = per_second
        self._burst = max(1.0, burst)
        self._buckets: dict[str, _Bucket] = {}

    def take(self, holder: str, amount: float, now: float) -> int:
        """Take from a holder's bucket; return 0, or after how many whole seconds to try again.

        More than a whole bucket may be taken when it is full: it is then in debt.
        """
        bucket = self._buckets.get(holder)
        if bucket is None:
            if len(self._buckets) >= _MOST_BUCKETS:
                self._forget(now)
            bucket = self._buckets[holder] = _Bucket(self._burst, now)
        elif now > bucket.at:
            bucket.left = min(self._burst, bucket.left + (now - bucket.at) * self._per_second)
            bucket.at = now
        else:
            bucket.at = now  # a clock that was set back takes nothing away
        needed = min(amount, self._burst)
        if bucket.left < needed:
            return max(1, math.ceil((needed - bucket.left) / self._per_second))
        bucket.left -= amount
        return 0

    def _forget(self, now: float) -> None:
        full = {
            holder
            for holder, bucket in self._buckets.items()
            if bucket.left + (now - bucket.at) * self._per_second >= self._burst
        }
        # All of them in debt: the oldest give way.
        gone = full or set(list(self._buckets)[: _MOST_BUCKETS // 10])
        self._buckets = {h: bucket for h, bucket in self._buckets.items() if h not in gone}


class Limits:
    """The gateway's buckets; each answer is 0 or the seconds after which to try again."""

    def __init__(
        self,
        *,
        requests: tuple[float, float],
        events: tuple[float, float],
        bad_keys_per_minute: float,
        share: float = 1.0,
    ) -> None:
        """Take rate per second and burst of requests and of events.

        Args:
            requests: of one key.
            events: of one key.
            bad_keys_per_minute: of one address.
            share: this gateway's part of all of them; others let the rest through.
        """
        self._requests = Pace(*(each * share for each in requests))
        self._events = Pace(*(each * share for each in events))
        self._bad_keys = Pace(bad_keys_per_minute / 60 * share, bad_keys_per_minute * share)

    def request_wait(self, key_id: str, now: float) -> int:
        """Count one request of a key."""
        return self._requests.take(key_id, 1, now)

    def events_wait(self, key_id: str, count: int, now: float) -> int:
        """Count events of a key."""
        return self._events.take(key_id, count, now)

    def bad_key_wait(self, address: str, now: float) -> int:
        """Count one wrong key of an address."""
        return self._bad_keys.take(address, 1, now)
