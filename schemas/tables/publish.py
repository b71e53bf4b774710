"""Writes the reference data into the warehouse, where queries join it.

A table's content carries one version, raised by one when the content changes and only then, so
publishing at every start costs a read. The newest version is the valid one; rows of units,
procedures and fields that are no longer in the files are removed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.calendar import WorkingCalendar
from schemas.errors import RetryError
from schemas.reference import ProcedureRegistry, UnitRegistry
from schemas.tables.reference_rows import (
    field_rows,
    interval_rows,
    procedure_label_rows,
    procedure_rows,
    unit_heir_rows,
    unit_label_rows,
    unit_rows,
    working_day_rows,
)

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_ATTEMPTS = 5


@dataclass(frozen=True)
class ReferenceTable:
    """Where one kind of reference data is stored.

    Attributes:
        columns: of the content, without the version; the first is the key.
        version_column: name of the version.
        keeps_history: whether rows of older versions stay.
        is_final: whether a key has one row as it is, because the table replaces rows at once.
    """

    name: str
    columns: tuple[str, ...]
    version_column: str = "version"
    keeps_history: bool = False
    is_final: bool = False


@dataclass(frozen=True)
class Published:
    """What one table holds after publishing.

    Attributes:
        version: the valid one.
        rows: number of rows of that version.
        changed: whether this call wrote them.
    """

    table: str
    version: int
    rows: int
    changed: bool


WORKING_INTERVALS = ReferenceTable(
    "working_intervals", ("start_at", "end_at"), "calendar_version", keeps_history=True
)
WORKING_DAYS = ReferenceTable("working_days", ("day", "worked", "starts", "ends"), is_final=True)
UNITS = ReferenceTable(
    "units",
    (
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
    ),
)
PROCEDURES = ReferenceTable(
    "procedures", ("procedure_id", "name", "field", "level", "limit_value", "limit_unit")
)
FIELDS = ReferenceTable("fields", ("field", "name_vi", "name_en"))
UNIT_LABELS = ReferenceTable(
    "unit_labels",
    (
        "code",
        "name",
        "level",
        "district",
        "line",
        "valid_from",
        "valid_to",
        "latitude",
        "longitude",
    ),
    is_final=True,
)
UNIT_HEIRS = ReferenceTable("unit_heirs", ("code", "since", "units"), is_final=True)
PROCEDURE_LABELS = ReferenceTable("procedure_labels", ("procedure_id", "name"), is_final=True)
FIELD_LABELS = ReferenceTable("field_labels", ("field", "name_vi"), is_final=True)

_Row = tuple[object, ...]


def reference_contents(
    calendar: WorkingCalendar, units: UnitRegistry, procedures: ProcedureRegistry
) -> Iterator[tuple[ReferenceTable, list[_Row]]]:
    """Yield each table with the rows that it should hold, in the order of their keys."""
    yield WORKING_INTERVALS, sorted(interval_rows(calendar))
    yield WORKING_DAYS, list(working_day_rows(calendar))
    yield UNITS, sorted(unit_rows(units), key=_key)
    yield PROCEDURES, sorted(procedure_rows(procedures), key=_key)
    yield FIELDS, sorted(field_rows(procedures), key=_key)
    yield UNIT_LABELS, sorted(unit_label_rows(units), key=_key)
    yield UNIT_HEIRS, sorted(unit_heir_rows(units), key=_key)
    yield PROCEDURE_LABELS, sorted(procedure_label_rows(procedures), key=_key)
    yield FIELD_LABELS, sorted((row[:2] for row in field_rows(procedures)), key=_key)


def publish_reference(
    client: Client,
    database: str,
    *,
    calendar: WorkingCalendar,
    units: UnitRegistry,
    procedures: ProcedureRegistry,
) -> list[Published]:
    """Bring all reference tables up to date; does nothing when they are.

    Blocks for some round trips. May be called by several processes at once: each reads back what
    it wrote and writes again under a higher version if another one came between.

    Raises:
        RetryError: others kept writing different contents.
    """
    return [
        _publish(client, database, table, rows)
        for table, rows in reference_contents(calendar, units, procedures)
    ]


def published_differs(
    client: Client, database: str, table: ReferenceTable, rows: Sequence[_Row]
) -> bool:
    """Whether the table's valid content is another one than these rows (sorted by key)."""
    version, stored = _stored(client, database, table)
    return version == 0 or _comparable(stored) != _comparable(rows)


def _publish(
    client: Client, database: str, table: ReferenceTable, rows: Sequence[_Row]
) -> Published:
    changed = False
    for _ in range(_ATTEMPTS):
        version, stored = _stored(client, database, table)
        if version and _comparable(stored) == _comparable(rows):
            return Published(table.name, version, len(rows), changed)
        changed = True
        client.insert(
            table.name,
            [(*row, version + 1) for row in rows],
            column_names=[*table.columns, table.version_column],
            database=database,
            settings={"async_insert": 0},
        )
        if not table.keeps_history:
            client.command(
                f"ALTER TABLE {{database:Identifier}}.{table.name}"
                f" DELETE WHERE {table.version_column} <= {{version:UInt64}}",
                parameters={"database": database, "version": version},
                settings={"mutations_sync": 1},
            )
    raise RetryError(f"other processes keep publishing different contents of {table.name}")


def _stored(client: Client, database: str, table: ReferenceTable) -> tuple[int, list[_Row]]:
    """Return the newest version (0 = none) and its rows by key, leftovers of older ones too."""
    source = f"{{database:Identifier}}.{table.name}"
    parameters = {"database": database}
    newest = client.query(
        f"SELECT max({table.version_column}) FROM {source}", parameters=parameters
    ).result_rows[0][0]
    valid = f"WHERE {table.version_column} = {{version:UInt64}}" if table.keeps_history else ""
    final = "" if table.is_final else "FINAL"
    rows = client.query(
        f"SELECT {', '.join(table.columns)} FROM {source} {final} {valid}"
        f" ORDER BY {table.columns[0]}",
        parameters=parameters | {"version": newest},
    ).result_rows
    return int(newest), [tuple(row) for row in rows]


def _comparable(rows: Iterable[_Row]) -> list[_Row]:
    # NaN (a unit without a place) is not equal to itself.
    return [
        tuple(None if isinstance(cell, float) and math.isnan(cell) else cell for cell in row)
        for row in rows
    ]


def _key(row: _Row) -> str:
    return str(row[0])
