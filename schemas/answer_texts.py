"""What the pages say on which people answer alerts, in Vietnamese and English."""

from __future__ import annotations

from schemas.messages import Message, Worded


class AnswerText(Worded):
    """The catalogue of pages, forms and their refusals."""

    TITLE = Message("Phản hồi cảnh báo", "Respond to alerts")
    LIST_TITLE = Message("Cảnh báo chưa xong", "Alerts that are not settled")
    STATE = Message("Trạng thái", "State")
    STATE_OPEN = Message("Chưa phản hồi", "No response")
    STATE_ACKNOWLEDGED = Message("Đã xác nhận", "Acknowledged")
    STATE_EXPLAINED = Message("Đã giải trình", "Explained")
    STATE_RESOLVED = Message("Đã xử lý xong", "Resolved")
    STATE_WITHDRAWN = Message("Đã rút cảnh báo", "Withdrawn")
    ANSWERS = Message("Phản hồi đã có", "Responses so far")
    NOBODY = Message("Chưa ai phản hồi", "Nobody has responded")
    CHOOSE = Message("Chọn hồ sơ", "Choose dossiers")
    ACKNOWLEDGE = Message("Xác nhận đã nhận", "Acknowledge")
    ACKNOWLEDGE_HINT = Message(
        "Anh/chị đã biết và đang xử lý.", "You know of it and are working on it."
    )
    EXPLAIN = Message("Gửi giải trình", "Send the explanation")
    EXPLAIN_TITLE = Message("Giải trình", "Explain")
    CAUSE = Message("Nguyên nhân", "Cause")
    CAUSE_CHOOSE = Message("– chọn –", "– choose –")
    NOTE = Message("Nội dung", "Note")
    NOTE_HINT = Message(
        "Không ghi họ tên, số điện thoại, số giấy tờ, thư điện tử.",
        "No names, telephone numbers, identity numbers or mail addresses.",
    )
    EXPECTED = Message("Dự kiến xong ngày", "Expected on")
    RECORDED = Message("Đã ghi nhận", "Recorded")
    RECORDED_ACKNOWLEDGED = Message(
        "Đã ghi nhận: xác nhận đã nhận ({n} cảnh báo).", "Recorded: acknowledged ({n} alerts)."
    )
    RECORDED_EXPLAINED = Message(
        "Đã ghi nhận: giải trình ({n} cảnh báo).", "Recorded: explained ({n} alerts)."
    )
    NOTHING_LEFT = Message(
        "Cảnh báo này không còn cần phản hồi.", "This alert needs no response any more."
    )
    NOTHING_OPEN = Message("Không có cảnh báo nào.", "There are no alerts.")
    OPEN_ONE = Message("Xem và phản hồi", "Look and respond")
    BACK = Message("Quay lại danh sách", "Back to the list")
    WHO = Message("Người phản hồi: {role} ({person})", "Responding: {role} ({person})")

    DEAD_LINK = Message(
        "Liên kết đã hết hạn hoặc đã được sử dụng",
        "The link has expired or has already been used",
    )
    DEAD_LINK_HINT = Message(
        "Mở thư mới nhất, hoặc phản hồi trên màn hình điều hành.",
        "Open the newest message, or respond on the wall.",
    )
    YOUR_ANSWERS = Message("Phản hồi của anh/chị", "Your responses")
    NOT_STORED = Message(
        "Phản hồi CHƯA được ghi nhận, hãy thử lại sau {n} giây",
        "The response is NOT recorded, try again in {n} s",
    )
    NOT_FROM_HERE = Message(
        "Yêu cầu không đến từ trang này, nên không được ghi nhận.",
        "The request did not come from this page, so nothing is recorded.",
    )
    WRONG_FORM = Message("Biểu mẫu không hợp lệ.", "The form is not valid.")

    # Refusals by code.
    PERSONAL_DATA = Message(
        "Nội dung có vẻ chứa số điện thoại, số giấy tờ hoặc địa chỉ thư điện tử. "
        "Hãy bỏ đi rồi gửi lại.",
        "The text seems to hold a telephone number, an identity number or a mail address. "
        "Take it out and send it again.",
    )
    CAUSE_NEEDED = Message("Hãy chọn nguyên nhân.", "Choose a cause.")
    NOTE_NEEDED = Message(
        "Với lý do khác, hãy ghi nội dung.", "With another reason, write what it is."
    )
    NOTE_TOO_LONG = Message("Nội dung dài quá {n} ký tự.", "The text has more than {n} letters.")
    BAD_DATE = Message("Ngày không hợp lệ.", "This is no date.")
    DATE_PAST = Message("Ngày không được ở quá khứ.", "The date must not lie in the past.")
    DATE_FAR = Message("Ngày quá xa.", "The date is too far ahead.")
    NOTHING_CHOSEN = Message("Hãy chọn ít nhất một hồ sơ.", "Choose at least one dossier.")
    NO_SUCH_ALERT = Message("Không có cảnh báo này.", "There is no such alert.")
    NOT_YOURS = Message(
        "Cảnh báo này không thuộc phạm vi của anh/chị.", "This alert is not within your remit."
    )
    NOBODY_KNOWN = Message(
        "Tài khoản này không có trong danh sách người nhận cảnh báo.",
        "This account is not among the people who get alerts.",
    )
    BAD_KIND = Message("kind: acknowledged hoặc explained.", "kind: acknowledged or explained.")
    BAD_REQUEST = Message("Yêu cầu không hợp lệ.", "The request is not valid.")
    BAD_KEY = Message(
        "Khóa không hợp lệ hoặc đã bị thu hồi", "The key is not valid or has been revoked"
    )

    # Silences.
    SILENCES = Message("Tạm ngừng cảnh báo", "Silences")
    SILENCE_UNIT = Message("Đơn vị (và các đơn vị trực thuộc)", "Unit (and those below it)")
    SILENCE_RULE = Message("Loại cảnh báo", "Rule")
    SILENCE_ALL_RULES = Message("Mọi loại", "Every rule")
    SILENCE_FROM = Message("Từ ngày", "From")
    SILENCE_UNTIL = Message("Đến hết ngày", "Until the end of")
    SILENCE_REASON = Message("Lý do", "Reason")
    SILENCE_ADD = Message("Tạm ngừng", "Silence")
    SILENCE_END = Message("Bật lại", "End")
    SILENCE_NONE = Message("Không có tạm ngừng nào.", "Nothing is silenced.")
    SILENCE_LINE = Message(
        "{unit}, {rule}: từ {start} đến {end}. Lý do: {reason} ({person})",
        "{unit}, {rule}: from {start} to {end}. Reason: {reason} ({person})",
    )
    SILENCE_NOT_ALLOWED = Message(
        "Anh/chị không được tạm ngừng cảnh báo của đơn vị này.",
        "You may not silence the alerts of this unit.",
    )
    SILENCE_NO_REASON = Message("Hãy ghi lý do.", "Write the reason.")
    SILENCE_TOO_LONG = Message(
        "Chỉ được tạm ngừng tối đa {n} ngày.", "At most {n} days may be silenced."
    )
    SILENCE_ORDER = Message("Ngày kết thúc trước ngày bắt đầu.", "It ends before it begins.")
    SILENCE_UNKNOWN_RULE = Message("Không có loại cảnh báo này.", "There is no such rule.")
    SILENCE_UNKNOWN = Message("Không có lệnh tạm ngừng này.", "There is no such silence.")
