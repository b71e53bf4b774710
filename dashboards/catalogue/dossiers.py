"""Lists of dossiers, and one dossier's story: for people who signed in."""

from __future__ import annotations

from dashboards.catalogue import columns
from dashboards.catalogue.units import NONE_OVERDUE
from dashboards.panel import Column, Kind, Link, Panel, Place, Unit
from schemas.messages import Message

TO_DOSSIER = Link("unit", {"unit": "unit", "dossier": "dossier"})

LONGEST_OVERDUE = Panel(
    id="longest_overdue",
    title=Message("Hồ sơ quá hạn lâu nhất", "Longest overdue"),
    definition=Message(
        "Hồ sơ đang giải quyết đã qua hạn trả, lâu nhất trước, tính theo giờ hoặc ngày làm "
        "việc (8 giờ), lúc xem.",
        "Dossiers in process past their due time, the longest first, in working hours or days of 8 "
        "hours, at the moment of looking.",
    ),
    sql="overdue_dossiers",
    kind=Kind.DOSSIERS,
    place=Place(15, 15, 9, 15),
    columns=columns.OVERDUE_DOSSIER,
    link=TO_DOSSIER,
    signed_in=True,
    none=NONE_OVERDUE,
)
UNIT_DOSSIERS = Panel(
    id="unit_dossiers",
    title=Message("Hồ sơ chưa kết thúc của đơn vị", "Unfinished dossiers of the unit"),
    definition=Message(
        "Hồ sơ chưa kết thúc của đơn vị và cấp dưới, quá hạn lâu nhất trước, lúc xem.",
        "Unfinished dossiers of the unit and everything below it, the longest overdue first, at "
        "the moment of looking.",
    ),
    sql="unit_dossiers",
    kind=Kind.DOSSIERS,
    place=Place(0, 21, 15, 9),
    columns=(
        *columns.DOSSIER,
        Column(
            "phase",
            Unit.TEXT,
            labels={
                "awaiting": Message("Mới đăng ký", "Registered"),
                "processing": Message("Đang xử lý", "Processing"),
                "supplement": Message("Yêu cầu bổ sung giấy tờ", "Supplement requested"),
                "payment": Message("Yêu cầu thực hiện nghĩa vụ tài chính", "Payment requested"),
            },
        ),
        Column("received_at", Unit.INSTANT, Message("Tiếp nhận", "Received")),
        Column(
            "state",
            Unit.TEXT,
            Message("Tình trạng", "State"),
            labels={
                "overdue": Message("Quá hạn", "Overdue"),
                "due_soon": Message("Sắp đến hạn", "Due soon"),
                "in_time": Message("Trong hạn", "In time"),
                "paused": Message("Chưa tính hạn", "No due time runs"),
            },
        ),
    ),
    link=TO_DOSSIER,
    signed_in=True,
)
TIMELINE = Panel(
    id="dossier_timeline",
    title=Message("Diễn biến hồ sơ", "One dossier's story"),
    definition=Message(
        "Sự kiện, tạm dừng, văn bản xin lỗi, chặng liên thông và hạn trả của hồ sơ đã chọn, theo "
        "thời gian.",
        "Events, pauses, apologies, legs and due times of the chosen dossier, in order of time.",
    ),
    sql="dossier_timeline",
    kind=Kind.TIMELINE,
    place=Place(15, 21, 9, 9),
    columns=(
        Column("at", Unit.INSTANT, Message("Lúc", "At")),
        Column("until", Unit.INSTANT, Message("Đến", "Until")),
        Column(
            "what",
            Unit.TEXT,
            Message("Việc", "What"),
            labels={
                "event": Message("Trạng thái", "Status"),
                "pause": Message("Tạm dừng", "Pause"),
                "apology": Message("Văn bản xin lỗi", "Apology"),
                "leg": Message("Chặng", "Leg"),
                "leg_late": Message("Chặng quá hạn", "Leg, late"),
                "promised": Message("Hẹn trả lần đầu", "First promise"),
                "due": Message("Hạn trả", "Due"),
            },
        ),
        Column(
            "status",
            Unit.TEXT,
            Message("Trạng thái", "Status"),
            labels={
                "1": Message("Mới đăng ký", "Registered"),
                "2": Message("Được tiếp nhận", "Accepted"),
                "3": Message("Không được tiếp nhận", "Refused"),
                "4": Message("Đang xử lý", "Processing"),
                "5": Message("Yêu cầu bổ sung giấy tờ", "Supplement requested"),
                "6": Message("Yêu cầu thực hiện nghĩa vụ tài chính", "Payment requested"),
                "7": Message("Công dân yêu cầu rút hồ sơ", "Withdrawal asked"),
                "8": Message("Dừng xử lý", "Stopped"),
                "9": Message("Đã xử lý xong", "Resolved"),
                "10": Message("Đã trả kết quả", "Result returned"),
            },
        ),
        Column("leg", Unit.TEXT, Message("Chặng số", "Leg no.")),
        Column("unit", Unit.TEXT),
        columns.UNIT_NAME,
    ),
    signed_in=True,
)
