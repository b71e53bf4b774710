"""The days of the period, and whether its figures balance."""

from __future__ import annotations

from dashboards.panel import Column, Kind, Panel, Place, Unit
from schemas.messages import Message

OVER_TIME = Panel(
    id="over_time",
    title=Message("Tiếp nhận và giải quyết", "Received and resolved"),
    definition=Message(
        "Số hồ sơ theo ngày tiếp nhận và theo ngày có kết quả, toàn tỉnh.",
        "Dossiers by their day of receipt and by the day of their result, the whole province.",
    ),
    sql="over_time",
    kind=Kind.SERIES,
    place=Place(0, 11, 9, 10),
    columns=(
        Column("start", Unit.DAY),
        Column("received", title=Message("Tiếp nhận", "Received")),
        Column("resolved", title=Message("Đã giải quyết", "Resolved")),
        Column("late"),
    ),
)
BALANCE = Panel(
    id="balance",
    title=Message("Cân đối trong kỳ", "Balance of the period"),
    definition=Message(
        "Kỳ trước chuyển sang + tiếp nhận = phải giải quyết = đã kết thúc (cả rút và dừng xử lý) + "
        "còn lại cuối kỳ.",
        "Carried over + received = to resolve = finished (withdrawn and stopped too) + open at the "
        "period's end.",
    ),
    sql="balance",
    kind=Kind.BALANCE,
    place=Place(7, 21, 5, 9),
    columns=(
        Column("carried_over", title=Message("Kỳ trước chuyển sang", "Carried over")),
        Column("received", title=Message("Tiếp nhận trong kỳ", "Received")),
        Column("to_resolve", title=Message("Phải giải quyết", "To resolve")),
        Column("finished", title=Message("Đã kết thúc", "Finished")),
        Column("open_at_end", title=Message("Còn lại cuối kỳ", "Open at the end")),
        Column("difference"),
    ),
)
BACKLOG = Panel(
    id="backlog",
    title=Message("Tồn cuối ngày", "In process at the end of the day"),
    definition=Message(
        "Số hồ sơ đã tiếp nhận, chưa kết thúc vào cuối ngày (cuối tuần, cuối tháng), toàn tỉnh.",
        "Dossiers received and not finished at the end of the day (week, month), the whole "
        "province.",
    ),
    sql="backlog",
    kind=Kind.SERIES,
    place=Place(10, 0, 14, 8),
    columns=(
        Column("start", Unit.DAY),
        Column("open", title=Message("Đang giải quyết", "In process")),
        Column("came_in"),
        Column("went_out"),
    ),
)
