"""What people ask for at each level, and how long the law gives for it."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Mapping
from itertools import accumulate
from random import Random
from typing import NamedTuple

from schemas.calendar import LimitUnit
from schemas.reference import Level, OnlineLevel, Procedure, ProcedureRegistry

#: Share of the fields in a level's dossiers; fields that are not named share the rest. A
#: choice of this project: certification and civil status are most of a commune's work, land
#: and household business of a district's, enterprises, driving licences and records of a
#: department's.
_BUSY_FIELDS: Mapping[Level, Mapping[str, int]] = {
    Level.COMMUNE: {
        "chung-thuc": 52,
        "ho-tich": 27,
        "bao-tro-xa-hoi": 5,
        "nguoi-co-cong": 3,
        "dat-dai": 3,
        "tu-phap": 2,
    },
    Level.DISTRICT: {
        "dat-dai": 46,
        "dang-ky-kinh-doanh": 12,
        "chung-thuc": 12,
        "ho-tich": 8,
        "xay-dung": 5,
        "bao-tro-xa-hoi": 4,
    },
    Level.DEPARTMENT: {
        "giao-thong": 30,
        "dang-ky-kinh-doanh": 18,
        "tu-phap": 18,
    },
}
_OTHERS = 8

_Key = tuple[Level, tuple[str, ...], bool]


class Task(NamedTuple):
    """A procedure with the limit that a desk applies."""

    procedure: Procedure
    limit_value: int
    limit_unit: LimitUnit

    @property
    def is_short(self) -> bool:
        """Whether it is done within a day or so, mostly while the citizen waits."""
        return self.limit_unit is LimitUnit.WORKING_HOURS or self.limit_value <= 1


class Workload:
    """Draws procedures by level and field; safe to share."""

    def __init__(self, registry: ProcedureRegistry) -> None:
        self._procedures = tuple(registry)
        self._tables: dict[_Key, tuple[list[Task], list[float]]] = {}

    def draw(
        self, rng: Random, level: Level, fields: tuple[str, ...] = (), *, online: bool
    ) -> Task:
        """Return a procedure of the level; online ones only if it can be asked for online.

        Args:
            rng: the source of chance.
            level: level of the authority.
            fields: fields to choose from; none = all, or none of them has such a procedure.
            online: whether it comes by channel 2.
        """
        key = (level, fields, online)
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = self._table(*key)
        tasks, weights = table
        return tasks[bisect(weights, rng.random() * weights[-1], hi=len(tasks) - 1)]

    def _table(
        self, level: Level, fields: tuple[str, ...], online: bool
    ) -> tuple[list[Task], list[float]]:
        possible = [
            one
            for one in self._procedures
            if one.level is level and not (online and one.online_level is OnlineLevel.NONE)
        ]
        return _table(level, [one for one in possible if one.field in fields] or possible)


def _table(level: Level, procedures: Iterable[Procedure]) -> tuple[list[Task], list[float]]:
    by_field: dict[str, list[Procedure]] = {}
    for procedure in procedures:
        by_field.setdefault(procedure.field, []).append(procedure)
    busy = _BUSY_FIELDS[level]
    quiet = [field for field in by_field if field not in busy]
    tasks, weights = [], []
    for field, group in by_field.items():
        weight = busy.get(field, _OTHERS / max(len(quiet), 1))
        for procedure in group:
            tasks.append(_task(procedure))
            weights.append(weight / len(group))
    return tasks, list(accumulate(weights))


def _task(procedure: Procedure) -> Task:
    limit_value, limit_unit = procedure.limit_value, procedure.limit_unit
    is_day = limit_unit is LimitUnit.WORKING_DAYS and limit_value == 1
    if procedure.field == "chung-thuc" and is_day:
        # Certification is due the same day, received after 15:00 the next working day
        # (Decree 23/2015/NĐ-CP, Art. 7).
        limit_value = 0
    return Task(procedure, limit_value, limit_unit)
