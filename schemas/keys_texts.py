"""Texts of `ioc keys` and `ioc gateway`, in Vietnamese and English."""

from __future__ import annotations

from schemas.messages import Message, Worded


class KeysHelp(Worded):
    """Help texts."""

    GATEWAY = Message(
        "Chạy cổng tiếp nhận HTTP trong cửa sổ này.", "Run the HTTP gateway in this terminal."
    )
    KEYS = Message("Khóa của các đơn vị kết nối.", "Keys of integrators.")
    KEYS_CREATE = Message(
        "Tạo khóa; nội dung khóa chỉ hiện một lần.", "Make a key; its text is shown only once."
    )
    KEYS_LIST = Message(
        "Liệt kê khóa và lần dùng gần nhất.", "List the keys and when each was last used."
    )
    KEYS_ROTATE = Message(
        "Tạo khóa mới cùng quyền; khóa cũ còn dùng được một thời gian.",
        "Make a new key with the same rights; the old one works for a while.",
    )
    KEYS_REVOKE = Message("Thu hồi khóa ngay.", "Take a key away at once.")
    KEY_SOURCE = Message(
        "Tên nguồn duy nhất mà khóa được gửi, ví dụ motcua-hoabinh.",
        "The only source that the key may send for, e.g. motcua-hoabinh.",
    )
    KEY_UNIT = Message(
        "Mã đơn vị (gồm cả đơn vị trực thuộc); có thể lặp lại.",
        "Code of a unit (with its sub-units); may be repeated.",
    )
    KEY_RIGHT = Message(
        "Quyền: push (gửi), lookup (tra cứu một hồ sơ), read (đọc danh sách và số liệu).",
        "Right: push, lookup (one dossier), read (lists and figures).",
    )
    KEY_LABEL = Message(
        "Ghi chú để nhận ra khóa; không ghi dữ liệu cá nhân.",
        "What people call the key; no personal data.",
    )
    KEY_SANDBOX = Message(
        "Khóa thử nghiệm: sự kiện không vào số liệu.",
        "A key for trying: its events never reach the figures.",
    )
    KEY_DAYS = Message(
        "Hết hạn sau bao nhiêu ngày; 0 = không hết hạn.", "Days until it expires; 0 = never."
    )
    KEY_FILE = Message(
        "Ghi khóa vào tệp mới này (chỉ chủ tệp đọc được) thay vì in ra.",
        "Write the key into this new file, for its owner alone, instead of showing it.",
    )
    KEY_ID = Message("Mã của khóa, xem ioc keys list.", "Id of the key, see ioc keys list.")
    KEY_HOURS = Message(
        "Khóa cũ còn dùng được bao nhiêu giờ (IOC_GATEWAY_ROTATION_HOURS).",
        "Hours that the old key still works (IOC_GATEWAY_ROTATION_HOURS).",
    )


class KeysText(Worded):
    """What the commands say."""

    CREATED = Message(
        "Đã tạo khóa {key_id}. Hãy cất khóa, nó không hiện lại lần nữa:",
        "Made the key {key_id}. Keep it, it is not shown again:",
    )
    CREATED_FILE = Message("Đã tạo khóa {key_id} trong {file}", "Made the key {key_id} in {file}")
    OLD_UNTIL = Message(
        "Khóa cũ {key_id} dùng được đến {time}.", "The old key {key_id} works until {time}."
    )
    REVOKED = Message(
        "Đã thu hồi khóa {key_id}; cổng tiếp nhận từ chối nó sau {seconds} giây.",
        "Revoked the key {key_id}; gateways refuse it after {seconds} s.",
    )
    UNKNOWN_KEY = Message(
        "Không có khóa {key_id}; xem: ioc keys list", "There is no key {key_id}; see: ioc keys list"
    )
    DEAD_KEY = Message(
        "Khóa {key_id} đã bị thu hồi hoặc hết hạn; hãy tạo khóa mới.",
        "The key {key_id} is revoked or expired; make a new one.",
    )
    UNKNOWN_UNIT = Message("Không có đơn vị nào mang mã {unit}.", "No unit has the code {unit}.")
    NO_UNIT = Message(
        "Cần ít nhất một đơn vị: --unit MÃ", "At least one unit is needed: --unit CODE"
    )
    BAD_SOURCE = Message(
        "Tên nguồn dài 1–64 ký tự, không có ký tự điều khiển.",
        "A source has 1 to 64 characters and no control characters.",
    )
    FILE_EXISTS = Message(
        "Tệp {file} đã có; hãy chọn tên khác.", "The file {file} exists; choose another name."
    )
    UP_GATEWAY = Message(
        "Gửi sự kiện tới {url}/v1/events, khóa nằm trong {file}",
        "Send events to {url}/v1/events, the key is in {file}",
    )
    COLUMN_KEY = Message("Mã khóa", "Key")
    COLUMN_LABEL = Message("Ghi chú", "Label")
    COLUMN_SOURCE = Message("Nguồn", "Source")
    COLUMN_UNITS = Message("Đơn vị", "Units")
    COLUMN_RIGHTS = Message("Quyền", "Rights")
    COLUMN_STATE = Message("Trạng thái", "State")
    COLUMN_USED = Message("Dùng gần nhất", "Last use")
    STATE_WORKS = Message("dùng được", "works")
    STATE_SANDBOX = Message("thử nghiệm", "sandbox")
    STATE_UNTIL = Message("đến {time}", "until {time}")
    STATE_EXPIRED = Message("hết hạn {time}", "expired {time}")
    STATE_REVOKED = Message("thu hồi {time}", "revoked {time}")
    NEVER = Message("chưa dùng", "never")
