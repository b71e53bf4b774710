"""What operators told each other: marks of units and dossiers."""

from __future__ import annotations

from dashboards.panel import Column, Kind, Link, Panel, Place, Unit
from schemas.messages import Message

SHIFT_LOG = Panel(
    id="shift_log",
    title=Message("Nhật ký ca trực", "Shift log"),
    definition=Message(
        "Mọi lần đánh dấu “đã gọi, đang chờ” trong kỳ, mới nhất trước, kể cả đã hết hiệu lực.",
        "Every mark “called, waiting” that was set in the period, newest first, ended ones too.",
    ),
    sql="shift_log",
    kind=Kind.DOSSIERS,
    place=Place(0, 0, 24, 30),
    columns=(
        Column(
            "kind",
            Unit.TEXT,
            labels={
                "unit": Message("Đơn vị", "Unit"),
                "dossier": Message("Hồ sơ", "Dossier"),
            },
        ),
        Column("subject", Unit.TEXT),
        Column("unit", Unit.TEXT),
        Column("dossier", Unit.TEXT),
        Column("name", Unit.TEXT, Message("Đơn vị hoặc hồ sơ", "Unit or dossier")),
        Column("at", Unit.INSTANT, Message("Lúc", "At")),
        Column("note", Unit.TEXT, Message("Ghi chú", "Note")),
        Column("author", Unit.TEXT, Message("Người đánh dấu", "By")),
        Column("until", Unit.INSTANT, Message("Đến", "Until")),
        Column(
            "state",
            Unit.TEXT,
            Message("Trạng thái", "State"),
            labels={
                "stands": Message("Còn hiệu lực", "Stands"),
                "expired": Message("Đã hết hạn", "Expired"),
                "ended": Message("Đã bỏ", "Taken away"),
            },
        ),
    ),
    link=Link("unit", {"unit": "unit", "dossier": "dossier"}),
    signed_in=True,
)

PANELS = (SHIFT_LOG,)
