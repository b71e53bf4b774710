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
    NEW_COUNT = Message("+{n} mới", "+{n} new")
    WORKING_HOURS = Message("{n} giờ", "{n} h")
    WORKING_DAYS = Message("{n} ngày", "{n} days")
    HEADING_WORKING_HOURS = Message("{title} (giờ làm việc)", "{title} (working hours)")
    BY_DAY = Message("theo ngày", "by day")
    BY_WEEK = Message("theo tuần", "by week")
    BY_MONTH = Message("theo tháng", "by month")
    BALANCED = Message("Cân đối", "Balanced")
    BALANCING = Message("Đang cập nhật", "Being updated")
    UNBALANCED = Message("KHÔNG CÂN ĐỐI, lệch {difference}", "DOES NOT BALANCE, by {difference}")
    PERIOD_HALF = Message("6 tháng, {from} – {to}", "Half year, {from} – {to}")
    PERIOD_NAME_DEFAULT = Message("Mặc định", "Default")
    PERIOD_NAME_TODAY = Message("Hôm nay", "Today")
    PERIOD_NAME_WEEK = Message("Tuần này", "This week")
    PERIOD_NAME_MONTH = Message("Tháng này", "This month")
    PERIOD_NAME_QUARTER = Message("Quý này", "This quarter")
    PERIOD_NAME_HALF = Message("6 tháng", "Half year")
    PERIOD_NAME_YEAR = Message("Năm nay", "This year")
    PERIOD_NAME_ALL = Message("Toàn bộ", "All")
    PERIOD_NAME_RANGE = Message("Tự chọn …", "Own range …")
    FILTER_TITLE = Message("Chọn kỳ, phạm vi", "Period and scope")
    FILTER_PERIOD = Message("Kỳ", "Period")
    FILTER_FROM = Message("Từ ngày", "From")
    FILTER_TO = Message("Đến ngày", "To")
    FILTER_UNIT = Message("Đơn vị", "Unit")
    FILTER_LEVEL = Message("Cấp", "Level")
    FILTER_FIELD = Message("Lĩnh vực", "Field")
    FILTER_CHANNEL = Message("Kênh tiếp nhận", "Channel")
    FILTER_DOSSIER = Message("Mã hồ sơ", "Dossier code")
    FILTER_ALL = Message("Tất cả", "All")
    FILTER_APPLY = Message("Xem", "Show")
    FILTER_RESET = Message("Bỏ chọn", "Reset")
    LEVEL_PROVINCE = Message("Cấp tỉnh", "Province")
    LEVEL_DEPARTMENT = Message("Sở, ban, ngành", "Departments")
    LEVEL_DISTRICT = Message("Cấp huyện", "Districts")
    LEVEL_COMMUNE = Message("Cấp xã", "Communes")
    CHANNEL_1 = Message("Trực tiếp", "Counter")
    CHANNEL_2 = Message("Trực tuyến", "Online")
    CHANNEL_3 = Message("Bưu chính công ích", "Postal")
    MENU = Message("Bảng điều hành", "Boards")
    CLOSE = Message("Đóng", "Close")
    COPY_LINK = Message("Chép liên kết", "Copy link")
    COPIED = Message("Đã chép", "Copied")
    THEME = Message("Sáng, tối", "Light, dark")
    HELP = Message("Trợ giúp", "Help")
    HELP_KEYS = Message("Phím tắt", "Keys")
    HELP_BOARDS = Message("Chuyển bảng", "Go to a board")
    HELP_NEIGHBOURS = Message("Bảng trước, bảng sau", "Board before, board after")
    HELP_FILTER = Message("Chọn kỳ và phạm vi", "Choose period and scope")
    HELP_TAB = Message("Đi qua từng ô, Enter để xem chi tiết", "Go through the panels, Enter opens")
    HELP_ESCAPE = Message("Đóng cửa sổ", "Close the window")
    HELP_COLOURS = Message(
        "Đỏ: cần xử lý, mới hoặc xấu đi trong ca. Vàng: chú ý. Mỗi màu đều có ký hiệu đi kèm.",
        "Red: needs action, new or worse in this shift. Amber: notice. Each has its own sign.",
    )
    EXPLAIN = Message("Giải thích số liệu: {title}", "What this is: {title}")
    EXPLAIN_DEFINITION = Message("Định nghĩa", "Definition")
    EXPLAIN_AGE = Message("Thời điểm của số liệu", "Age of the data")
    EXPLAIN_AGE_TEXT = Message(
        "Đọc lúc {read}; đủ dữ liệu đến {complete}.", "Read at {read}; complete up to {complete}."
    )
    EXPLAIN_TABLE = Message("Bảng số liệu", "Table")
    EXPLAIN_QUERY = Message("Câu truy vấn", "Query")
    EXPLAIN_VALUES = Message("Giá trị của màn hình này", "Values of this screen")
    EXPLAIN_EXPORT = Message("Tải về", "Download")
    EXPORT_XLSX = Message("Excel", "Excel")
    EXPORT_CSV = Message("CSV", "CSV")
    COLUMN_DAY = Message("Ngày", "Day")
    COLUMN_MOMENT = Message("Thời điểm", "Moment")
    COLUMN_FIGURE = Message("Chỉ tiêu", "Figure")
    COLUMN_VALUE = Message("Giá trị", "Value")
    COLUMN_DEFINITION = Message("Định nghĩa", "Definition")
    FILE_BOARD = Message("Bảng", "Board")
    FILE_COMPLETE = Message("Đủ dữ liệu đến", "Complete up to")
    FILE_AS_OF = Message("Hạn trả so với", "Due times compared with")
    FILE_WRITTEN = Message("Xuất lúc", "Written at")
    FILE_WARNING = Message("Cảnh báo", "Warning")
    FAULT = Message("Không đọc được từ {moment}", "Cannot be read since {moment}")
    WAITING = Message("Đọc chậm, đang chờ từ {moment}", "Slow to read, waiting since {moment}")
    OLD_PANEL = Message("Số liệu cũ, đọc lúc {moment}", "Old figures, read at {moment}")
    CHARTS_MISSING = Message("Không tải được biểu đồ", "The charts could not be loaded")
    SIGN_IN = Message("Đăng nhập", "Sign in")
    ALERTS = Message("Cảnh báo", "Alerts")
    SIGN_OUT = Message("Đăng xuất ({name})", "Sign out ({name})")
    SIGN_IN_NEEDED = Message(
        "Chỉ người đã đăng nhập xem được từng hồ sơ", "Single dossiers: only after signing in"
    )
    CHOOSE_DOSSIER = Message(
        "Chọn một hồ sơ trong danh sách hoặc nhập mã hồ sơ",
        "Choose a dossier from the list, or name one",
    )
    LOGIN_TITLE = Message("Đăng nhập màn hình điều hành", "Sign in to the wall")
    LOGIN_NAME = Message("Tên đăng nhập", "Name")
    LOGIN_PASSWORD = Message("Mật khẩu", "Password")
    LOGIN_SUBMIT = Message("Đăng nhập", "Sign in")
    LOGIN_WRONG = Message("Tên hoặc mật khẩu không đúng", "Name or password is wrong")
    LOGIN_WAIT = Message(
        "Sai nhiều lần, hãy thử lại sau một phút", "Wrong too often, try again in a minute"
    )
    MARK = Message("Đã gọi, đang chờ", "Called, waiting")
    MARK_BY = Message(
        "Đã gọi, đang chờ: {note} ({author}, đến {until})",
        "Called, waiting: {note} ({author}, until {until})",
    )
    MARK_TITLE = Message("Đánh dấu {subject}", "Mark {subject}")
    MARK_NOTE = Message("Ghi chú", "Note")
    MARK_WARNING = Message(
        "Mọi người đều thấy ghi chú này. Không ghi họ tên, số điện thoại, số định danh của công "
        "dân.",
        "Everyone sees this note. No names, phone or identity numbers of citizens.",
    )
    MARK_UNTIL = Message("Hiệu lực", "Stands for")
    MARK_HOURS = Message("{hours} giờ", "{hours} hours")
    MARK_SAVE = Message("Đánh dấu", "Mark")
    MARK_END = Message("Bỏ đánh dấu", "Take the mark away")
    MARK_FAILED = Message("CHƯA lưu được, hãy thử lại", "NOT stored, try again")
    MARK_PERSONAL = Message(
        "Ghi chú có vẻ chứa dữ liệu cá nhân (số dài hoặc địa chỉ thư)",
        "The note seems to hold personal data (a long number or a mail address)",
    )
    TV_NEXT = Message("Màn hình {number}/{count}", "Screen {number} of {count}")
    NEW_IN_SHIFT = Message("mới trong ca", "new in this shift")
    ALARM_SIGN = Message("Cần xử lý", "Needs action")
    NOTICE_SIGN = Message("Chú ý", "Notice")


def describe_texts(language: str) -> dict[str, str]:
    """Return every text in one language by its name in lower case, placeholders unfilled."""
    return {text.name.lower(): text.in_language(language) for text in WallText}
