"""The board of one unit and everything below it."""

from __future__ import annotations

from dataclasses import replace

from dashboards.catalogue import columns, dossiers, main_figures
from dashboards.catalogue.units import TO_UNIT
from dashboards.panel import Column, Figure, Kind, Panel, Place, Unit
from schemas.messages import Message

_RECEIVED = Figure(
    "received",
    main_figures.RECEIVED.title,
    Message(
        "Số hồ sơ có ngày tiếp nhận trong kỳ, không gồm hồ sơ kỳ trước chuyển sang.",
        "Dossiers whose day of receipt lies in the period, without those carried over.",
    ),
    note=Message(
        "{received_change} so với kỳ trước ({received_before})",
        "{received_change} on the period before ({received_before})",
    ),
    link=main_figures.RECEIVED.link,
)
FLOW = Panel(
    id="unit_flow",
    title=Message("Trong kỳ", "In the period"),
    definition=Message(
        "Hồ sơ tiếp nhận và giải quyết trong kỳ của đơn vị và cấp dưới, theo lựa chọn.",
        "Dossiers received and resolved in the period by the unit and everything below it, as "
        "chosen.",
    ),
    sql="unit_flow",
    kind=Kind.FIGURES,
    place=Place(0, 0, 15, 6),
    columns=columns.UNIT_FLOW,
    figures=(_RECEIVED, main_figures.RESOLVED, main_figures.IN_TIME_SHARE),
    large=True,
)
OPEN_NOW = Panel(
    id="unit_open",
    title=Message("Tại thời điểm xem", "At this moment"),
    definition=Message(
        "Hồ sơ chưa kết thúc của đơn vị và cấp dưới, so với thời điểm xem.",
        "Unfinished dossiers of the unit and everything below it, compared with the moment of "
        "looking.",
    ),
    sql="unit_open",
    kind=Kind.FIGURES,
    place=Place(15, 0, 9, 6),
    columns=columns.OPEN_NOW,
    figures=(main_figures.OPEN, main_figures.OVERDUE),
    large=True,
)
OPEN_DETAIL = Panel(
    id="unit_open_detail",
    title=Message("Hồ sơ cần chú ý", "To be watched"),
    definition=OPEN_NOW.definition,
    sql="unit_open",
    kind=Kind.FIGURES,
    place=Place(0, 6, 15, 5),
    columns=columns.OPEN_NOW,
    figures=(
        main_figures.OVERDUE_NEW,
        main_figures.DUE_SOON,
        main_figures.PAUSED,
        main_figures.AWAITING,
    ),
)
FLOW_DETAIL = Panel(
    id="unit_flow_detail",
    title=Message("Đầu vào và đầu ra", "At both ends"),
    definition=Message(
        "Tiếp nhận muộn và kết quả chưa trả, trong kỳ, của đơn vị và cấp dưới.",
        "Late receipts and results not handed over, in the period, of the unit and everything "
        "below it.",
    ),
    sql="unit_flow",
    kind=Kind.FIGURES,
    place=Place(15, 6, 9, 5),
    columns=columns.UNIT_FLOW,
    figures=(main_figures.RECEIPT_LATE, main_figures.UNCOLLECTED),
)
OVER_TIME = Panel(
    id="unit_over_time",
    title=Message("Theo thời gian", "Over time"),
    definition=Message(
        "Số hồ sơ theo ngày tiếp nhận, theo ngày có kết quả, và đang giải quyết cuối ngày.",
        "Dossiers by their day of receipt, by the day of their result, and in process at the end "
        "of the day.",
    ),
    sql="unit_over_time",
    kind=Kind.SERIES,
    place=Place(0, 11, 8, 10),
    columns=(
        Column("start", Unit.DAY),
        Column("received", title=Message("Tiếp nhận", "Received")),
        Column("resolved", title=Message("Đã giải quyết", "Resolved")),
        Column("open", title=Message("Đang giải quyết", "In process")),
    ),
)
CHILDREN = Panel(
    id="unit_children",
    title=Message("Đơn vị trực thuộc", "Units below"),
    definition=Message(
        "Mỗi đơn vị cùng cấp dưới của nó; đúng hạn trên số đã giải quyết có hạn trả, xếp theo cận "
        "trên khoảng tin cậy 95 %, nơi dưới {minimum} hồ sơ xếp sau.",
        "Each unit with everything below it; in time of those resolved with a due date, ordered by "
        "the upper end of the 95 % interval, those with fewer than {minimum} last.",
    ),
    sql="unit_children",
    kind=Kind.TABLE,
    place=Place(8, 11, 9, 10),
    columns=(
        columns.UNIT_CODE,
        columns.UNIT_NAME,
        Column("level", Unit.TEXT),
        replace(columns.RECEIVED, spare=2),
        Column("in_time"),
        Column("decided"),
        Column("share", Unit.SHARE, Message("Đúng hạn", "In time")),
        Column("low", Unit.SHARE, Message("95 % từ", "95 % from"), spare=1),
        Column("high", Unit.SHARE, Message("95 % đến", "95 % to")),
        replace(columns.OPEN, spare=3),
        columns.OVERDUE,
        Column("overdue_new", title=Message("Trong ca", "New")),
    ),
    link=TO_UNIT,
)
SHARES = Panel(
    id="unit_shares",
    title=Message("Tỷ lệ đúng hạn theo từng quy tắc", "In time, by each rule"),
    definition=Message(
        "Cùng một kỳ theo ba quy tắc, mỗi quy tắc có mẫu số riêng; quy tắc QĐ 766 chỉ tính theo "
        "đơn vị, không tách theo lĩnh vực và kênh.",
        "One period by three rules, each with its own denominator; that of Decision 766 is "
        "counted by unit only, not by field and channel.",
    ),
    sql="unit_shares",
    kind=Kind.TABLE,
    place=Place(17, 11, 7, 10),
    columns=columns.RULES,
)

PANELS = (
    FLOW,
    OPEN_NOW,
    OPEN_DETAIL,
    FLOW_DETAIL,
    OVER_TIME,
    CHILDREN,
    SHARES,
    dossiers.UNIT_DOSSIERS,
    dossiers.TIMELINE,
)
