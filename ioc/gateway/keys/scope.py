"""Which unit codes a key covers: its units, what is below them, and what became of these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from schemas.reference import UnitRegistry


def covered_codes(issued: Iterable[str], units: UnitRegistry, today: date) -> frozenset[str]:
    """Return every code that a key issued for some units covers on a day.

    - the units themselves and all below them, of all times up to today;
    - what each of these became, as far as that is a unit of the same level: a commune's
      successor is its new commune, but a district's is the province, and no key grows that far;
    - the old codes of these units, because feeds go on using them: those that became one of the
      units or of their sub-units. Old codes of *other* units that were merged into a successor
      are not covered.

    Codes that the registry does not know are left out: they cover nothing.
    """
    below: dict[str, list[str]] = defaultdict(list)
    before: dict[str, list[str]] = defaultdict(list)
    for unit in units:
        if unit.valid_from > today:
            continue
        if unit.parent is not None:
            below[unit.parent].append(unit.code)
        if unit.successor is not None and unit.valid_to is not None and unit.valid_to <= today:
            before[unit.successor].append(unit.code)
    own = _closure([code for code in issued if code in units], below)
    return frozenset(own | _became(own, units, today) | _closure(own, before))


def _closure(codes: Iterable[str], edges: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting.extend(edges.get(code, ()))
    return found


def _became(codes: Iterable[str], units: UnitRegistry, today: date) -> set[str]:
    found: set[str] = set()
    for code in codes:
        unit = units.get(code)
        while unit.valid_to is not None and unit.valid_to <= today and unit.successor is not None:
            successor = units.get(unit.successor)
            if successor.level is not unit.level or successor.code in found:
                break
            found.add(successor.code)
            unit = successor
    return found
