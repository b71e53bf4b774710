"""Shows a verification's result to a person, in Vietnamese or English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ioc.verify.result import VerifyReport

Language = Literal["vi", "en"]

#: Differences shown in the table; the report itself keeps more.
SHOWN_DIFFERENCES = 50

_TEXTS: dict[Language, dict[str, str]] = {
    "vi": {
        "checked": "Đã tính lại từ nhật ký sự kiện",
        "table": "Bảng",
        "rows": "Số dòng",
        "differences": "Sai khác",
        "shard": "Mảnh",
        "key": "Khóa",
        "column": "Cột",
        "stored": "Đang lưu",
        "recomputed": "Tính lại",
        "ok": "Mọi số liệu đều khớp với nhật ký sự kiện.",
        "wrong": "{n} giá trị không khớp với nhật ký sự kiện.",
        "shown": "Hiển thị {shown} trong {n} sai khác.",
        "note": "Lưu ý",
    },
    "en": {
        "checked": "Recomputed from the audit log",
        "table": "Table",
        "rows": "Rows",
        "differences": "Differences",
        "shard": "Shard",
        "key": "Key",
        "column": "Column",
        "stored": "Stored",
        "recomputed": "Recomputed",
        "ok": "Every figure follows from the audit log.",
        "wrong": "{n} values do not follow from the audit log.",
        "shown": "Showing {shown} of {n} differences.",
        "note": "Note",
    },
}


def render(report: VerifyReport, language: Language = "vi") -> RenderableType:
    """Return the report as something that a `rich` console prints."""
    return Group(*_parts(report, _TEXTS[language]))


def _parts(report: VerifyReport, texts: dict[str, str]) -> Iterator[RenderableType]:
    checked = Table(title=texts["checked"], title_justify="left")
    checked.add_column(texts["table"])
    checked.add_column(texts["rows"], justify="right")
    for table, rows in sorted(report.checked.items()):
        checked.add_row(table, f"{rows:,}")
    yield checked
    if report.differences:
        yield _difference_table(report, texts)
    shown = min(len(report.differences), SHOWN_DIFFERENCES)
    if shown < report.difference_count:
        yield Text(texts["shown"].format(shown=shown, n=report.difference_count))
    for note in report.notes:
        yield Text(f"{texts['note']}: {note}", style="yellow")
    if report.ok:
        yield Text(texts["ok"], style="bold green")
    else:
        yield Text(texts["wrong"].format(n=report.difference_count), style="bold red")


def _difference_table(report: VerifyReport, texts: dict[str, str]) -> Table:
    table = Table(title=texts["differences"], title_justify="left")
    table.add_column(texts["table"])
    table.add_column(texts["shard"], justify="right")
    table.add_column(texts["key"], overflow="fold")
    table.add_column(texts["column"])
    table.add_column(texts["stored"], overflow="fold", style="red")
    table.add_column(texts["recomputed"], overflow="fold", style="green")
    for difference in report.differences[:SHOWN_DIFFERENCES]:
        # Keys and values are data: never read as markup.
        table.add_row(
            *(
                Text(value)
                for value in (
                    difference.table,
                    "" if difference.shard is None else str(difference.shard),
                    difference.key,
                    difference.column,
                    difference.stored,
                    difference.recomputed,
                )
            )
        )
    return table
