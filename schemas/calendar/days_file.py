"""Reads lists of days off and make-up working days, in TOML or CSV.

TOML: one ``[[day]]`` table per day with ``date``, ``kind`` (``off`` or ``working``), ``reason``
and optionally ``reason_en``. CSV: the same names as a header line, dates as ``yyyy-mm-dd``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from schemas.errors import ReferenceDataError

_FIELDS = ("date", "kind", "reason", "reason_en")
_KINDS = {"off": False, "working": True}
_TABLE_HEADER = re.compile(r"\s*\[\[\s*day\s*\]\]\s*(#.*)?$")
_LINE_IN_TOML_ERROR = re.compile(r"at line (\d+)")


class ListedDay(NamedTuple):
    """One line of a list: the day, whether desks work on it, and why."""

    date: dt.date
    is_working: bool
    reason_vi: str
    reason_en: str
    line: int


def read_days_file(path: Path) -> dict[dt.date, ListedDay]:
    """Read and check a list of days; the suffix ``.csv`` or ``.toml`` says which format.

    Raises:
        ReferenceDataError: The file cannot be read or an entry is wrong; the error points to the
            entry's line, or to the field's line where it can be told.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ReferenceDataError(str(path), 1, f"cannot be read: {error}") from error
    match path.suffix.lower():
        case ".toml":
            entries = _toml_entries(path, text)
        case ".csv":
            entries = _csv_entries(path, text)
        case suffix:
            raise ReferenceDataError(
                str(path), 1, f'suffix "{suffix}" is unknown; allowed are .toml and .csv'
            )
    days: dict[dt.date, ListedDay] = {}
    for lines, entry in entries:
        day = _check_entry(path, lines, entry)
        if (earlier := days.get(day.date)) is not None:
            raise ReferenceDataError(
                str(path),
                lines.get("date", lines[""]),
                f"{day.date} is listed twice, first on line {earlier.line}",
            )
        days[day.date] = day
    return days


# An entry travels with the line of each field; "" stands for the entry's own first line.
_Entry = tuple[dict[str, int], Mapping[str, object]]


def _csv_entries(path: Path, text: str) -> Iterator[_Entry]:
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="(extra column)", strict=True)
    try:
        header = reader.fieldnames or ()
        if missing := [name for name in _FIELDS[:3] if name not in header]:
            raise ReferenceDataError(str(path), 1, f"column {missing[0]} is missing in the header")
        for row in reader:
            given = {name: value for name, value in row.items() if value not in (None, "")}
            yield {"": reader.line_num}, given
    except csv.Error as error:
        # A quote left open is noticed at the end of the file; the record that opened it is meant.
        line = reader.line_num + 1
        raise ReferenceDataError(str(path), line, f"is not CSV: {error}") from error


def _toml_entries(path: Path, text: str) -> Iterator[_Entry]:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _LINE_IN_TOML_ERROR.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise ReferenceDataError(str(path), line, f"is not TOML: {error}") from error
    for name in document:
        if name != "day":
            line = _line_of_key(text, name)
            raise ReferenceDataError(str(path), line, f'"{name}" is unknown; use [[day]] tables')
    tables = document.get("day", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ReferenceDataError(str(path), _line_of_key(text, "day"), "use one [[day]] per day")
    positions = _table_lines(text)
    # tomllib keeps no positions. Where the headers that were seen do not match the tables that were
    # parsed (an inline array, a header inside a long string), no line but the first is claimed.
    known = len(positions) == len(tables)
    for index, table in enumerate(tables):
        yield (positions[index] if known else {"": 1}), table


def _line_of_key(text: str, name: str) -> int:
    pattern = re.compile(rf"\s*\[*\s*\"?{re.escape(name)}\b")
    lines = text.splitlines()
    return next((number for number, line in enumerate(lines, 1) if pattern.match(line)), 1)


def _table_lines(text: str) -> list[dict[str, int]]:
    tables: list[dict[str, int]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if _TABLE_HEADER.match(line):
            tables.append({"": number})
        elif tables and (key := re.match(r"\s*([\w-]+)\s*=", line)):
            tables[-1].setdefault(key[1], number)
    return tables


def _check_entry(path: Path, lines: Mapping[str, int], entry: Mapping[str, object]) -> ListedDay:
    def wrong(field: str, message: str) -> ReferenceDataError:
        return ReferenceDataError(str(path), lines.get(field, lines[""]), message)

    for name in entry:
        if name not in _FIELDS:
            raise wrong(name, f'field "{name}" is unknown; allowed are {", ".join(_FIELDS)}')
    for name in _FIELDS[:3]:
        if name not in entry:
            raise wrong(name, f"field {name} is missing")
    date = _as_date(entry["date"])
    if date is None:
        raise wrong("date", f'date is "{entry["date"]}"; a date like 2026-08-31 is needed')
    kind = entry["kind"]
    if not isinstance(kind, str) or kind not in _KINDS:
        raise wrong("kind", f'kind is "{kind}"; allowed are off and working')
    reason = entry["reason"]
    reason_en = entry.get("reason_en", reason)
    if not isinstance(reason, str) or not reason.strip():
        raise wrong("reason", "reason must be a text that is not empty")
    if not isinstance(reason_en, str) or not reason_en.strip():
        raise wrong("reason_en", "reason_en must be a text that is not empty")
    return ListedDay(date, _KINDS[kind], reason.strip(), reason_en.strip(), lines[""])


def _as_date(value: object) -> dt.date | None:
    if isinstance(value, str):
        try:
            return dt.datetime.strptime(value.strip(), "%Y-%m-%d").date()  # noqa: DTZ007 a date only
        except ValueError:
            return None
    # A datetime is a date too, but one with a time of day was not meant as a day.
    return value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else None
