"""Which rows of the walls' coarser tables groups have changed since the last refresh."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice

from streams.ports import Columns, Touched

#: Rows of a statement's conditions at most: more are refreshed in turns.
_MOST_AT_ONCE = 2_500
_MOST_UNITS_AT_ONCE = 3 * _MOST_AT_ONCE
#: `unit_days` is half of a refresh's work; walls read finished days of it, and alerts about units
#: look at it now and then.
UNITS_EVERY_SECONDS = 5.0
#: Groups with more cells, and this many waiting, are refreshed by whole days.
MOST_CELLS = 5_000
_MOST_WAITING = 20_000


@dataclass
class TouchedRows:
    """Keys in the order in which they were touched; those of a day that is full of them go.

    Attributes:
        days: cells as (day, receiver, authority, handler, field, channel).
        national: cells of the national rule as (received day, authority).
        units: (day, unit) of cells that were taken out without their units.
        units_at: second of a steady clock from which units are taken again.
    """

    days: dict[tuple[int, str, str, str, str, int], None] = field(default_factory=dict)
    national: dict[tuple[int, str], None] = field(default_factory=dict)
    units: dict[tuple[int, str], None] = field(default_factory=dict)
    units_at: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.days or self.national or self.units)

    def takes(self, table: str, columns: Columns) -> bool:
        """Take note of a stored table's cells; False if they are too many for that."""
        if table == "dossier_days":
            names = ("day", "receiver", "authority", "handler", "field", "channel")
            cells = zip(*(columns[name] for name in names), strict=True)
            if self._is_too_much(len(columns["day"]), len(self.days)):
                return False
            self.days.update(dict.fromkeys(cells))
        elif table == "national_days":
            if self._is_too_much(len(columns["received_day"]), len(self.national)):
                return False
            keys = zip(columns["received_day"], columns["authority"], strict=True)
            self.national.update(dict.fromkeys(keys))
        return True

    @staticmethod
    def _is_too_much(cells: int, waiting: int) -> bool:
        return cells > MOST_CELLS or waiting > _MOST_WAITING

    def take(self, now: float | None = None) -> Touched:
        """Take the oldest ones out, as many as one refresh should do.

        Args:
            now: second of a steady clock; rows of `unit_days` are taken every few seconds only.
                None = they are taken too.
        """
        cells = list(islice(self.days, _MOST_AT_ONCE))
        national = list(islice(self.national, _MOST_AT_ONCE))
        for cell in cells:
            del self.days[cell]
            self.units.update(dict.fromkeys((cell[0], unit) for unit in cell[1:4]))
        for key in national:
            del self.national[key]
        return Touched(
            units=sorted(self._take_units(now)),
            cells=sorted({(cell[0], cell[2], cell[4], cell[5]) for cell in cells}),
            scopes=sorted(
                {
                    (in_field, in_channel, cell[0])
                    for cell in cells
                    for in_field in ("*", cell[4])
                    for in_channel in (0, cell[5])
                }
            ),
            national=national,
        )

    def _take_units(self, now: float | None) -> list[tuple[int, str]]:
        if now is not None and now < self.units_at:
            return []
        units = list(islice(self.units, _MOST_UNITS_AT_ONCE))
        for unit in units:
            del self.units[unit]
        if now is not None and not self.units:  # else the next refresh goes on
            self.units_at = now + UNITS_EVERY_SECONDS
        return units
