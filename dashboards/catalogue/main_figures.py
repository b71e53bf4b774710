"""The figures that are read from across the room, and the smaller ones below them."""

from __future__ import annotations

from dataclasses import replace

from dashboards.catalogue import columns
from dashboards.panel import Figure, Kind, Level, Link, Panel, Place, Threshold
from schemas.messages import Message

#: Red is only for what crossed its time since the shift began; the rest has been known for long.
_ANY_IS_ALARM = (Threshold(1, Level.ALARM),)
_TO_UNIT = Link("unit")
_TO_LEADERS = Link("leaders")

RECEIVED = Figure(
    "received",
    Message("Tiếp nhận", "Received"),
    Message(
        "Số hồ sơ có ngày tiếp nhận trong kỳ, không gồm hồ sơ kỳ trước chuyển sang; tỷ lệ trực "
        "tuyến tính trên số này.",
        "Dossiers whose day of receipt lies in the period, without those carried over; the online "
        "share is of this number.",
    ),
    note=Message(
        "{online_share} trực tuyến · {received_change} so với kỳ trước",
        "{online_share} online · {received_change} on the period before",
    ),
    link=_TO_UNIT,
)
RESOLVED = Figure(
    "resolved",
    Message("Đã giải quyết", "Resolved"),
    Message(
        "Số hồ sơ có kết quả trong kỳ: trước hạn, đúng hạn, quá hạn và không có hạn trả; không gồm "
        "hồ sơ rút hoặc dừng xử lý.",
        "Dossiers with a result in the period: early, on time, late and without a due date; those "
        "withdrawn or stopped are not among them.",
    ),
    note=Message(
        "{late} quá hạn · {resolved_change} so với kỳ trước",
        "{late} late · {resolved_change} on the period before",
    ),
    link=_TO_UNIT,
)
IN_TIME_SHARE = Figure(
    "in_time_share",
    Message("Tỷ lệ đúng hạn trên số đã giải quyết", "In time, of those resolved"),
    Message(
        "Số hồ sơ giải quyết trước hạn và đúng hạn chia cho số hồ sơ đã giải quyết trong kỳ có hạn "
        "trả kết quả.",
        "Dossiers resolved early or on time, divided by the dossiers resolved in the period that "
        "had a due date.",
    ),
    note=Message(
        "{in_time} / {decided} · kỳ trước {in_time_share_before}",
        "{in_time} / {decided} · before {in_time_share_before}",
    ),
    thresholds=(Threshold(0.95, Level.NOTICE, below=True),),
    link=_TO_UNIT,
)
OPEN = Figure(
    "open",
    Message("Đang giải quyết", "In process"),
    Message(
        "Số hồ sơ đã tiếp nhận và chưa kết thúc tại thời điểm xem, gồm cả hồ sơ đang tạm dừng.",
        "Dossiers received and not finished at the moment of looking, paused ones among them.",
    ),
    note=Message("đã tiếp nhận, chưa kết thúc", "received, not finished"),
    link=_TO_UNIT,
)
OPEN_PROVINCE = replace(
    OPEN,
    definition=Message(
        "Số hồ sơ đã tiếp nhận và chưa kết thúc tại thời điểm xem, gồm cả hồ sơ đang tạm dừng; số "
        "cuối kỳ trước suy ra từ tiếp nhận và kết thúc của các ngày từ đó.",
        "Dossiers received and not finished at the moment of looking, paused ones among them; the "
        "number at the end of the period before follows from what came and went since.",
    ),
    note=Message(
        "{open_change} · cuối kỳ trước {open_before}", "{open_change} · before {open_before}"
    ),
)
OVERDUE = Figure(
    "overdue",
    Message("Quá hạn", "Overdue"),
    Message(
        "Số hồ sơ đang giải quyết đã qua hạn trả tại thời điểm xem, tỷ lệ tính trên số hồ sơ đang "
        "giải quyết; không so với kỳ trước, vì số quá hạn của một ngày đã qua không suy ra được.",
        "Dossiers in process whose due time has passed at the moment of looking, the share is of "
        "those in process; not compared with the period before, since how many were overdue on a "
        "past day does not follow from what is kept.",
    ),
    note=Message(
        "{overdue_share} · {without_apology} chưa xin lỗi",
        "{overdue_share} · {without_apology} no apology",
    ),
    link=_TO_LEADERS,
)
OVERDUE_NEW = Figure(
    "overdue_new",
    Message("Mới quá hạn trong ca", "Newly overdue"),
    Message(
        "Số hồ sơ đang giải quyết đã qua hạn trả từ đầu ca trực đến thời điểm xem, trong số hồ sơ "
        "quá hạn.",
        "Dossiers in process whose due time has passed since the shift began, of those overdue.",
    ),
    note=Message("{overdue_old} từ trước ca", "{overdue_old} from before"),
    thresholds=_ANY_IS_ALARM,
    link=_TO_LEADERS,
)
DUE_SOON = Figure(
    "due_soon",
    Message("Sắp đến hạn", "Due soon"),
    Message(
        "Số hồ sơ đang giải quyết còn không quá 8 giờ làm việc (hoặc mức đã cài đặt) là quá hạn.",
        "Dossiers in process that have at most 8 working hours (or what is set) until they are "
        "overdue.",
    ),
    note=Message("trong số đang giải quyết", "of those in process"),
    link=_TO_LEADERS,
)
PAUSED = Figure(
    "paused",
    Message("Tạm dừng tính thời hạn", "Paused"),
    Message(
        "Số hồ sơ đang giải quyết chờ bổ sung giấy tờ hoặc chờ thực hiện nghĩa vụ tài chính.",
        "Dossiers in process that wait for papers or for a payment.",
    ),
    note=Message(
        "{paused_for_papers} bổ sung · {paused_for_payment} tài chính",
        "{paused_for_papers} papers · {paused_for_payment} payment",
    ),
    link=_TO_UNIT,
)
AWAITING = Figure(
    "awaiting_receipt",
    Message("Chờ tiếp nhận", "Awaiting receipt"),
    Message(
        "Số hồ sơ đã đăng ký, chưa được tiếp nhận hay từ chối; quá hạn tiếp nhận khi qua 8 giờ làm "
        "việc.",
        "Dossiers registered and neither received nor refused; overdue after 8 working hours.",
    ),
    note=Message(
        "{receipt_overdue} quá hạn · {receipt_overdue_new} trong ca",
        "{receipt_overdue} past time · {receipt_overdue_new} new",
    ),
    link=_TO_UNIT,
)
RECEIPT_LATE = Figure(
    "receipt_late",
    Message("Tiếp nhận muộn", "Received late"),
    Message(
        "Số hồ sơ trực tuyến đăng ký trong kỳ được trả lời tiếp nhận sau hơn 8 giờ làm việc, trên "
        "số hồ sơ đăng ký trong kỳ.",
        "Online dossiers registered in the period and answered after more than 8 working hours, of "
        "those registered in the period.",
    ),
    note=Message(
        "trên {registered} đăng ký · kỳ trước {receipt_late_before}",
        "of {registered} registered · before {receipt_late_before}",
    ),
    link=_TO_UNIT,
)
UNCOLLECTED = Figure(
    "uncollected",
    Message("Chờ trả kết quả", "Uncollected"),
    Message(
        "Số hồ sơ đã giải quyết trong kỳ mà kết quả chưa được trả, trên số hồ sơ đã giải quyết "
        "trong kỳ; số kỳ trước là hồ sơ của kỳ đó đến nay vẫn chưa được trả.",
        "Dossiers resolved in the period whose result has not been handed over, of those resolved "
        "in the period; the number before is of the period before, not handed over to this day.",
    ),
    note=Message(
        "trên {resolved} đã giải quyết · kỳ trước {uncollected_before}",
        "of {resolved} resolved · before {uncollected_before}",
    ),
    link=_TO_UNIT,
)

