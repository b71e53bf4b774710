"""Units ranked, levels compared, channels."""

from __future__ import annotations

from dashboards.panel import Column, Kind, Panel, Place, Unit
from schemas.messages import Message

UNITS_OVERDUE = Panel(
    id="units_overdue",
    title=Message("Đơn vị nhiều hồ sơ quá hạn", "Most overdue dossiers"),
    definition=Message(
        "Quá hạn trên đang giải quyết của cơ quan có thẩm quyền, lúc xem.",
        "Overdue of those in process, by authority, at the moment of looking.",
    ),
    sql="units_overdue",
    kind=Kind.RANKING,
    place=Place(10, 11, 7, 11),
    columns=(
        Column("unit", Unit.TEXT),
        Column("name", Unit.TEXT, Message("Đơn vị", "Unit")),
        Column("parent", Unit.TEXT),
        Column("overdue", title=Message("Quá hạn", "Overdue")),
        Column("open", title=Message("Đang giải quyết", "In process")),
        Column("share", Unit.SHARE, Message("Tỷ lệ", "Share")),
    ),
)
UNITS_IN_TIME = Panel(
    id="units_in_time",
    title=Message("Đơn vị có tỷ lệ đúng hạn thấp", "Lowest share in time"),
    definition=Message(
        "Trước và đúng hạn / đã giải quyết có hạn, từ {minimum} hồ sơ; cam: quá hạn.",
        "Early and on time of those resolved with a due date, from {minimum} on; orange: late.",
    ),
    sql="units_in_time",
    kind=Kind.RANKING,
    place=Place(17, 11, 7, 11),
    columns=(
        Column("unit", Unit.TEXT),
        Column("name", Unit.TEXT, Message("Đơn vị", "Unit")),
        Column("parent", Unit.TEXT),
        Column("in_time", title=Message("Đúng hạn", "In time")),
        Column("decided", title=Message("Đã giải quyết", "Resolved")),
        Column("share", Unit.SHARE, Message("Tỷ lệ", "Share")),
    ),
)
LEVELS = Panel(
    id="levels",
    title=Message("Theo cấp", "By level"),
    definition=Message(
        "Đúng hạn: trước và đúng hạn trên số đã giải quyết có hạn trả.",
        "In time: early and on time, of those resolved with a due date.",
    ),
    sql="levels",
    kind=Kind.TABLE,
    place=Place(7, 22, 7, 8),
    columns=(
        Column(
            "level",
            Unit.TEXT,
            Message("Cấp", "Level"),
            labels={
                "province": Message("Tỉnh", "Province"),
                "department": Message("Sở, ban, ngành", "Departments"),
                "district": Message("Cấp huyện", "Districts"),
                "commune": Message("Cấp xã", "Communes"),
                "unknown": Message("Chưa rõ đơn vị", "Unknown unit"),
            },
        ),
        Column("received", title=Message("Tiếp nhận", "Received")),
        Column("in_time"),
        Column("decided", title=Message("Giải quyết", "Resolved")),
        Column("share", Unit.SHARE, Message("Đúng hạn", "In time")),
    ),
)
CHANNELS = Panel(
    id="channels",
    title=Message("Kênh tiếp nhận", "Channels"),
    definition=Message(
        "Tỷ lệ của mỗi kênh trên số hồ sơ tiếp nhận trong kỳ.",
        "Share of each channel in the dossiers received in the period.",
    ),
    sql="channels",
    kind=Kind.BARS,
    place=Place(14, 22, 5, 8),
    columns=(
        Column(
            "channel",
            Unit.TEXT,
            Message("Kênh", "Channel"),
            labels={
                "1": Message("Trực tiếp", "Counter"),
                "2": Message("Trực tuyến", "Online"),
                "3": Message("Bưu chính công ích", "Postal"),
            },
        ),
        Column("received", title=Message("Tiếp nhận", "Received")),
        Column("share", Unit.SHARE, Message("Tỷ lệ", "Share")),
    ),
)

PANELS = (UNITS_OVERDUE, UNITS_IN_TIME, LEVELS, CHANNELS)
