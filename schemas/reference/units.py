"""The units of a province through time: who exists on a day, who is above, who took over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

from schemas.errors import ConfigurationError, RejectError
from schemas.reference.table import DATA_DIRECTORY, Row, read_rows
from schemas.reference.unit_checks import check_units
from schemas.reference.unit_model import Level, Unit
from schemas.reference.unit_names import Alias, UnitNames

__all__ = ["Alias", "Level", "Unit", "UnitRegistry"]

UNITS_FILE = DATA_DIRECTORY / "units.csv"
ALIASES_FILE = DATA_DIRECTORY / "unit_aliases.csv"
UNIT_COLUMNS = (
    "code",
    "official_code",
    "name",
    "level",
    "kind",
    "parent",
    "valid_from",
    "valid_to",
    "successor",
    "latitude",
    "longitude",
)
ALIAS_COLUMNS = ("source", "name", "code")

# Land and islands of Viet Nam; a point outside has its columns swapped or a digit wrong.
_LATITUDES = (6.0, 24.0)
_LONGITUDES = (102.0, 118.0)
_SHOWN_CHARACTERS = 80


class UnitRegistry:
    """All units of one reference file; immutable, cheap to ask, safe to share."""

    def __init__(self, units: dict[str, Unit], aliases: tuple[Alias, ...] = ()) -> None:
        self._units = dict(sorted(units.items()))
        self._children: dict[str, list[Unit]] = defaultdict(list)
        for unit in self._units.values():
            if unit.parent is not None:
                self._children[unit.parent].append(unit)
        self._names = UnitNames(self._units, aliases)
        self._find = lru_cache(maxsize=4096)(self._names.find)

    @classmethod
    def load(cls, path: Path | None = None, *, aliases_path: Path | None = None) -> UnitRegistry:
        """Reads and checks a units file, and a file of other names for its units.

        Args:
            path: the units, None for the shipped Hòa Bình and Phú Thọ. Blocks while reading.
            aliases_path: other names, per feed; None for the shipped ones (none when `path`
                names another units file).

        Raises:
            ReferenceDataError: the first fault, with file, line and what to change.
        """
        units: dict[str, Unit] = {}
        rows: dict[str, Row] = {}
        for row in read_rows(path or UNITS_FILE, UNIT_COLUMNS):
            unit = _unit(row)
            if unit.code in units:
                raise row.error(
                    f'column code: "{unit.code}" stands in line {rows[unit.code].line} already; '
                    "give every unit a code of its own, also over time"
                )
            units[unit.code] = unit
            rows[unit.code] = row
        check_units(units, rows)
        if aliases_path is None and path is None:
            aliases_path = ALIASES_FILE
        aliases = () if aliases_path is None else tuple(_aliases(aliases_path, units))
        return cls(units, aliases)

    def __len__(self) -> int:
        return len(self._units)

    def __iter__(self) -> Iterator[Unit]:
        """All units of all times, by code."""
        return iter(self._units.values())

    def __contains__(self, code: object) -> bool:
        return code in self._units

    def get(self, code: str) -> Unit:
        """The unit of this code, whenever it was valid.

        Raises:
            RejectError: ``unknown_unit``.
        """
        unit = self._units.get(code)
        if unit is None:
            shown = code[:_SHOWN_CHARACTERS]
            raise RejectError(
                "unknown_unit", f'no unit has the code "{shown}"', field="unit", value=shown
            )
        return unit

    def resolve(self, code: str, day: date) -> Unit:
        """The unit that stands for a code on a day: the last successor that has begun by then.

        A unit that has not begun by that day is returned as it is, because a feed may re-send
        old dossiers under new codes and none may be lost.

        Raises:
            RejectError: ``unknown_unit``.
        """
        unit = self.get(code)
        while unit.valid_to is not None and unit.valid_to <= day and unit.successor is not None:
            unit = self._units[unit.successor]
        return unit

    def successors(self, code: str) -> tuple[Unit, ...]:
        """The units that took over from this one, one after another, each when the last ended.

        Raises:
            RejectError: ``unknown_unit``.
        """
        return tuple(self._units[each] for each in self._successors(self.get(code)))

    def standing(self, code: str, day: date) -> frozenset[str]:
        """Codes whose dossiers stand with a unit or one below it on a day, as on the walls.

        Old codes are among them once their units have passed on what they had; a unit that has
        ended by then has none.

        Raises:
            RejectError: ``unknown_unit``.
        """
        asked = self.get(code).code
        return frozenset(
            each
            for each in self._units
            if asked == self.resolve(each, day).code
            or any(above.code == asked for above in self.ancestors(each, day))
        )

    def children(self, code: str, day: date) -> tuple[Unit, ...]:
        """Units directly below, as of a day, by code; empty if the unit ended before it.

        Raises:
            RejectError: ``unknown_unit``.
        """
        below = self._children.get(self.get(code).code, ())
        return tuple(unit for unit in below if unit.is_valid(day))

    def ancestors(self, code: str, day: date) -> tuple[Unit, ...]:
        """The units above the one that stands for a code on a day, nearest first.

        Raises:
            RejectError: ``unknown_unit``.
        """
        above = []
        parent = self.resolve(code, day).parent
        while parent is not None:
            unit = self._units[parent]
            above.append(unit)
            parent = unit.parent
        return tuple(above)

    def at(self, day: date) -> tuple[Unit, ...]:
        """All units that exist on a day, by code."""
        return tuple(unit for unit in self._units.values() if unit.is_valid(day))

    def province(self, day: date) -> Unit:
        """The province of a day.

        Raises:
            ConfigurationError: the file has none, or several, on that day.
        """
        provinces = [unit for unit in self.at(day) if unit.level is Level.PROVINCE]
        if len(provinces) != 1:
            names = ", ".join(unit.name for unit in provinces) or "none"
            raise ConfigurationError(
                f"the units file must have one province on {day}, but has: {names}"
            )
        return provinces[0]

    def by_name(self, name: str, *, source: str | None = None, day: date | None = None) -> Unit:
        """The one unit that an agency name of a feed means.

        Case, diacritics, Unicode form and place of tone marks, abbreviated kinds and leading
        offices (``UBND``, ``Bộ phận Một cửa``) do not matter. Units above may follow
        (``xã Cao Sơn, huyện Đà Bắc``). Of a unit and its successors with the same name the
        earliest is returned, so that `resolve` leads to the right one on every day.

        Args:
            name: as it stands in the feed.
            source: the feed; its own aliases win.
            day: when given, units that begin later do not count, and a full official name
                with its diacritics means the unit that bears it on that day. A shorter name
                may still be an old one, because feeds go on using those.

        Raises:
            RejectError: ``unknown_unit`` or ``ambiguous_unit``; it never guesses.
        """
        shown = name[:_SHOWN_CHARACTERS]
        found = [self._units[code] for code in sorted(self._find(name, source))]
        if not found:
            raise RejectError(
                "unknown_unit", f'no unit is called "{shown}"', field="unit", value=shown
            )
        if day is not None:
            found = [unit for unit in found if unit.valid_from <= day] or found
            bearers = [u for u in found if u.is_valid(day) and self._names.is_official(name, u)]
            found = bearers or found
        later = {successor for unit in found for successor in self._successors(unit)}
        earliest = [unit for unit in found if unit.code not in later]
        if len(earliest) > 1:
            meanings = "; ".join(f"{unit.name} ({unit.code})" for unit in earliest)
            raise RejectError(
                "ambiguous_unit",
                f'"{shown}" may mean {meanings}; name the unit above it, or add an alias',
                field="unit",
                value=shown,
            )
        return earliest[0]

    def _successors(self, unit: Unit) -> Iterator[str]:
        code = unit.successor
        while code is not None:
            yield code
            code = self._units[code].successor


def _unit(row: Row) -> Unit:
    unit = Unit(
        code=row.required("code"),
        official_code=row.cells["official_code"],
        name=row.required("name"),
        level=row.choice("level", Level),
        kind=row.required("kind"),
        parent=row.optional("parent"),
        valid_from=_required_day(row, "valid_from"),
        valid_to=row.day("valid_to"),
        successor=row.optional("successor"),
        latitude=row.number("latitude", *_LATITUDES),
        longitude=row.number("longitude", *_LONGITUDES),
    )
    if unit.valid_to is not None and unit.valid_to <= unit.valid_from:
        raise row.error(
            f"column valid_to: {unit.valid_to} is not after valid_from {unit.valid_from}; "
            "it is the first day on which the unit no longer exists"
        )
    if (unit.latitude is None) != (unit.longitude is None):
        raise row.error("columns latitude and longitude: give both or neither")
    return unit


def _required_day(row: Row, column: str) -> date:
    row.required(column)
    day = row.day(column)
    assert day is not None  # noqa: S101  (a cell that is not empty is a day or an error)
    return day


def _aliases(path: Path, units: dict[str, Unit]) -> Iterator[Alias]:
    for row in read_rows(path, ALIAS_COLUMNS):
        alias = Alias(row.optional("source"), row.required("name"), row.required("code"))
        if alias.code not in units:
            raise row.error(
                f'column code: unit "{alias.code}" is not in the units file; correct the code'
            )
        yield alias
