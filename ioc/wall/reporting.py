"""Reporting periods of the province, and when its shifts begin.

A reporting month may begin on another day than the first (21st to 20th: September is then 21 August
to 20 September), and the reporting year in another month than January (December: its first quarter
is December to February).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from schemas.settings import ReportingSettings

#: Months of the periods that are made of reporting months.
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Reporting:
    """How periods are cut.

    Attributes:
        first_day: of a reporting month; 1 = calendar months.
        first_month: of the reporting year.
        shifts: seconds after midnight at which shifts begin, in rising order, not empty.
    """

    first_day: int = 1
    first_month: int = 1
    shifts: tuple[int, ...] = (7 * 3600,)

    @classmethod
    def of(cls, settings: ReportingSettings) -> Reporting:
        """Read the settings."""
        return cls(settings.month_first_day, settings.year_first_month, settings.shift_seconds())

    def days(self, name: str, anchor: dt.date) -> tuple[dt.date, dt.date]:
        """Return first and last day of the period of a kind (`MONTHS`) that holds a day."""
        length = MONTHS[name]
        label = anchor.year * 12 + anchor.month - 1
        if self.first_day > 1 and anchor.day >= self.first_day:
            label += 1  # the month that it is counted to
        label -= (label - (self.first_month - 1)) % length
        return self._start(label), self._start(label + length) - dt.timedelta(days=1)

    def before(self, name: str, first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
        """Return the previous period of the same kind; of other kinds, as many days before."""
        day_before = first - dt.timedelta(days=1)
        if name in MONTHS and self.days(name, first) == (first, last):
            return self.days(name, day_before)
        return first - (last - first) - dt.timedelta(days=1), day_before

    def shift_start(self, moment: int, midnight: int) -> int:
        """Return when the present shift began.

        Args:
            moment: epoch seconds.
            midnight: epoch seconds at which the local day of `moment` began.
        """
        begun = [start for start in self.shifts if midnight + start <= moment]
        return midnight + begun[-1] if begun else midnight - _DAY_SECONDS + self.shifts[-1]

    def _start(self, label: int) -> dt.date:
        if self.first_day > 1:
            label -= 1
        return dt.date(label // 12, label % 12 + 1, self.first_day)
