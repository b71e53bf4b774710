"""Texts of `ioc alerts` and `ioc leaders`, in Vietnamese and English."""

from __future__ import annotations

from schemas.messages import Message, Worded


class AlertHelp(Worded):
    """Help of the commands and their options."""

    ALERTS = Message(
        "Cảnh báo hồ sơ trễ hạn: kiểm tra, xem trước, liệt kê, chạy.",
        "Alerts about late files: check, preview, list, run.",
    )
    ALERTS_RUN = Message("Chạy tiến trình gửi cảnh báo.", "Run the process that sends alerts.")
    ALERTS_CHECK = Message(
        "Kiểm tra tệp quy tắc và tệp người nhận.", "Check the rules file and the people file."
    )
    ALERTS_PREVIEW = Message(
        "Cho biết quy tắc đã gửi những gì, cho ai, bao nhiêu trong một khoảng thời gian đã qua; "
        "không gửi gì.",
        "Say what the rules would have sent in a past period, to whom, how many; sends nothing.",
    )
    ALERTS_LIST = Message(
        "Liệt kê cảnh báo còn mở và tin nhắn không gửi được.",
        "List alerts that are open and messages that were given up.",
    )
    ALERTS_SCHEMA = Message(
        "Ghi lược đồ JSON của tệp quy tắc và tệp người nhận.",
        "Write the JSON Schemas of the rules and people files.",
    )
    SCHEMA_ONLY_CHECK = Message("Chỉ so sánh, không ghi.", "Only compare; write nothing.")
    LEADERS = Message("Người nhận cảnh báo.", "The people who get alerts.")
    LEADERS_CHECK = Message(
        "Kiểm tra ai chịu trách nhiệm đơn vị nào, đơn vị nào chưa có người.",
        "Check who answers for which unit, and which units have nobody.",
    )
    PREVIEW_FROM = Message("Ngày đầu, YYYY-MM-DD.", "First day, YYYY-MM-DD.")
    PREVIEW_TO = Message("Ngày cuối, YYYY-MM-DD.", "Last day, YYYY-MM-DD.")
    PREVIEW_PAGE = Message(
        "Ghi thành một trang để xem bằng trình duyệt.", "Write it as a page for a browser."
    )
    LIST_UNIT = Message("Chỉ đơn vị này.", "Only this unit.")
    LIST_ROWS = Message("Số dòng tối đa.", "Rows at most.")


class AlertSays(Worded):
    """What the commands say."""

    CHECKED = Message(
        "{rules} quy tắc, {people} người nhận: hợp lệ.", "{rules} rules, {people} people: all well."
    )
    SCHEMA_WRITTEN = Message("Đã ghi {file}", "Wrote {file}")
    SCHEMA_STALE = Message(
        "{file} không khớp với chương trình; chạy: ioc alerts schema",
        "{file} does not agree with the program; run: ioc alerts schema",
    )
    SCHEMA_FRESH = Message("Các lược đồ đều khớp.", "The schemas agree.")
    PEOPLE_OF_UNITS = Message(
        "{covered} trên {units} đơn vị có người nhận cảnh báo.",
        "{covered} of {units} units have somebody who is told of their files.",
    )
    NOBODY = Message(
        "Chưa có người nhận cho {count} đơn vị: {names}",
        "Nobody is told for {count} units: {names}",
    )
    NO_PROVINCE_LEADER = Message(
        "Chưa có lãnh đạo tỉnh: cảnh báo không thể chuyển lên cấp cuối.",
        "There is no province leader: nothing can be escalated to the end.",
    )
    NO_TECHNICIAN = Message(
        "Chưa có cán bộ kỹ thuật: không ai được báo khi mất dữ liệu.",
        "There is no technician: nobody is told of a silent feed.",
    )
    ABSENT_ALONE = Message(
        "{person} vắng mặt {start} đến {end} mà không có người thay.",
        "{person} is away {start} to {end} with nobody to stand in.",
    )
    PREVIEW_PERIOD = Message(
        "Từ {start} đến {end}: lẽ ra đã gửi {messages} tin nhắn cho {people} người.",
        "From {start} to {end}: {messages} messages to {people} people would have been sent.",
    )
    PREVIEW_ASSUMES = Message(
        "Giả định: mọi sự kiện đến ngay khi xảy ra và không nguồn nào mất tín hiệu.",
        "Assumed: every event was known when it happened, and no feed was silent.",
    )
    PREVIEW_WRITTEN = Message("Mở bằng trình duyệt: {address}", "Open it: {address}")
    PREVIEW_BUSIEST = Message(
        "Nhiều nhất trong một ngày: {count} tin nhắn cho {person}.",
        "Most in one day: {count} messages to {person}.",
    )
    COLUMN_RULE = Message("Quy tắc", "Rule")
    COLUMN_ALERTS = Message("Cảnh báo", "Alerts")
    COLUMN_KIND = Message("Loại tin", "Kind")
    COLUMN_ROLE = Message("Vai trò", "Role")
    COLUMN_MESSAGES = Message("Tin nhắn", "Messages")
    COLUMN_PERSON = Message("Người nhận", "Person")
    COLUMN_ALERT = Message("Mã cảnh báo", "Alert")
    COLUMN_UNIT = Message("Đơn vị", "Unit")
    COLUMN_STATE = Message("Trạng thái", "State")
    COLUMN_SINCE = Message("Từ lúc", "Since")
    COLUMN_LEVEL = Message("Cấp", "Level")
    GIVEN_UP = Message(
        "{count} tin nhắn không gửi được sau nhiều lần thử:",
        "{count} messages were given up after many tries:",
    )
    NONE_OPEN = Message("Không có cảnh báo nào còn mở.", "No alert is open.")
    NOT_CONFIGURED = Message(
        "Chưa có tệp: đặt IOC_ALERTS_RULES_FILE và IOC_ALERTS_PEOPLE_FILE.",
        "No files: set IOC_ALERTS_RULES_FILE and IOC_ALERTS_PEOPLE_FILE.",
    )
    BAD_PERIOD = Message("Ngày cuối phải sau ngày đầu.", "The last day must follow the first.")