FLOW = Panel(
    id="flow",
    title=Message("Trong kỳ", "In the period"),
    definition=Message(
        "Hồ sơ tiếp nhận và giải quyết trong kỳ, toàn tỉnh, theo quy tắc của bộ phận một cửa.",
        "Dossiers received and resolved in the period, the whole province, by the desk rule.",
    ),
    sql="flow",
    kind=Kind.FIGURES,
    place=Place(0, 0, 15, 6),
    columns=columns.FLOW,
    figures=(RECEIVED, RESOLVED, IN_TIME_SHARE),
    large=True,
)
OPEN_NOW = Panel(
    id="open_now",
    title=Message("Tại thời điểm xem", "At this moment"),
    definition=Message(
        "Hồ sơ chưa kết thúc của toàn tỉnh, so với thời điểm xem.",
        "Unfinished dossiers of the whole province, compared with the moment of looking.",
    ),
    sql="open_now",
    kind=Kind.FIGURES,
    place=Place(15, 0, 9, 6),
    columns=columns.OPEN_NOW_PROVINCE,
    figures=(OPEN_PROVINCE, OVERDUE),
    large=True,
)
OPEN_DETAIL = Panel(
    id="open_detail",
    title=Message("Hồ sơ cần chú ý", "To be watched"),
    definition=Message(
        "Hồ sơ chưa kết thúc cần theo dõi, so với thời điểm xem.",
        "Unfinished dossiers to be watched, compared with the moment of looking.",
    ),
    sql="open_now",
    kind=Kind.FIGURES,
    place=Place(0, 6, 15, 5),
    columns=columns.OPEN_NOW_PROVINCE,
    figures=(OVERDUE_NEW, DUE_SOON, PAUSED, AWAITING),
)
FLOW_DETAIL = Panel(
    id="flow_detail",
    title=Message("Đầu vào và đầu ra", "At both ends"),
    definition=Message(
        "Tiếp nhận muộn và kết quả chưa trả, trong kỳ, toàn tỉnh.",
        "Late receipts and results not handed over, in the period, the whole province.",
    ),
    sql="flow",
    kind=Kind.FIGURES,
    place=Place(15, 6, 9, 5),
    columns=columns.FLOW,
    figures=(RECEIPT_LATE, UNCOLLECTED),
)

PANELS = (FLOW, OPEN_NOW, OPEN_DETAIL, FLOW_DETAIL)
