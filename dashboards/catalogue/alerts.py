"""Alerts as they come, and desks that have fallen silent."""

from __future__ import annotations

from dashboards.catalogue import columns
from dashboards.catalogue.units import TO_UNIT
from dashboards.panel import Column, Figure, Kind, Level, Link, Panel, Place, Threshold, Unit
from schemas.alert_texts import AlertText
from schemas.messages import Message

FEED = Panel(
    id="feed",
    title=Message("Cảnh báo mới", "Alerts as they come"),
    definition=Message(
        "Cảnh báo của bảy ngày gần nhất và phản hồi, gộp theo phút, quy tắc, đơn vị và phản hồi.",
        "Alerts of the last seven days and what was said to them, together by minute, rule, unit "
        "and response.",
    ),
    sql="feed",
    kind=Kind.FEED,
    place=Place(12, 21, 7, 9),
    columns=(
        Column("at", Unit.INSTANT, Message("Lúc", "At")),
        columns.ALERT_RULE,
        columns.UNIT_CODE,
        columns.UNIT_NAME,
        Column("n", title=Message("Số cảnh báo", "Alerts")),
        columns.ALERT_STATE,
        columns.ANSWER_CAUSE,
        columns.EXPECTED_ON,
        Column("is_new"),
    ),
    link=TO_UNIT,
    none=Message("Không có cảnh báo trong bảy ngày", "No alerts in seven days"),
)
ANSWERS = Panel(
    id="alert_answers",
    title=Message("Cảnh báo và phản hồi", "Alerts and responses"),
    definition=Message(
        "Cảnh báo quá hạn và về đơn vị trong 30 ngày, chưa phản hồi trước, kèm lý do và ngày dự "
        "kiến xong; không tách theo kênh.",
        "Alerts of overdue dossiers and about units of 30 days, those without a response first, "
        "with cause and expected date; not told by channel.",
    ),
    sql="alert_answers",
    kind=Kind.DOSSIERS,
    place=Place(7, 22, 17, 8),
    columns=(
        Column("dossier", Unit.TEXT, Message("Mã hồ sơ", "Dossier")),
        columns.UNIT_CODE,
        columns.UNIT_NAME,
        Column("at", Unit.INSTANT, Message("Lúc", "At")),
        columns.ALERT_RULE,
        columns.ALERT_STATE,
        Column(
            "role",
            Unit.TEXT,
            Message("Người phản hồi", "By"),
            labels={
                "handler_lead": AlertText.ROLE_HANDLER_LEAD.value,
                "desk_lead": AlertText.ROLE_DESK_LEAD.value,
                "authority_head": AlertText.ROLE_AUTHORITY_HEAD.value,
                "chair": AlertText.ROLE_CHAIR.value,
                "province_leader": AlertText.ROLE_PROVINCE_LEADER.value,
                "technician": AlertText.ROLE_TECHNICIAN.value,
            },
            spare=1,
        ),
        columns.ANSWER_CAUSE,
        columns.EXPECTED_ON,
        Column("is_new"),
    ),
    link=Link("unit", {"unit": "unit", "dossier": "dossier"}),
    signed_in=True,
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
    link=TO_UNIT,
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
    link=Link("pipeline"),
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
    place=Place(19, 24, 5, 3),
    columns=ATTENTION_COLUMNS,
    figures=(
        Figure(
            "alerts_late",
            Message("Cảnh báo quá hạn trong ca", "Overdue alerts"),
            Message(
                "Số cảnh báo quá hạn (cả tiếp nhận và liên thông) từ đầu ca trực.",
                "Alerts of overdue files (receipts and legs too) since the shift began.",
            ),
            link=Link("leaders"),
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
            link=Link("province-detail"),
        ),
        Figure(
            "silent_new",
            Message("Mới im lặng trong ca", "Newly silent"),
            Message(
                "Số nơi tiếp nhận bắt đầu im lặng từ đầu ca trực, trong giờ làm việc.",
                "Desks that fell silent since the shift began, inside working hours.",
            ),
            thresholds=(Threshold(1, Level.ALARM),),
            link=Link("province-detail"),
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
