"""What the wall says outside of its panels, in Vietnamese and English.

`{…}` are filled by the page, so a placeholder has the same name in both languages.
"""

from __future__ import annotations

from schemas.messages import Message, Worded


class WallText(Worded):
    """One text each; the page finds them by these names in lower case."""

    TITLE = Message("Giải quyết thủ tục hành chính", "Administrative procedures")
    CENTRE = Message("Trung tâm điều hành thông minh", "Intelligent Operation Centre")
    PERIOD_TODAY = Message("Hôm nay, {from}", "Today, {from}")
    PERIOD_DAY = Message("Ngày {from}", "{from}")
    PERIOD_WEEK = Message("Tuần {from} – {to}", "Week {from} – {to}")
    PERIOD_MONTH = Message("Tháng {month}/{year}", "{monthName} {year}")
    PERIOD_QUARTER = Message("Quý {quarter}/{year}", "Quarter {quarter}, {year}")
    PERIOD_YEAR = Message("Năm {year}", "Year {year}")
    PERIOD_ALL = Message("Toàn bộ, {from} – {to}", "All, {from} – {to}")
    PERIOD_RANGE = Message("{from} – {to}", "{from} – {to}")
    PERIOD_NEWEST = Message(
        "Tháng này chưa có dữ liệu, đang xem tháng mới nhất có dữ liệu",
        "No data of this month yet: this is the newest month with data",
    )
    AS_OF = Message("Hạn trả so với {moment}", "Due times compared with {moment}")
    LIVE = Message("Trực tiếp", "Live")
    CATCHING_UP = Message("Đang bắt kịp", "Catching up")
    CONNECTING = Message("Đang kết nối", "Connecting")
    COMPLETE = Message("đủ dữ liệu đến {moment}", "complete up to {moment}")
    STALE = Message(
        "DỮ LIỆU CŨ, ngừng cập nhật từ {moment}", "OLD DATA, not updated since {moment}"
    )
    STALE_UNKNOWN = Message("DỮ LIỆU CŨ, ngừng cập nhật", "OLD DATA, not updated")
    REASON_WAREHOUSE = Message("không đọc được kho dữ liệu", "the warehouse cannot be read")
    REASON_WORKER = Message("tiến trình xử lý không báo cáo", "the worker does not report")
    REASON_NO_WORKER = Message("chưa có tiến trình xử lý nào", "no worker has reported yet")
    REASON_STALLED = Message("một phân vùng bị đứng", "a partition stands still")
    REASON_CONNECTION = Message("mất kết nối với máy chủ", "no connection to the server")
    EMPTY = Message("Không có dữ liệu", "No data")
    NONE_OVERDUE = Message("Không có hồ sơ quá hạn", "No overdue dossiers")
    BY_DAY = Message("theo ngày", "by day")
    BY_WEEK = Message("theo tuần", "by week")
    BY_MONTH = Message("theo tháng", "by month")
    BALANCED = Message("Cân đối", "Balanced")
    BALANCING = Message("Đang cập nhật", "Being updated")
    UNBALANCED = Message("KHÔNG CÂN ĐỐI, lệch {difference}", "DOES NOT BALANCE, by {difference}")
    ALARM_SIGN = Message("Cần xử lý", "Needs action")
    NOTICE_SIGN = Message("Chú ý", "Notice")


def describe_texts(language: str) -> dict[str, str]:
    """Return every text in one language by its name in lower case, placeholders unfilled."""
    return {text.name.lower(): text.in_language(language) for text in WallText}
