"""The units of a day as a scenario's stage needs them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ioc.scenarios.world import Rates, World, shipped_units
from schemas.reference import Level, Unit

#: Codes of the province-level agencies that take part in interconnected procedures.
_LEG_SUFFIXES = ("STNMT", "SNNMT", "STC", "SKHDT", "STP", "SXD")
#: The centre receives for every department (Decree 61/2018/NĐ-CP, Art. 7) and decides nothing.
_CENTRE_SUFFIX = "-TTPVHCC"


def units_at(day: date) -> tuple[Unit, ...]:
    """Return the units of a day, by code."""
    return shipped_units().at(day)


def codes(units: Iterable[Unit], level: Level, parent: str | None = None) -> list[str]:
    """Return the codes of the units of a level that decide, in order."""
    return sorted(
        unit.code
        for unit in units
        if unit.level is level
        and parent in (None, unit.parent)
        and not unit.code.endswith(_CENTRE_SUFFIX)
    )


def make_world(
    start: int, end: int, units: Iterable[Unit], *, rates: Rates, province_code: str = "H28"
) -> World:
    """Return the stage on which these units work."""
    units = tuple(units)
    levels = {unit.code: unit.level for unit in units if unit.level is not Level.PROVINCE}
    receivers = {}
    for centre in units:
        if centre.code.endswith(_CENTRE_SUFFIX):
            served = [u for u in units if u.level is Level.DEPARTMENT and u.parent == centre.parent]
            receivers.update({unit.code: centre.code for unit in served})
    neighbours = {}
    for level in (Level.DEPARTMENT, Level.DISTRICT, Level.COMMUNE):
        alike = codes(units, level)
        neighbours.update(dict(zip(alike, [*alike[1:], *alike[:1]], strict=True)))
    return World(
        start=start,
        end=end,
        levels=levels,
        receivers=receivers,
        neighbours=neighbours,
        leg_units=tuple(
            sorted(code for code in levels if code.rpartition("-")[2] in _LEG_SUFFIXES)
        ),
        old_codes=_old_codes(units),
        rates=rates,
        province_code=province_code,
    )


def _old_codes(units: Iterable[Unit]) -> dict[str, str]:
    """Return, for units that took over others of their level, the first former code."""
    here = {unit.code: unit for unit in units}
    old: dict[str, str] = {}
    for unit in shipped_units():
        successor = here.get(unit.successor or "")
        if successor is not None and successor.level is unit.level:
            old.setdefault(successor.code, unit.code)
    return old
