"""What must hold between the rows of a units file before any figure is rolled up by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise

from schemas.reference.table import Row
from schemas.reference.unit_model import PARENT_LEVELS, Unit


def check_units(units: Mapping[str, Unit], rows: Mapping[str, Row]) -> None:
    """Checks that the units form one hierarchy on every day and that no path is a circle.

    Args:
        units: by code.
        rows: where each unit stands in its file, by code.

    Raises:
        ReferenceDataError: the first fault, with its line and what to change.
    """
    for unit in units.values():
        _check_references(unit, units, rows[unit.code])
    _check_no_cycle(units, rows, "parent", lambda unit: unit.parent)
    _check_no_cycle(units, rows, "successor", lambda unit: unit.successor)
    for unit in units.values():
        _check_parent(unit, units, rows[unit.code])
        _check_successor(unit, units, rows[unit.code])
    _check_official_codes(units, rows)


def _check_references(unit: Unit, units: Mapping[str, Unit], row: Row) -> None:
    for column, code in (("parent", unit.parent), ("successor", unit.successor)):
        if code is not None and code not in units:
            raise row.error(
                f'column {column}: unit "{code}" is not in this file; '
                "add its row or correct the code"
            )


def _check_no_cycle(
    units: Mapping[str, Unit],
    rows: Mapping[str, Row],
    column: str,
    follow: Callable[[Unit], str | None],
) -> None:
    done: set[str] = set()
    for start in units:
        path: list[str] = []
        code: str | None = start
        while code is not None and code not in done:
            if code in path:
                circle = " → ".join([*path[path.index(code) :], code])
                raise rows[code].error(f"column {column} leads in a circle: {circle}; break it")
            path.append(code)
            code = follow(units[code])
        done.update(path)


def _check_parent(unit: Unit, units: Mapping[str, Unit], row: Row) -> None:
    allowed = PARENT_LEVELS[unit.level]
    if unit.parent is None:
        if allowed:
            raise row.error(
                f"column parent is empty; a {unit.level} needs a parent of level "
                f"{' or '.join(allowed)}"
            )
        return
    parent = units[unit.parent]
    if parent.level not in allowed:
        should = f"must be of level {' or '.join(allowed)}" if allowed else "must be empty"
        raise row.error(
            f'column parent: "{parent.code}" is of level {parent.level}; '
            f"the parent of a {unit.level} {should}"
        )
    if parent.valid_from > unit.valid_from or _end(parent) < _end(unit):
        raise row.error(
            f'column parent: "{parent.code}" is valid {_span(parent)}, this unit {_span(unit)}; '
            "a unit may not outlive its parent"
        )


def _check_successor(unit: Unit, units: Mapping[str, Unit], row: Row) -> None:
    if unit.valid_to is None:
        if unit.successor is not None:
            raise row.error(
                "column successor is set but valid_to is empty; give the day of the change, "
                "or empty the successor"
            )
        return
    if unit.successor is None:
        raise row.error(
            "column successor is empty but the unit ends; name the unit that takes over its "
            "open dossiers"
        )
    successor = units[unit.successor]
    if not successor.is_valid(unit.valid_to):
        raise row.error(
            f'column successor: "{successor.code}" is valid {_span(successor)}, '
            f"not on {unit.valid_to}, the day on which this unit passes its dossiers on"
        )


def _check_official_codes(units: Mapping[str, Unit], rows: Mapping[str, Row]) -> None:
    bearers: defaultdict[str, list[Unit]] = defaultdict(list)
    for unit in units.values():
        if unit.official_code:
            bearers[unit.official_code].append(unit)
    for official_code, sharing in bearers.items():
        sharing.sort(key=lambda unit: unit.valid_from)
        for earlier, later in pairwise(sharing):
            if _end(earlier) > later.valid_from:
                raise rows[later.code].error(
                    f'column official_code: "{official_code}" belongs to "{earlier.code}" '
                    "at the same time; one official code has one unit on a day"
                )


def _end(unit: Unit) -> date:
    return unit.valid_to or date.max


def _span(unit: Unit) -> str:
    return f"from {unit.valid_from} until {unit.valid_to or 'further notice'}"
