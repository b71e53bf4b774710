"""What dashboards and alert rules say beyond the catalogue, in Vietnamese and English."""

from __future__ import annotations

from schemas.messages import Message, Worded


class GrafanaText(Worded):
    """One text each."""

    FOLDER = Message("Trung tâm điều hành thông minh", "Intelligent Operation Centre")
    TITLE = Message("IOC · {board}", "IOC · {board}")
    PLAYLIST = Message("IOC · Màn hình điều hành", "IOC · Wall screens")
    OTHER_LANGUAGE = Message("English", "Tiếng Việt")
    EMPTY = Message("Không có dữ liệu", "No data")
    NOTHING = Message("–", "–")
    DIFFERENCE = Message("Chênh lệch", "Difference")
    ALARM_SIGN = Message("▲ Cần xử lý", "▲ Needs action")
    NOTICE_SIGN = Message("△ Chú ý", "△ Notice")

    UNIT = Message("Đơn vị", "Unit")
    LEVEL = Message("Cấp", "Level")
    FIELD = Message("Lĩnh vực", "Field")
    CHANNEL = Message("Kênh tiếp nhận", "Channel")
    DOSSIER = Message("Mã hồ sơ", "Dossier")
    AT = Message("Xem tại thời điểm", "As of")
    ALL = Message("Tất cả", "All")
    LEVEL_PROVINCE = Message("Tỉnh", "Province")
    LEVEL_DEPARTMENT = Message("Sở, ban, ngành", "Departments")
    LEVEL_DISTRICT = Message("Cấp huyện", "Districts")
    LEVEL_COMMUNE = Message("Cấp xã", "Communes")
    CHANNEL_COUNTER = Message("Trực tiếp", "Counter")
    CHANNEL_ONLINE = Message("Trực tuyến", "Online")
    CHANNEL_POSTAL = Message("Bưu chính công ích", "Postal")

    TODAY = Message("Hôm nay", "Today")
    WEEK = Message("Tuần này", "This week")
    MONTH = Message("Tháng này", "This month")
    MONTH_BEFORE = Message("Tháng trước", "Last month")
    QUARTER = Message("Quý này", "This quarter")
    FIRST_HALF = Message("6 tháng đầu năm", "First half of the year")
    SECOND_HALF = Message("6 tháng cuối năm", "Second half of the year")
    YEAR = Message("Năm nay", "This year")
    YEAR_BEFORE = Message("Năm trước", "Last year")

    SUFFIX_PER_SECOND = Message("/giây", "/s")
    SUFFIX_WORKING_HOURS = Message(" giờ làm việc", " working hours")

    RULES = Message("IOC cảnh báo", "IOC alerts")
    CONTACT_POINT = Message("IOC trực điều hành", "IOC operators")
    RULE_OVERDUE_SHARE = Message("Tỷ lệ quá hạn của đơn vị", "Overdue share of a unit")
    SAYS_OVERDUE_SHARE = Message(
        "{unit}: tỷ lệ hồ sơ quá hạn trên số đang giải quyết là {value}",
        "{unit}: the share of overdue dossiers in those in process is {value}",
    )
    RULE_SILENT_SOURCE = Message("Nguồn dữ liệu im lặng", "Silent source")
    SAYS_SILENT_SOURCE = Message(
        "Chưa nhận được dữ liệu từ nguồn {source} trong {value} giờ làm việc",
        "Nothing has come from the source {source} for {value} working hours",
    )
    RULE_LAG = Message("Sự kiện chờ xử lý", "Events waiting")
    SAYS_LAG = Message(
        "{value} sự kiện Kafka đã nhận mà kho dữ liệu chưa ghi",
        "{value} events are in Kafka and not in the warehouse",
    )
    RULE_WORKER_GONE = Message("Tiến trình xử lý không báo cáo", "Workers do not report")
    SAYS_WORKER_GONE = Message(
        "Tiến trình xử lý không báo cáo trong {value} giây; số liệu trên màn hình đã cũ",
        "No worker has reported for {value} s; the figures on the walls are old",
    )
    RULE_DEAD_LETTERS = Message("Bản tin không đọc được", "Unreadable records")
    SAYS_DEAD_LETTERS = Message(
        "{value} bản tin không đọc được đang chờ xử lý (ioc dead-letters list)",
        "{value} records that could not be read wait (ioc dead-letters list)",
    )
