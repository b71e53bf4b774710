"""Reads events from CSV and Excel: one row an event, one column a field of the contract.

Columns are named as in the contract, parts of a leg or an apology with a dot
(``leg.number``, ``apology.new_due_at``). Other columns are dropped, so that names and numbers of
people in a desk's table do not travel. Times without an offset, as Excel has them, are local time.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import IO, Any
from zipfile import BadZipFile

import openpyxl
import orjson
from openpyxl.utils.exceptions import InvalidFileException
from pydantic import BaseModel

from ioc.replay.item import Item, item_of_event
from schemas.errors import ConfigurationError
from schemas.events import Apology, DossierEvent, Leg

_LOCAL = timezone(timedelta(hours=7))
_PARTS: dict[str, type[BaseModel]] = {"leg": Leg, "apology": Apology}
_COLUMNS = (set(DossierEvent.model_fields) - {*_PARTS, "extras"}) | {
    f"{part}.{name}" for part, model in _PARTS.items() for name in model.model_fields
}
_REQUIRED = ("event_id", "source", "dossier_id", "status", "occurred_at")
_NUMBERS = frozenset({"schema_version", "status", "sequence", "channel", "leg.number"})
_TIME_COLUMNS = frozenset(name for name in _COLUMNS if name.endswith("_at"))
_NAIVE_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?")

#: A cell of the table as its library gives it.
Cell = object


def read_csv(file: IO[bytes], after_line: int) -> Iterator[Item]:
    """Yield the rows of a CSV file in UTF-8; comma, semicolon or tab, as the header shows.

    Raises:
        ConfigurationError: the header lacks a required column, or the text is not UTF-8.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        header = text.readline()
        separator = max(",;\t", key=header.count)
        names = next(csv.reader([header], delimiter=separator), [])
        columns = _columns(names)
        reader = csv.reader(text, delimiter=separator)
        for row in reader:
            # A quoted cell may contain line breaks: the number is that of the row's last line.
            line = reader.line_num + 1
            if line > after_line and any(row):
                yield _item(line, columns, row)
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"the table is not UTF-8 text: {error}") from error
    except csv.Error as error:
        raise ConfigurationError(f"the table is not CSV: {error}") from error


def read_excel(file: IO[bytes], after_line: int) -> Iterator[Item]:
    """Yield the rows of the first sheet of an ``.xlsx`` file; its first row is the header.

    Raises:
        ConfigurationError: it is no such file, or the header lacks a required column.
    """
    try:
        # The format is a zip archive, which is read from its end.
        book = openpyxl.load_workbook(io.BytesIO(file.read()), read_only=True, data_only=True)
    except (OSError, KeyError, ValueError, BadZipFile, InvalidFileException) as error:
        raise ConfigurationError(f"not an Excel file (.xlsx): {error}") from error
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        columns = _columns([str(cell or "") for cell in next(rows, ())])
        for line, row in enumerate(rows, start=2):
            if line > after_line and any(cell is not None for cell in row):
                yield _item(line, columns, row)
    finally:
        book.close()


def _columns(names: Sequence[str]) -> list[str]:
    """Return the field of every column, "" for one that is dropped."""
    columns = [name.strip() if name.strip() in _COLUMNS else "" for name in names]
    missing = [name for name in _REQUIRED if name not in columns]
    if missing:
        raise ConfigurationError(
            f"the table's header lacks the columns: {', '.join(missing)} "
            "(one row an event, columns named as in the event contract)"
        )
    return columns


def _item(line: int, columns: Sequence[str], row: Sequence[Cell]) -> Item:
    event: dict[str, Any] = {}
    for column, cell in zip(columns, row, strict=False):
        value = _value(column, cell)
        if not column or value is None:
            continue
        part, dot, name = column.partition(".")
        if dot:
            event.setdefault(part, {})[name] = value
        else:
            event[column] = value
    original = orjson.dumps([_shown(cell) for cell in row])
    return item_of_event(line, orjson.dumps(event), original)


def _value(column: str, cell: Cell) -> object:
    """Return a cell's value for JSON, None for an empty one; the contract judges it later."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=_LOCAL).isoformat()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if cell is None or isinstance(cell, bool):
        return cell
    text = str(cell).strip()
    if not text:
        return None
    if column in _NUMBERS and text.isascii() and text.isdigit():
        return int(text)
    if column in _TIME_COLUMNS and _NAIVE_TIME.fullmatch(text):
        return text + "+07:00"
    return text


def _shown(cell: Cell) -> object:
    return cell if cell is None or isinstance(cell, int | float) else str(cell)
