"""Reading a reference file: CSV rows that know their line, so that every fault can name it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import TypeVar

from schemas.errors import ReferenceDataError

DATA_DIRECTORY = Path(__file__).parent / "data"

_E = TypeVar("_E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a reference file; cells are stripped of surrounding blanks."""

    path: str
    line: int
    cells: dict[str, str]

    def error(self, message: str) -> ReferenceDataError:
        """Makes (does not raise) the error that points to this row's line."""
        return ReferenceDataError(self.path, self.line, message)

    def optional(self, column: str) -> str | None:
        """The cell's text, or None when it is empty."""
        return self.cells[column] or None

    def required(self, column: str) -> str:
        """The cell's text.

        Raises:
            ReferenceDataError: the cell is empty.
        """
        text = self.cells[column]
        if not text:
            raise self.error(f"column {column} is empty; fill it in")
        return text

    def choice(self, column: str, values: type[_E]) -> _E:
        """The cell as one of an enumeration's values.

        Raises:
            ReferenceDataError: another text stands there; the message lists the allowed ones.
        """
        text = self.required(column)
        try:
            return values(text)
        except ValueError:
            allowed = ", ".join(value.value for value in values)
            raise self.error(f'column {column}: "{text}" is not one of {allowed}') from None

    def day(self, column: str) -> date | None:
        """The cell as a day, None when empty.

        Raises:
            ReferenceDataError: the text is no day of the form YYYY-MM-DD.
        """
        text = self.cells[column]
        if not text:
            return None
        try:
            parsed = date.fromisoformat(text)
        except ValueError:
            parsed = None
        if parsed is None or parsed.isoformat() != text:
            raise self.error(
                f'column {column}: "{text}" is not a day; write it as YYYY-MM-DD, e.g. 2025-07-01'
            )
        return parsed

    def number(self, column: str, low: float, high: float) -> float | None:
        """The cell as a decimal number between two bounds, None when empty.

        Raises:
            ReferenceDataError: no number (decimal point, not comma), or out of bounds.
        """
        text = self.cells[column]
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            raise self.error(
                f'column {column}: "{text}" is not a number; use a decimal point'
            ) from None
        if not low <= value <= high:  # also refuses NaN
            raise self.error(f"column {column}: {text} is not between {low:g} and {high:g}")
        return value


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Yields the rows of a UTF-8 CSV file (with or without byte-order mark).

    Lines that start with ``#`` and blank lines are skipped; the first other line must name
    the columns, in any order. Blocks while it reads the file.

    Args:
        path: the file.
        columns: names that must all be there; others are an error too, because a misspelt
            optional column would otherwise go unseen.

    Raises:
        ReferenceDataError: the file cannot be read, is not UTF-8, its header is not as
            expected, or a row has too few or too many cells.
    """
    name = str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ReferenceDataError(name, 0, f"cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        good = error.object[: error.start]
        raise ReferenceDataError(
            name, good.count(b"\n") + 1, "is not UTF-8; save the file as CSV UTF-8"
        ) from error

    # Comments become blank lines, so that the reader's line numbers stay those of the file.
    lines = ["\n" if line.startswith("#") else line for line in StringIO(text, newline="")]
    reader = csv.reader(lines, strict=True)
    header: list[str] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            stripped = [cell.strip() for cell in cells]
            if header is None:
                header = stripped
                _check_header(name, reader.line_num, header, columns)
                continue
            if len(stripped) != len(header):
                raise ReferenceDataError(
                    name,
                    reader.line_num,
                    f"has {len(stripped)} cells, the header has {len(header)}; "
                    "quote texts that contain a comma",
                )
            yield Row(name, reader.line_num, dict(zip(header, stripped, strict=True)))
    except csv.Error as error:
        raise ReferenceDataError(name, reader.line_num, f"is not CSV: {error}") from error
    if header is None:
        raise ReferenceDataError(name, 1, f"has no header; it must name {', '.join(columns)}")


def _check_header(name: str, line: int, header: list[str], columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in header]
    unknown = [column for column in header if column not in columns]
    twice = sorted({column for column in header if header.count(column) > 1})
    if missing:
        raise ReferenceDataError(name, line, f"header lacks the column(s) {', '.join(missing)}")
    if unknown:
        raise ReferenceDataError(
            name, line, f"header has the unknown column(s) {', '.join(unknown)}; remove them"
        )
    if twice:
        raise ReferenceDataError(name, line, f"header names {', '.join(twice)} twice")
