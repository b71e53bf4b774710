"""Files of panels: written for people here, and harmless to open."""

from __future__ import annotations

import csv
import datetime as dt
import io

import openpyxl
import pytest

from dashboards.panel import Column, Kind, Panel, Place, Unit
from ioc.wall.sheet import make_sheet
from ioc.wall.spreadsheet import to_csv, to_xlsx
from schemas.messages import Message

PANEL = Panel(
    id="p",
    title=Message("Bảng: thử/1", "Test"),
    definition=Message("Thử.", "Test."),
    sql="p",
    kind=Kind.TABLE,
    place=Place(0, 0, 1, 1),
    columns=(
        Column("code", Unit.TEXT),
        Column("name", Unit.TEXT, Message("Tên", "Name")),
        Column("n", title=Message("Số", "Count")),
        Column("share", Unit.SHARE, Message("Tỷ lệ", "Share")),
        Column("at", Unit.INSTANT),
        Column("day", Unit.DAY, Message("Ngày", "Day")),
        Column("kind", Unit.TEXT, Message("Loại", "Kind"), labels={"1": Message("Một", "One")}),
    ),
)
#: 30 September 2024, 17:00:05 in Vietnam.
AT = int(dt.datetime(2024, 9, 30, 10, 0, 5, tzinfo=dt.UTC).timestamp() * 1000)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "|calc", "%0A"]


def _row(name: str = "Phường A", **more: object) -> dict[str, object]:
    return {"code": "c", "name": name, "n": 88_646, "share": 0.9945, "at": AT,
            "day": dt.date(2024, 9, 3), "kind": 1, **more}  # fmt: skip


def _lines(rows: list[dict[str, object]], language: str = "vi") -> list[list[str]]:
    text = to_csv(make_sheet(PANEL, rows, [("Kỳ", "9/2024")], language), language)
    assert text.startswith(b"\xef\xbb\xbf")
    delimiter = "," if language == "en" else ";"
    return list(csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=delimiter))


def test_csv_in_both_languages():
    lines = _lines([_row(), _row(share=None, at=0)])
    assert lines[1] == ["Kỳ", "9/2024"]
    assert lines[3] == ["Tên", "Số", "Tỷ lệ", "Thời điểm", "Ngày", "Loại"]
    assert lines[4] == ["Phường A", "88646", "0,9945", "30/09/2024 17:00:05", "03/09/2024", "Một"]
    assert lines[5][2:4] == ["", ""]
    assert _lines([_row()], "en")[4][2] == "0.9945"
    assert _lines([_row()], "en")[3][0] == "Name"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_csv_runs(text: str):
    # Line breaks of another system are none within quotes.
    assert _lines([_row(text)])[4][0].startswith("'")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_workbook_runs(text: str):
    sheet = make_sheet(PANEL, [_row(text)], [(text, text)], "vi")
    page = openpyxl.load_workbook(io.BytesIO(to_xlsx(sheet))).active
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)


def test_a_workbook_has_types():
    sheet = make_sheet(PANEL, [_row("tên\x07")], [], "vi")
    page = openpyxl.load_workbook(io.BytesIO(to_xlsx(sheet))).active
    assert page.title == "Bảng  thử 1"
    cells = list(page.iter_rows())[-1]
    assert cells[0].value == "tên"
    assert (cells[1].value, cells[1].data_type) == (88_646, "n")
    assert (cells[2].value, cells[2].number_format) == (0.9945, "0.00%")
    assert cells[3].value == dt.datetime(2024, 9, 30, 17, 0, 5)  # noqa: DTZ001 - files know no zone
