"""The integrator's page, in Vietnamese and English."""

from __future__ import annotations

from schemas.messages import Message, Worded


class PageText(Worded):
    """Every text of the page."""

    TITLE = Message("Kết nối phần mềm một cửa", "Connect your desk software")
    OTHER_LANGUAGE = Message("English", "Tiếng Việt")
    KEY = Message("Khóa kết nối", "Key")
    KEY_HINT = Message(
        "Khóa bắt đầu bằng ioc_ và chỉ được giữ trong trình duyệt này cho đến khi đóng.",
        "It begins with ioc_ and stays in this browser only, until that is closed.",
    )
    ENTER = Message("Mở trang", "Open the page")
    LEAVE = Message("Thoát", "Leave")
    BAD_KEY = Message(
        "Khóa không hợp lệ hoặc đã bị thu hồi", "The key is not valid or has been revoked"
    )
    WAIT = Message("Thử quá nhanh, thử lại sau {n} giây", "Too fast, try again after {n} seconds")
    AWAY = Message(
        "Chưa đọc được dữ liệu, thử lại sau ít phút", "The data cannot be read now, try later"
    )
    NONE = Message("Không có dữ liệu", "No data")

    SOURCE = Message("Nguồn", "Source")
    UNITS = Message("Đơn vị", "Units")
    RIGHTS = Message("Quyền", "Rights")
    EXPIRES = Message("Hết hạn", "Expires")
    NEVER = Message("không thời hạn", "never")
    SANDBOX = Message(
        "Khóa thử nghiệm: sự kiện được kiểm tra nhưng không tính vào số liệu.",
        "A sandbox key: events are checked but never reach the figures.",
    )
    RIGHT_PUSH = Message("gửi sự kiện", "send events")
    RIGHT_LOOKUP = Message("tra cứu hồ sơ", "look dossiers up")
    RIGHT_READ = Message("đọc danh sách và số liệu", "read lists and figures")

    STATE = Message("Tình trạng", "State")
    LAST_HEARD = Message("Nhận sự kiện gần nhất", "Last event received")
    LAST_HAPPENED = Message("Sự kiện mới nhất xảy ra lúc", "Newest event happened")
    TODAY = Message("24 giờ qua", "Last 24 hours")
    ACCEPTED = Message("được nhận", "accepted")
    DUPLICATE = Message("trùng", "duplicates")
    REJECTED = Message("bị từ chối", "rejected")
    SKEW = Message("Đồng hồ máy gửi", "Sender's clock")
    SKEW_AHEAD = Message("nhanh {n} giây", "{n} s ahead")
    SKEW_BEHIND = Message("chậm {n} giây", "{n} s behind")
    SKEW_RIGHT = Message("đúng giờ", "right")
    SKEW_UNKNOWN = Message("chưa đo được", "not measured yet")

    SILENCE = Message("Đơn vị im lặng", "Silent units")
    SILENT = Message(
        "Chưa nhận được dữ liệu từ {unit} kể từ {at}", "Nothing was received from {unit} since {at}"
    )
    NOT_SILENT = Message("Không có đơn vị nào im lặng bất thường", "No unit is unusually silent")

    TRY = Message("Thử khóa", "Try the key")
    TRY_HINT = Message(
        "Một sự kiện JSON. «Kiểm tra» không lưu gì; «Gửi» ghi nhận sự kiện.",
        "One event as JSON. “Check” saves nothing; “Send” records it.",
    )
    CHECK = Message("Kiểm tra", "Check")
    SEND = Message("Gửi", "Send")
    RESULT = Message("Kết quả", "Result")
    RESULT_ACCEPTED = Message("Đã được ghi nhận", "Recorded")
    RESULT_DUPLICATE = Message(
        "Sự kiện đã được nhận trước đó, không tính lại",
        "The event was received before and is not counted again",
    )
    RESULT_VALID = Message("Hợp lệ, chưa lưu", "Valid, not saved")
    RESULT_UNSAVED = Message(
        "Dữ liệu CHƯA được ghi nhận, gửi lại sau {n} giây",
        "The data are NOT saved, send them again after {n} seconds",
    )
    TOO_LARGE = Message("Nội dung quá dài", "The text is too long")
    NO_PUSH = Message("Khóa không có quyền gửi", "The key may not send")

    LAST_EVENTS = Message("Sự kiện gần đây", "Last events")
    SANDBOX_EVENTS = Message(
        "Sự kiện của khóa thử nghiệm không được lưu lại.", "Events of a sandbox key are not kept."
    )
    STORED = Message("Nhận lúc", "Received")
    HAPPENED = Message("Xảy ra lúc", "Happened")
    DOSSIER = Message("Mã hồ sơ", "Dossier")
    STATUS = Message("Trạng thái", "Status")

    REJECTS = Message("Sự kiện bị từ chối", "Rejected events")
    NO_REJECTS = Message("Không có sự kiện nào bị từ chối", "No event was rejected")
    DOWNLOAD = Message("Tải về (NDJSON)", "Download (NDJSON)")
    REASON = Message("Lý do", "Reason")
    CURE = Message("Cách sửa", "Cure")
    MEND = Message("Sửa và gửi lại", "Mend and send again")
    MENDED = Message("đã được nhận sau đó", "received since")
    MEND_HINT = Message(
        "Chỉ mã, số và thời gian được giữ lại; bổ sung phần còn thiếu.",
        "Only codes, numbers and times were kept; add what is missing.",
    )

    RECONCILIATION = Message("Đối soát", "Reconciliation")
    NO_RECONCILIATION = Message(
        "Chưa đối soát lần nào (POST /v1/reconcile)", "Never compared (POST /v1/reconcile)"
    )
    PERIOD = Message("Kỳ", "Period")
    DESK_HOLDS = Message("Phần mềm có", "The desk holds")
    SAME = Message("Khớp", "Same")
    MISSING = Message("Thiếu ở trung tâm", "Missing here")
    EXCESS = Message("Thừa ở trung tâm", "Excess here")
    DIFFERING = Message("Khác trạng thái", "Other status")
