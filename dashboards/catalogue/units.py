"""Units ranked and on the map, levels compared, rules side by side, channels, fields."""

from __future__ import annotations

from dashboards.catalogue import columns
from dashboards.panel import Column, Kind, Level, Link, Panel, Place, Threshold, Unit
from schemas.messages import Message

TO_UNIT = Link("unit", {"unit": "unit"})
NONE_OVERDUE = Message("Không có hồ sơ quá hạn", "No overdue dossiers")

UNITS_OVERDUE = Panel(
    id="units_overdue",
    title=Message("Đơn vị nhiều hồ sơ quá hạn", "Most overdue dossiers"),
    definition=Message(
        "Quá hạn trên đang giải quyết của cơ quan có thẩm quyền, lúc xem; nơi có hồ sơ mới quá hạn "
        "trong ca xếp trước.",
        "Overdue of those in process, by authority, at the moment of looking; where any fell "
        "overdue in this shift comes first.",
    ),
    sql="units_overdue",
    kind=Kind.RANKING,
    place=Place(9, 11, 8, 10),
    columns=(
        columns.UNIT_CODE,
        columns.UNIT_NAME,
        columns.UNIT_PARENT,
        columns.OVERDUE,
        columns.OPEN,
        columns.SHARE,
        columns.OVERDUE_NEW,
    ),
    link=TO_UNIT,
    none=NONE_OVERDUE,
)
UNITS_IN_TIME = Panel(
    id="units_in_time",
    title=Message("Đơn vị có tỷ lệ đúng hạn thấp", "Lowest share in time"),
    definition=Message(
        "Trước và đúng hạn / đã giải quyết có hạn, từ {minimum} hồ sơ; chỉ nơi có cận trên khoảng "
        "tin cậy 95 % thấp hơn tỷ lệ toàn tỉnh.",
        "Early and on time of those resolved with a due date, from {minimum} on; only where the "
        "upper end of the 95 % interval lies below the province's share.",
    ),
    sql="units_in_time",
    kind=Kind.RANKING,
    place=Place(17, 11, 7, 10),
    columns=(
        columns.UNIT_CODE,
        columns.UNIT_NAME,
        columns.UNIT_PARENT,
        Column("in_time", title=Message("Đúng hạn", "In time")),
        Column("decided", title=Message("Đã giải quyết", "Resolved")),
        columns.SHARE,
        Column("low", Unit.SHARE),
        Column("high", Unit.SHARE),
    ),
    link=TO_UNIT,
    none=Message("Không có đơn vị nào thấp hơn toàn tỉnh", "None lies below the province"),
)
SHARES = Panel(
    id="shares",
    title=Message("Tỷ lệ đúng hạn theo từng quy tắc", "In time, by each rule"),
    definition=Message(
        "Cùng một kỳ theo ba quy tắc, mỗi quy tắc có mẫu số riêng: đã giải quyết có hạn trả, đến "
        "hạn trong kỳ, tiếp nhận trong kỳ (điểm = 20 × tỷ lệ).",
        "One period by three rules, each with its own denominator: resolved with a due date, "
        "fallen due in the period, received in the period (points = 20 × share).",
    ),
    sql="shares",
    kind=Kind.TABLE,
    place=Place(0, 21, 7, 9),
    columns=columns.RULES,
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
    place=Place(10, 8, 8, 7),
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
        columns.RECEIVED,
        Column("in_time"),
        Column("decided", title=Message("Giải quyết", "Resolved")),
        Column("share", Unit.SHARE, Message("Đúng hạn", "In time")),
    ),
    link=Link("unit", {"level": "level"}),
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
    place=Place(18, 8, 6, 7),
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
        columns.RECEIVED,
        columns.SHARE,
    ),
    link=Link("unit", {"channel": "channel"}),
)
FIELDS_LATE = Panel(
    id="fields_late",
    title=Message("Lĩnh vực chậm nhiều", "Fields with most delay"),
    definition=Message(
        "Quá hạn lúc xem trên số đang giải quyết, và giải quyết quá hạn trong kỳ trên số đã giải "
        "quyết có hạn trả.",
        "Overdue at the moment of looking of those in process, and resolved late in the period of "
        "those resolved with a due date.",
    ),
    sql="fields_late",
    kind=Kind.TABLE,
    place=Place(0, 15, 8, 15),
    columns=(
        Column("field", Unit.TEXT),
        Column("name", Unit.TEXT, Message("Lĩnh vực", "Field")),
        columns.OVERDUE,
        columns.OPEN,
        Column("late", title=Message("Trễ trong kỳ", "Late")),
        Column("decided"),
        Column("share", Unit.SHARE, Message("Tỷ lệ trễ", "Share late")),
    ),
    link=Link("unit", {"field": "field"}),
)
MAP = Panel(
    id="map",
    title=Message("Bản đồ đơn vị", "Map of units"),
    definition=Message(
        "Độ lớn là số hồ sơ đang giải quyết, màu là tỷ lệ quá hạn trên số đó, lúc xem; cơ quan cấp "
        "tỉnh cùng một địa điểm nên xếp riêng bên trái.",
        "Size is the number in process, colour the share of them that is overdue, at the moment "
        "of looking; units of the province's level share one place and stand apart on the left.",
    ),
    sql="map",
    kind=Kind.MAP,
    place=Place(0, 0, 10, 15),
    columns=(
        columns.UNIT_CODE,
        columns.UNIT_NAME,
        Column("latitude", Unit.DEGREES),
        Column("longitude", Unit.DEGREES),
        Column("n", title=Message("Đang giải quyết", "In process")),
        columns.OVERDUE,
        Column(
            "share",
            Unit.SHARE,
            Message("Tỷ lệ quá hạn", "Share overdue"),
            thresholds=(Threshold(0.05, Level.NOTICE),),
        ),
        Column("stands_apart", Unit.RECORDS),
    ),
    link=TO_UNIT,
)
