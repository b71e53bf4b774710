"""What the page of a preview says, in Vietnamese and English."""

from __future__ import annotations

from schemas.messages import Message, Worded


class PreviewText(Worded):
    """The catalogue."""

    TITLE = Message("Xem trước cảnh báo", "Preview of alerts")
    PERIOD = Message("Từ {start} đến {end}", "From {start} to {end}")
    NOTHING_SENT = Message("Chưa gửi gì cho ai.", "Nothing was sent to anybody.")
    ASSUMES = Message(
        "Giả định: mọi sự kiện đến ngay khi xảy ra và không nguồn nào mất tín hiệu.",
        "Assumed: every event was known when it happened, and no feed was silent.",
    )
    MESSAGES = Message("Tin nhắn", "Messages")
    PEOPLE = Message("Người nhận", "Recipients")
    ALERTS = Message("Cảnh báo", "Alerts")
    BUSIEST = Message("Nhiều nhất một ngày", "Most in one day")
    BY_RULE = Message("Theo quy tắc", "By rule")
    BY_ROLE = Message("Theo loại và vai trò", "By kind and role")
    BY_PERSON = Message("Theo người nhận", "By recipient")
    BY_DAY = Message("Theo ngày", "By day")
    SAMPLES = Message("Ví dụ", "Examples")
    RULE = Message("Quy tắc", "Rule")
    KIND = Message("Loại", "Kind")
    ROLE = Message("Vai trò", "Role")
    PERSON = Message("Mã người nhận", "Recipient")
    DAY = Message("Ngày", "Day")
    MORE_PEOPLE = Message("… và {n} người khác", "… and {n} others")
    NONE = Message(
        "Không có tin nhắn nào trong thời gian này.", "There were no messages in this period."
    )
    KIND_SINGLE = Message("Từng hồ sơ", "Single file")
    KIND_GROUP = Message("Gộp nhiều hồ sơ", "Several files")
    KIND_ESCALATION = Message("Chuyển cấp trên", "Escalated")
    KIND_WITHDRAWAL = Message("Rút cảnh báo", "Withdrawn")
    KIND_UNIT = Message("Về đơn vị", "About a unit")
    KIND_TECHNICIAN = Message("Cho kỹ thuật", "For technicians")
    KIND_SUMMARY = Message("Tổng hợp vượt hạn mức", "Summary beyond the limit")
    KIND_DIGEST = Message("Báo cáo sáng", "Morning digest")
    KIND_WEEKLY = Message("Báo cáo tuần", "Weekly digest")
