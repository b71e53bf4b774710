"""Alerts as they come, and desks that have fallen silent."""

from __future__ import annotations

from dashboards.catalogue import columns
from dashboards.panel import Column, Figure, Kind, Level, Panel, Place, Threshold, Unit
from schemas.messages import Message

FEED = Panel(
    id="feed",
    title=Message("Cảnh báo mới", "Alerts as they come"),
    definition=Message(
        "Cảnh báo của bảy ngày gần nhất, gộp theo phút, quy tắc và cơ quan có thẩm quyền.",
        "Alerts of the last seven days, together by minute, rule and authority.",
    ),
    sql="feed",
    kind=Kind.FEED,
    place=Place(13, 22, 6, 5),
    columns=(
        Column("at", Unit.INSTANT, Message("Lúc", "At")),
        Column(
            "rule",
            Unit.TEXT,
            Message("Cảnh báo", "Alert"),
            labels={
                "receipt_overdue": Message("Quá hạn tiếp nhận", "Receipt overdue"),
                "due_soon": Message("Sắp đến hạn", "Due soon"),
                "overdue": Message("Quá hạn", "Overdue"),
                "leg_overdue": Message("Chặng quá hạn", "Leg overdue"),
            },
        ),
        columns.UNIT_CODE,
        columns.UNIT_NAME,
        Column("n", title=Message("Hồ sơ", "Dossiers")),
        Column("is_new"),
    ),
)

SILENT_COLUMNS = (
    columns.UNIT_CODE,
    Column("name", Unit.TEXT, Message("Nơi tiếp nhận", "Desk")),
    columns.UNIT_PARENT,
    Column("last_event_at", Unit.INSTANT, Message("Sự kiện cuối", "Last event")),
    Column("silent_hours", Unit.WORKING_HOURS, Message("Im lặng", "Silent for")),
    Column("patience_hours", Unit.WORKING_HOURS, Message("Ngưỡng", "Allowed")),
    Column(
        "is_silent",
        Unit.TEXT,
        Message("Tình trạng", "State"),
        labels={"0": Message("Bình thường", "As usual"), "1": Message("Im lặng", "Silent")},
    ),
    Column("silent_units", Unit.RECORDS),
    Column("silent_new", Unit.RECORDS),
    Column("judged_units", Unit.RECORDS),
)
SILENT = Panel(
    id="silent",
    title=Message("Độ mới của dữ liệu theo đơn vị", "Silent desks"),
    definition=Message(
        "Im lặng: giờ làm việc từ sự kiện cuối dài hơn 8 lần khoảng cách thường gặp trong 28 ngày "
        "(từ 1 đến 16 giờ), trong số đơn vị có từ 10 sự kiện.",
        "Silent: working time since the last event exceeds 8 times the usual gap of 28 days (1 to "
        "16 hours), of desks with at least 10 events.",
    ),
    sql="silent",
    kind=Kind.TABLE,
    place=Place(8, 15, 7, 15),
    columns=SILENT_COLUMNS,
)
ATTENTION_COLUMNS = (
    Column("alerts_late"),
    Column("alerts_soon"),
    Column("dead_letters", Unit.RECORDS),
    Column("dead_letters_new", Unit.RECORDS),
)
DEAD_LETTERS = Figure(
    "dead_letters",
    Message("Bản tin không đọc được", "Unreadable records"),
    Message(
        "Số bản tin lỗi đang chờ xử lý.",
        "Records that could not be read and are not dealt with.",
    ),
    thresholds=(Threshold(1, Level.NOTICE),),
)
ATTENTION = Panel(
    id="attention",
    title=Message("Cảnh báo", "Alerts"),
    definition=Message(
        "Cảnh báo có thời điểm vượt mốc từ đầu ca trực; bản tin lỗi chưa xử lý tính đến nay.",
        "Alerts whose moment came since the shift began; unreadable records that are still open.",
    ),
    sql="attention",
    kind=Kind.FACTS,
    place=Place(13, 27, 6, 3),
    columns=ATTENTION_COLUMNS,
    figures=(
        Figure(
            "alerts_late",
            Message("Cảnh báo quá hạn trong ca", "Overdue alerts"),
            Message(
                "Số cảnh báo quá hạn (cả tiếp nhận và liên thông) từ đầu ca trực.",
                "Alerts of overdue files (receipts and legs too) since the shift began.",
            ),
        ),
        DEAD_LETTERS,
    ),
)
SILENT_COUNT = Panel(
    id="silent_count",
    title=Message("Đơn vị im lặng", "Silent desks"),
    definition=SILENT.definition,
    sql="silent",
    kind=Kind.FACTS,
    place=Place(19, 27, 5, 3),
    columns=SILENT_COLUMNS,
    figures=(
        Figure(
            "silent_units",
            Message("Đơn vị im lặng", "Silent desks"),
            Message(
                "Số nơi tiếp nhận không có sự kiện lâu hơn thường lệ, trên số đơn vị có thói quen.",
                "Desks without events for longer than usual, of those with a habit.",
            ),
            thresholds=(Threshold(1, Level.NOTICE),),
        ),
        Figure(
            "silent_new",
            Message("Mới im lặng trong ca", "Newly silent"),
            Message(
                "Số nơi tiếp nhận bắt đầu im lặng từ đầu ca trực, trong giờ làm việc.",
                "Desks that fell silent since the shift began, inside working hours.",
            ),
            thresholds=(Threshold(1, Level.ALARM),),
        ),
    ),
)
LETTERS = Panel(
    id="letters",
    title=Message("Bản tin lỗi", "Dead letters"),
    definition=Message(
        "Bản tin không đọc được đang chờ xử lý, và số mới từ đầu ca trực trong đó.",
        "Unreadable records that are still open, and those of them since the shift began.",
    ),
    sql="attention",
    kind=Kind.FACTS,
    place=Place(13, 27, 11, 3),
    columns=ATTENTION_COLUMNS,
    figures=(
        DEAD_LETTERS,
        Figure(
            "dead_letters_new",
            Message("Mới trong ca", "New in this shift"),
            Message(
                "Số bản tin lỗi đang chờ xử lý mà Kafka nhận từ đầu ca trực.",
                "Unreadable records still open that Kafka received since the shift began.",
            ),
            thresholds=(Threshold(1, Level.ALARM),),
        ),
    ),
)
