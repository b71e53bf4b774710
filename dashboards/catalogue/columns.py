"""Columns that several panels have, with their names in both languages."""

from __future__ import annotations

from dataclasses import replace

from dashboards.panel import Column, Unit
from schemas.alert_texts import AlertText
from schemas.messages import Message

UNIT_CODE = Column("unit", Unit.TEXT)
UNIT_NAME = Column("name", Unit.TEXT, Message("Đơn vị", "Unit"))
UNIT_PARENT = Column("parent", Unit.TEXT)
OVERDUE = Column("overdue", title=Message("Quá hạn", "Overdue"))
OVERDUE_NEW = Column("overdue_new", title=Message("Mới trong ca", "New"))
OPEN = Column("open", title=Message("Đang giải quyết", "In process"))
RECEIVED = Column("received", title=Message("Tiếp nhận", "Received"))
SHARE = Column("share", Unit.SHARE, Message("Tỷ lệ", "Share"))

FLOW = (
    Column("received"),
    Column("received_online"),
    Column("online_share", Unit.SHARE),
    Column("resolved"),
    Column("early"),
    Column("in_time"),
    Column("decided"),
    Column("in_time_share", Unit.SHARE),
    Column("late"),
    Column("registered"),
    Column("receipt_late"),
    Column("uncollected"),
    Column("received_before"),
    Column("received_change", Unit.CHANGE),
    Column("resolved_before"),
    Column("resolved_change", Unit.CHANGE),
    Column("in_time_share_before", Unit.SHARE),
    Column("receipt_late_before"),
    Column("uncollected_before"),
)
#: One unit's flow; the channel is chosen, so its share of the online ones says nothing there.
UNIT_FLOW = (
    *(each for each in FLOW[:12] if each.name not in ("received_online", "online_share")),
    Column("withdrawn"),
    *FLOW[12:],
)
OPEN_NOW = (
    Column("open"),
    Column("overdue"),
    Column("overdue_share", Unit.SHARE),
    Column("overdue_new"),
    Column("overdue_old"),
    Column("without_apology"),
    Column("due_soon"),
    Column("paused"),
    Column("paused_for_papers"),
    Column("paused_for_payment"),
    Column("awaiting_receipt"),
    Column("receipt_overdue"),
    Column("receipt_overdue_new"),
)
#: The province's alone: what was in process when the period began follows from its days.
OPEN_NOW_PROVINCE = (*OPEN_NOW, Column("open_before"), Column("open_change", Unit.CHANGE))
RULES = (
    Column(
        "rule",
        Unit.TEXT,
        Message("Quy tắc", "Rule"),
        labels={
            "desk": Message(
                "Đúng hạn trên số đã giải quyết", "In time, of those resolved (desk rule)"
            ),
            "due": Message("Đúng hạn trên số đến hạn trong kỳ", "In time, of those fallen due"),
            "national": Message(
                "Xử lý trước hạn, đúng hạn (QĐ 766) trên số tiếp nhận",
                "In time (Decision 766), of those received",
            ),
            "national_by_unit": Message(
                "QĐ 766: chỉ tính theo đơn vị, bỏ chọn lĩnh vực và kênh để xem",
                "Decision 766: by unit only, choose neither field nor channel to see it",
            ),
        },
    ),
    Column("in_time", title=Message("Đúng hạn", "In time")),
    Column("decided", title=Message("Trên số", "Of")),
    Column("share", Unit.SHARE, Message("Tỷ lệ", "Share")),
    Column("score", Unit.POINTS, Message("Điểm", "Points")),
)
CAUSE = Column(
    "cause",
    Unit.TEXT,
    Message("Nguyên nhân", "Cause"),
    labels={
        "receipt": Message("Chờ tiếp nhận", "Awaiting receipt"),
        "supplement": Message("Chờ bổ sung giấy tờ", "Waiting for papers"),
        "payment": Message("Chờ nghĩa vụ tài chính", "Waiting for payment"),
        "leg": Message("Chặng liên thông quá hạn", "Leg overdue"),
        "handler": Message("Đang ở đơn vị khác", "With another unit"),
        "processing": Message("Đang xử lý tại đơn vị", "In process at the unit"),
    },
)
APOLOGY = Column(
    "apologised",
    Unit.TEXT,
    Message("Xin lỗi", "Apology"),
    labels={"0": Message("Chưa", "No"), "1": Message("Có", "Yes")},
)
ALERT_RULE = Column(
    "rule",
    Unit.TEXT,
    Message("Cảnh báo", "Alert"),
    labels={
        "receipt_overdue": AlertText.RULE_RECEIPT_OVERDUE.value,
        "due_soon": AlertText.RULE_DUE_SOON.value,
        "overdue": AlertText.RULE_OVERDUE.value,
        "leg_overdue": AlertText.RULE_LEG_OVERDUE.value,
        "apology_due": AlertText.RULE_APOLOGY_DUE.value,
        "no_apology": AlertText.RULE_NO_APOLOGY.value,
        "unit_share": AlertText.RULE_UNIT_SHARE.value,
        "unit_count": AlertText.RULE_UNIT_COUNT.value,
        "backlog": AlertText.RULE_BACKLOG.value,
        "silent_desk": AlertText.RULE_SILENT_DESK.value,
    },
)
ALERT_STATE = Column(
    "state",
    Unit.TEXT,
    Message("Phản hồi", "Response"),
    labels={
        "open": Message("Chưa phản hồi", "No response"),
        "escalated": Message("Đã chuyển cấp trên", "Escalated"),
        "acknowledged": Message("Đã xác nhận", "Acknowledged"),
        "explained": Message("Đã giải trình", "Explained"),
        "resolved": Message("Đã xong", "Resolved"),
        "withdrawn": Message("Đã rút", "Withdrawn"),
    },
)
ANSWER_CAUSE = Column(
    "cause",
    Unit.TEXT,
    Message("Lý do", "Cause"),
    labels={
        "waits_for_applicant": AlertText.CAUSE_WAITS_FOR_APPLICANT.value,
        "waits_for_agency": AlertText.CAUSE_WAITS_FOR_AGENCY.value,
        "complex": AlertText.CAUSE_COMPLEX.value,
        "staff": AlertText.CAUSE_STAFF.value,
        "system": AlertText.CAUSE_SYSTEM.value,
        "done_not_recorded": AlertText.CAUSE_DONE_NOT_RECORDED.value,
        "other": AlertText.CAUSE_OTHER.value,
    },
)
EXPECTED_ON = Column("expected_on", Unit.DAY, Message("Dự kiến xong", "Expected on"))
#: How every list of dossiers begins; what is particular to a list follows. Which dossier, whose and
#: how late is never left out.
DOSSIER = (
    Column("dossier", Unit.TEXT, Message("Mã hồ sơ", "Dossier")),
    UNIT_CODE,
    UNIT_NAME,
    Column("procedure_name", Unit.TEXT, Message("Thủ tục", "Procedure"), spare=4),
    replace(CAUSE, spare=2),
    Column("holder", Unit.TEXT),
    Column("holder_name", Unit.TEXT, Message("Đang ở", "Now with"), spare=3),
    replace(APOLOGY, spare=2),
    Column("due_at", Unit.INSTANT, Message("Hạn trả", "Due"), spare=1),
)
OVERDUE_DOSSIER = (
    *DOSSIER,
    Column("late_hours", Unit.WORKING_HOURS, Message("Quá hạn", "Overdue by")),
    Column("is_new"),
)
SOON_DOSSIER = (
    *DOSSIER,
    Column("left_hours", Unit.WORKING_HOURS, Message("Còn lại", "Left")),
    Column("late_from", Unit.INSTANT),
)
