"""Writes a sheet as CSV or as an Excel workbook.

Names of units and notes come from outside, and a spreadsheet runs a cell that begins like a
formula. CSV knows no types, so such a text gets an apostrophe in front; in a workbook its cell is
declared to be text.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import TYPE_CHECKING

from dashboards.panel import Unit
from ioc.wall.sheet import Cell, Sheet

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as OpenpyxlCell

_FORMULA = re.compile(r"\s*[=+\-@\t\r|%]")
#: XML cannot hold these.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORMATS = {
    Unit.SHARE: "0.00%",
    Unit.INSTANT: "dd/mm/yyyy hh:mm:ss",
    Unit.DAY: "dd/mm/yyyy",
    Unit.PER_SECOND: "#,##0.0",
    Unit.DEGREES: "0.0000",
}
_WIDTH = 22
_MAX_WIDTH = 60


def to_csv(sheet: Sheet, language: str) -> bytes:
    """Return CSV as Excel opens it here: a mark of UTF-8; semicolons and decimal commas."""
    buffer = io.StringIO()
    is_english = language == "en"
    writer = csv.writer(buffer, delimiter="," if is_english else ";", lineterminator="\r\n")

    def line(*cells: Cell) -> None:
        writer.writerow([_plain(each, decimal="." if is_english else ",") for each in cells])

    line(sheet.title)
    for name, text in sheet.facts:
        line(name, text)
    line()
    line(*sheet.headings)
    for row in sheet.rows:
        line(*row)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def to_xlsx(sheet: Sheet) -> bytes:
    """Return a workbook with one sheet; blocks for some 0.1 ms a cell."""
    from openpyxl import Workbook  # noqa: PLC0415 - 0.2 s that a wall without exports saves
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook(write_only=True)
    page = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", sheet.title)[:31])
    for number in range(1, len(sheet.headings) + 1):
        texts = [row[number - 1] for row in sheet.rows if isinstance(row[number - 1], str)]
        longest = max((len(str(text)) for text in texts), default=0)
        width = min(max(_WIDTH, longest + 2), _MAX_WIDTH)
        page.column_dimensions[get_column_letter(number)].width = width
    bold, wrap = Font(bold=True), Alignment(wrap_text=True, vertical="top")

    def make(value: Cell, number_format: str = "", is_bold: bool = False) -> OpenpyxlCell:
        if isinstance(value, str):
            made: OpenpyxlCell = WriteOnlyCell(page, value=_CONTROL.sub("", value))
            made.data_type = "s"  # never a formula
        else:
            made = WriteOnlyCell(page)
            made.value = value
            if number_format:
                made.number_format = number_format
        if is_bold:
            made.font = bold
        return made

    page.append([make(sheet.title, is_bold=True)])
    for name, text in sheet.facts:
        said = make(text)
        said.alignment = wrap if len(text) < _MAX_WIDTH else Alignment(vertical="top")
        page.append([make(name, is_bold=True), said])
    page.append([])
    page.append([make(heading, is_bold=True) for heading in sheet.headings])
    formats = [_FORMATS.get(unit, "") for unit in sheet.units]
    for row in sheet.rows:
        page.append([make(value, form) for value, form in zip(row, formats, strict=True)])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _plain(value: Cell, decimal: str) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", decimal)
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y %H:%M:%S}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int):
        return str(value)
    text = _CONTROL.sub("", value)
    return f"'{text}" if _FORMULA.match(text) else text
