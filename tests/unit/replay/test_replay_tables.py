"""CSV and Excel: a row is an event, other columns do not travel."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from replay_kit import event, events_of, faults, read

from schemas.errors import ConfigurationError

HEADER = ["dossier_id", "event_id", "source", "status", "occurred_at", "ChuHoSo", "sequence",
          "channel", "leg.number", "leg.unit", "apology.issued_at", "backfill"]  # fmt: skip
ROW: list[Any] = ["000.25.28.H28-240903-0001", "e1", "motcua-thu", "2", "2024-09-03T08:15:00+07:00",
       "Nguyễn Văn A", "7", "2", "1", "148", "", "true"]  # fmt: skip
#: Excel knows no time zones.
EXCEL_TIME = datetime(2024, 9, 3, 8, 15)  # noqa: DTZ001
EXPECTED = event(1, sequence=7, channel=2, leg={"number": 1, "unit": "148"}, backfill="true")


def table(*rows: list[Any], separator: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_with_any_separator(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "events.csv"
    path.write_bytes(table(HEADER, ROW, separator=separator))
    items = read(path)
    assert events_of(items) == [EXPECTED]
    assert "Nguyễn".encode() not in items[0].records[0].value


def test_packed_csv_with_bad_rows_and_a_break_in_a_cell(tmp_path: Path) -> None:
    bad_status = [*ROW[:3], "12", *ROW[4:]]
    no_id = ["", *ROW[1:]]
    broken = [*ROW[:5], "Nguyễn\nVăn A", *ROW[6:]]
    path = tmp_path / "events.csv.gz"
    path.write_bytes(gzip.compress(table(HEADER, bad_status, no_id, [""] * 12, broken, ROW)))
    items = read(path)
    assert faults(items) == [(2, "bad_status", "status"), (3, "missing_field", "dossier_id")]
    assert [item.line for item in items] == [2, 3, 6, 7]
    assert events_of(read(path, after_line=6)) == [EXPECTED]


def test_excel_with_native_times_and_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    sheet.append([*ROW[:3], 2, EXCEL_TIME, *ROW[5:6], 7.0, 2, 1, "148", None, True])
    sheet.append([None] * 12)
    sheet.append([*ROW[:3], 2, "hôm qua", *ROW[5:]])
    path = tmp_path / "events.xlsx"
    book.save(path)
    items = read(path)
    assert events_of(items) == [EXPECTED | {"backfill": True}]
    assert faults(items) == [(4, "bad_time", "occurred_at")]
    packed = tmp_path / "events.xlsx.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert events_of(read(packed)) == events_of(items)
    assert faults(read(packed)) == faults(items)


def test_local_times_without_offset_get_it(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_bytes(table(HEADER, [*ROW[:4], "2024-09-03 08:15:00", *ROW[5:]]))
    assert events_of(read(path))[0]["occurred_at"] == "2024-09-03 08:15:00+07:00"


def test_tables_that_are_none_say_so(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_bytes(table(["dossier_id", "status"], ["a", "2"]))
    with pytest.raises(ConfigurationError, match="event_id, source, occurred_at"):
        read(path)
    path.write_bytes(table(HEADER, ROW).decode().encode("utf-16"))
    with pytest.raises(ConfigurationError, match="UTF-8"):
        read(path)
    book = tmp_path / "events.xlsx"
    book.write_bytes(b"no zip")
    with pytest.raises(ConfigurationError, match="Excel"):
        read(book)
