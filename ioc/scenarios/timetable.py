"""When people come to the counter, register online, and when officials finish something."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from random import Random

from schemas.calendar import WorkingCalendar, day_end, day_start, local_day

_MINUTE = 60
_HALF_HOUR = 1800
#: Receipts per half hour of a working day, from 07:00: the morning peak, then lunch.
_COUNTER = {14: 4, 15: 9, 16: 13, 17: 13, 18: 12, 19: 10, 20: 8, 21: 5, 22: 2,
            27: 6, 28: 8, 29: 6, 30: 5, 31: 4, 32: 3, 33: 1}  # fmt: skip
#: Registrations per hour of any day: people use the portal in the evening too.
_ONLINE = (2, 1, 1, 1, 1, 2, 5, 14, 22, 24, 20, 12, 8, 10, 18, 20, 16, 10, 7, 9, 12, 11, 8, 4)
#: Monday is the busiest day at a desk.
_WEEKDAYS = (130, 110, 100, 95, 85, 60, 50)
_RECEIPT_LIMIT = 8 * 3600


class Timetable:
    """Draws instants; all times are epoch seconds."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.calendar = calendar
        self._slots = [slot * _HALF_HOUR for slot, n in _COUNTER.items() for _ in range(n)]
        self._hours = [hour * 3600 for hour, n in enumerate(_ONLINE) for _ in range(n)]
        self._days: dict[tuple[int, int], tuple[list[int], list[int]]] = {}

    def receipt(self, rng: Random, days: tuple[int, int]) -> int:
        """Return an instant of working time at which a desk receives something.

        Args:
            rng: the source of chance.
            days: local day numbers, first and past the last; some of them must be working days.
        """
        table = self._days.get(days)
        if table is None:
            working = [day for day in range(*days) if self.calendar.is_working_day(day)]
            # 1 January 1970 was a Thursday.
            weights = [_WEEKDAYS[(day + 3) % 7] for day in working]
            table = self._days[days] = working, list(accumulate(weights))
        working, sums = table
        day = working[bisect(sums, rng.random() * sums[-1], hi=len(working) - 1)]
        slot = self._slots[int(rng.random() * len(self._slots))]
        return day_start(day) + slot + int(rng.random() * _HALF_HOUR)

    def registration(self, rng: Random, days: tuple[int, int]) -> int:
        """Return an instant of any day and hour at which somebody registers online."""
        first, end = days
        day = first + int(rng.random() * (end - first))
        if not self.calendar.is_working_day(day) and rng.random() < 0.5:
            day = first + int(rng.random() * (end - first))
        hour = self._hours[int(rng.random() * len(self._hours))]
        return day_start(day) + hour + int(rng.random() * 3600)

    def registration_before(self, rng: Random, received: int, *, late: bool) -> int:
        """Return when a dossier was registered that was received at an instant.

        Not late means at most 8 working hours before it; the instant may be on any evening or
        weekend. Late means 8 to 20 working hours before it.
        """
        calendar = self.calendar
        if late:
            return self._working_back(
                received, _RECEIPT_LIMIT + 10 * _MINUTE + int(rng.random() * 11 * 3600)
            )
        morning = day_start(local_day(received)) + 7 * 3600
        overnight = received - morning < 4 * 3600 and rng.random() < 0.35
        if overnight:
            evening = calendar.end_of_work(local_day(self._working_back(morning + 60, 120)))
            return evening + 300 + int((morning - evening - 600) * rng.random() ** 2)
        lag = 3 * _MINUTE + int(min(rng.expovariate(1 / 4500), 7.5 * 3600))
        return self._working_back(received, lag)

    def between(self, rng: Random, low: int, high: int, skew: float = 1.0) -> int | None:
        """Return an instant of working time in (low, high), or None if there is not enough.

        Args:
            rng: the source of chance.
            low: exclusive.
            high: exclusive.
            skew: 1 spreads evenly, more leans to the beginning, less to the end.
        """
        if high - low < 5 * _MINUTE:
            return None
        available = self.calendar.working_seconds(low, high)
        if available < 5 * _MINUTE:
            return None
        used = 90 + int((available - 120) * rng.random() ** skew)
        return self.calendar.add_working_seconds(low, used)

    def _working_back(self, epoch: int, seconds: int) -> int:
        """Return the instant with that much working time between it and the given one."""
        base = day_end(local_day(epoch)) - 40 * 86_400
        elapsed = self.calendar.working_seconds(base, epoch)
        return self.calendar.add_working_seconds(base, elapsed - seconds)
