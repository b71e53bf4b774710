"""The rows of the reference tables, made from the registries."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator

from schemas.calendar import WorkingCalendar
from schemas.calendar.local_time import date_of_day, local_day
from schemas.reference import Level, ProcedureRegistry, Unit, UnitRegistry

#: The largest Date of ClickHouse stands for "without end".
NO_END = dt.date(2149, 6, 6)
_FIRST_DATE = dt.date(1970, 1, 1)


def interval_rows(calendar: WorkingCalendar) -> Iterator[tuple[object, ...]]:
    """Yield (start_at, end_at) of every working interval, epoch seconds."""
    yield from calendar.interval_rows()


def working_day_rows(calendar: WorkingCalendar) -> Iterator[tuple[object, ...]]:
    """Yield every covered day: working seconds before it, then its intervals in epoch seconds."""
    hours: dict[dt.date, list[tuple[int, int]]] = defaultdict(list)
    for start, end in calendar.interval_rows():
        hours[date_of_day(local_day(start))].append((start, end))
    worked = 0
    for day, *_ in calendar.day_rows():
        today = hours[day]
        yield day, worked, [start for start, _ in today], [end for _, end in today]
        worked += sum(end - start for start, end in today)


def unit_rows(units: UnitRegistry) -> Iterator[tuple[object, ...]]:
    """Yield every unit of all times; an unknown place is NaN, an unknown code empty."""
    for unit in units:
        yield (
            unit.code,
            unit.official_code,
            unit.name,
            unit.level.value,
            unit.kind,
            unit.parent or "",
            *_validity(unit),
            unit.successor or "",
            *_place(unit),
        )


def unit_label_rows(units: UnitRegistry) -> Iterator[tuple[object, ...]]:
    """Yield of every unit of all times what walls show beside its figures."""
    for unit in units:
        above = units.get(unit.parent) if unit.parent else None
        district = above.name if above and above.level is Level.DISTRICT else ""
        yield (
            unit.code,
            unit.name,
            unit.level.value,
            district,
            _line(units, unit),
            *_validity(unit),
            *_place(unit),
        )


def unit_heir_rows(units: UnitRegistry) -> Iterator[tuple[object, ...]]:
    """Yield of every unit of all times from which days on who stands for its code, itself first."""
    for unit in units:
        later = units.successors(unit.code)
        line = (unit, *later)
        since = [_FIRST_DATE, *(_validity(each)[1] for each in line[:-1])]
        yield unit.code, since, [each.code for each in line]


def _validity(unit: Unit) -> tuple[dt.date, dt.date]:
    return max(unit.valid_from, _FIRST_DATE), min(unit.valid_to or NO_END, NO_END)


def _place(unit: Unit) -> tuple[float, float]:
    return (
        math.nan if unit.latitude is None else unit.latitude,
        math.nan if unit.longitude is None else unit.longitude,
    )


def _line(units: UnitRegistry, unit: Unit) -> list[str]:
    codes = [unit.code]
    while unit.parent:
        unit = units.get(unit.parent)
        codes.append(unit.code)
    return codes


def procedure_rows(procedures: ProcedureRegistry) -> Iterator[tuple[object, ...]]:
    """Yield every procedure of the catalogue."""
    for procedure in procedures:
        yield (
            procedure.procedure_id,
            procedure.name,
            procedure.field,
            procedure.level.value,
            procedure.limit_value,
            procedure.limit_unit.value,
        )


def procedure_label_rows(procedures: ProcedureRegistry) -> Iterator[tuple[object, ...]]:
    """Yield the name of every procedure."""
    for procedure in procedures:
        yield procedure.procedure_id, procedure.name


def field_rows(procedures: ProcedureRegistry) -> Iterator[tuple[object, ...]]:
    """Yield every field with its Vietnamese and English name."""
    for field in procedures.fields:
        yield field.code, field.name, field.name_en
