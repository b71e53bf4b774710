"""What a kiosk or the switchboard reads out about a dossier, in plain words."""

from __future__ import annotations

from schemas.messages import Message, Worded


class StatusText(Worded):
    """The national statuses, in the portal's words."""

    S1 = Message("Mới đăng ký", "Registered")
    S2 = Message("Được tiếp nhận", "Accepted")
    S3 = Message("Không được tiếp nhận", "Refused")
    S4 = Message("Đang xử lý", "In process")
    S5 = Message("Yêu cầu bổ sung giấy tờ", "More papers are needed")
    S6 = Message("Yêu cầu thực hiện nghĩa vụ tài chính", "A payment is needed")
    S7 = Message("Công dân yêu cầu rút hồ sơ", "Withdrawal asked by the citizen")
    S8 = Message("Dừng xử lý", "Stopped")
    S9 = Message("Đã xử lý xong", "Resolved")
    S10 = Message("Đã trả kết quả", "Result handed over")


class StepText(Worded):
    """One step, as a sentence."""

    S1 = Message("Hồ sơ được đăng ký tại {unit}.", "The file was registered at {unit}.")
    S2 = Message("{unit} đã tiếp nhận hồ sơ.", "{unit} accepted the file.")
    S3 = Message("{unit} không tiếp nhận hồ sơ.", "{unit} did not accept the file.")
    S4 = Message("{unit} đang xử lý hồ sơ.", "{unit} is working on the file.")
    S5 = Message("{unit} yêu cầu bổ sung giấy tờ.", "{unit} asks for more papers.")
    S6 = Message(
        "{unit} yêu cầu thực hiện nghĩa vụ tài chính.", "{unit} asks for a payment to be made."
    )
    S7 = Message("Công dân yêu cầu rút hồ sơ.", "The citizen asked for the file back.")
    S8 = Message("{unit} dừng xử lý hồ sơ.", "{unit} stopped working on the file.")
    S9 = Message(
        "{unit} đã xử lý xong, kết quả chờ trả.", "{unit} is done; the result can be collected."
    )
    S10 = Message("Kết quả đã được trả tại {unit}.", "The result was handed over at {unit}.")
    APOLOGY = Message(
        "{unit} có văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết.",
        "{unit} apologised in writing and asked for more time.",
    )
    NEW_DATE = Message("Hẹn trả kết quả mới: {due}.", "The result is promised anew for {due}.")


class StateText(Worded):
    """How a dossier stands against its due time."""

    AWAITING = Message("Chờ tiếp nhận", "Awaiting receipt")
    RECEIPT_OVERDUE = Message("Quá hạn tiếp nhận", "Receipt overdue")
    IN_TIME = Message("Đang giải quyết trong hạn", "In process, in time")
    DUE_SOON = Message("Đang giải quyết, sắp đến hạn", "In process, due soon")
    OVERDUE = Message("Đang giải quyết, quá hạn", "In process, overdue")
    PAUSED = Message("Tạm dừng tính thời hạn", "Paused")
    NO_DUE = Message("Đang giải quyết, chưa có ngày hẹn trả", "In process, no due date yet")
    EARLY = Message("Đã giải quyết trước hạn", "Resolved early")
    ON_TIME = Message("Đã giải quyết đúng hạn", "Resolved on time")
    LATE = Message("Đã giải quyết quá hạn", "Resolved late")
    RESOLVED = Message("Đã giải quyết", "Resolved")
    CLOSED = Message("Đã kết thúc, không có kết quả", "Closed without a result")


class ReadingText(Worded):
    """Everything else."""

    DUE_DAY = Message("ngày {day}", "{day}")
    DUE_TIME = Message("{time} ngày {day}", "{time} on {day}")
    DUE = Message("Hẹn trả kết quả: {due}.", "The result is promised for {due}.")
    COLLECT = Message("Kết quả đang chờ trả tại {unit}.", "The result can be collected at {unit}.")
    UNNAMED = Message("Đơn vị xử lý", "The unit in charge")


class ReadingSaid(Worded):
    """Refusals of the reading routes."""

    UNKNOWN_DOSSIER = Message(
        "Không tìm thấy hồ sơ. Kiểm tra mã hồ sơ và các số in trên giấy tiếp nhận.",
        "No such file. Check its code and the digits printed on the receipt.",
    )
    NO_RECEIPTS = Message(
        "Hệ thống này không dùng số in trên giấy tiếp nhận",
        "This system uses no digits on receipts",
    )
    SANDBOX = Message(
        "Khóa thử nghiệm không đọc được dữ liệu thật", "A sandbox key reads no real data"
    )
    CURSOR = Message(
        "Con trỏ không hợp lệ; bắt đầu lại bằng changed_since",
        "The cursor is not valid; begin again with changed_since",
    )
    UNIT_NEEDED = Message(
        "Khóa có nhiều đơn vị: hãy ghi unit", "The key covers several units: say which one"
    )
    PERIOD = Message(
        "Kỳ không hợp lệ: from ≤ to, không quá 10 năm, dạng yyyy-mm-dd",
        "The period is not valid: from ≤ to, at most 10 years, as yyyy-mm-dd",
    )
