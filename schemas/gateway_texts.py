"""What the gateway says to integrators, in Vietnamese and English.

`Refused` is about a whole request, `Fault` about one event. A fault has a text and a cure; its
name in small letters is the stable code that software may act on.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from schemas.messages import Message, Worded


class Refused(Worded):
    """Why a whole request was not carried out."""

    BAD_KEY = Message(
        "Khóa không hợp lệ hoặc đã bị thu hồi", "The key is not valid or has been revoked"
    )
    NO_RIGHT = Message("Khóa không có quyền {right}", "The key lacks the right {right}")
    FOREIGN_UNIT = Message(
        "Khóa không có quyền với đơn vị {unit}", "The key has no rights for the unit {unit}"
    )
    NOT_FOUND = Message("Không có địa chỉ này", "There is nothing at this address")
    METHOD = Message("Địa chỉ này không nhận {method}", "This address does not take {method}")
    TOO_SLOW = Message(
        "Dữ liệu đến quá chậm, hãy gửi lại", "The body arrived too slowly, send it again"
    )
    CUT_SHORT = Message("Kết nối bị ngắt khi đang gửi", "The connection ended before the body did")
    TOO_LARGE = Message(
        "Gói dữ liệu vượt {n} MB, hãy chia nhỏ", "The body exceeds {n} MB, split it up"
    )
    TOO_MANY_ITEMS = Message(
        "Gói dữ liệu vượt {n} sự kiện, hãy chia nhỏ", "The body exceeds {n} events, split it up"
    )
    MEDIA_TYPE = Message(
        "Kiểu dữ liệu không được hỗ trợ: dùng application/json, application/x-ndjson hoặc "
        "application/cloudevents+json",
        "Unsupported media type: use application/json, application/x-ndjson or "
        "application/cloudevents+json",
    )
    ENCODING = Message(
        "Chỉ hỗ trợ nén gzip (Content-Encoding: gzip)",
        "Only gzip is supported (Content-Encoding: gzip)",
    )
    IN_THE_CLEAR = Message(
        "Khóa sẽ đi qua mạng mà không được mã hóa: hãy gọi qua https",
        "The key would travel over the network in the clear: call by https",
    )
    BAD_GZIP = Message("Dữ liệu gzip bị hỏng", "The gzip data are damaged")
    NOT_JSON = Message(
        "Nội dung không phải JSON mã hóa UTF-8: {reason}", "The body is not JSON in UTF-8: {reason}"
    )
    EMPTY = Message("Gói dữ liệu không có sự kiện nào", "The body holds no event")
    BAD_PARAMETER = Message(
        "Tham số {name} không hợp lệ: {reason}", "The parameter {name} is not valid: {reason}"
    )
    ALL_REJECTED = Message(
        "Không có sự kiện nào được nhận; lý do nằm trong results",
        "No event was accepted; results say why",
    )
    TOO_FAST = Message(
        "Gửi quá nhanh, thử lại sau {n} giây", "Too fast, try again after {n} seconds"
    )
    NOT_SAVED = Message(
        "Dữ liệu CHƯA được ghi nhận, gửi lại sau {n} giây",
        "The data are NOT saved, send them again after {n} seconds",
    )
    NOT_READABLE = Message(
        "Chưa đọc được dữ liệu, thử lại sau {n} giây",
        "The data cannot be read now, try again after {n} seconds",
    )
    BROKEN = Message(
        "Lỗi của máy chủ, hãy báo mã yêu cầu cho đơn vị vận hành",
        "An error of the server; tell the operators the request id",
    )


class Described(NamedTuple):
    """One fault of an event.

    Attributes:
        text: what is wrong; `{field}`, `{value}`, `{server_time}` may stand in it.
        cure: what the sender does about it.
    """

    text: Message
    cure: Message


class Fault(Enum):
    """Why one event was not accepted, or not counted again."""

    DUPLICATE = Described(
        Message(
            "Sự kiện đã được nhận trước đó, không tính lại",
            "The event was received before and is not counted again",
        ),
        Message("Không cần làm gì", "Nothing needs to be done"),
    )
    ID_REUSED = Described(
        Message(
            'Mã sự kiện "{value}" đã được dùng cho nội dung khác; nội dung này không được tính',
            'The event id "{value}" was used for another content; this one is not counted',
        ),
        Message(
            "Gửi nội dung đã sửa thành một sự kiện mới có event_id riêng",
            "Send the corrected content as a new event with an event_id of its own",
        ),
    )
    UNSAVED = Described(
        Message("Dữ liệu CHƯA được ghi nhận", "The data are NOT saved"),
        Message("Gửi lại sự kiện này", "Send this event again"),
    )
    NOT_JSON = Described(
        Message(
            "Sự kiện không phải là một đối tượng JSON mã hóa UTF-8",
            "The event is not a JSON object in UTF-8",
        ),
        Message(
            "Kiểm tra dấu ngoặc, dấu phẩy và bảng mã của sự kiện",
            "Check brackets, commas and the character encoding of the event",
        ),
    )
    TOO_LONG = Described(
        Message("Sự kiện dài quá {value} byte", "The event is longer than {value} bytes"),
        Message(
            "Bỏ các trường không có trong hướng dẫn",
            "Leave out fields that the guide does not name",
        ),
    )
    TOO_DEEP = Described(
        Message("Sự kiện lồng nhau quá {value} tầng", "The event is nested deeper than {value}"),
        Message(
            "Bỏ các trường không có trong hướng dẫn",
            "Leave out fields that the guide does not name",
        ),
    )
    MISSING_FIELD = Described(
        Message("Thiếu trường bắt buộc {field}", "The required field {field} is missing"),
        Message("Thêm trường {field}", "Add the field {field}"),
    )
    BAD_STATUS = Described(
        Message(
            '{field} không hợp lệ (chỉ 1–10): "{value}"',
            '{field} is not valid (only 1-10): "{value}"',
        ),
        Message(
            "Dùng mã TrangThaiHoSo quốc gia, kiểu số", "Use the national status code, a number"
        ),
    )
    BAD_TIME = Described(
        Message(
            '{field} sai định dạng ISO 8601 có múi giờ, hoặc ngoài 2010–2035: "{value}"',
            '{field} is not ISO 8601 with an offset, or outside of 2010-2035: "{value}"',
        ),
        Message("Viết như 2024-09-03T08:15:00+07:00", "Write it like 2024-09-03T08:15:00+07:00"),
    )
    FUTURE_TIME = Described(
        Message(
            "Thời điểm ở tương lai, kiểm tra đồng hồ máy (giờ máy chủ: {server_time})",
            "The time lies in the future, check the machine's clock (server: {server_time})",
        ),
        Message(
            "Chỉnh đồng hồ của máy gửi rồi gửi lại sự kiện",
            "Set the sending machine's clock right and send the event again",
        ),
    )
    BAD_VALUE = Described(
        Message('{field} không hợp lệ: "{value}"', '{field} is not valid: "{value}"'),
        Message("Xem kiểu và độ dài của {field} trong hướng dẫn", "See {field} in the guide"),
    )
    UNKNOWN_UNIT = Described(
        Message(
            'Không có đơn vị nào mang mã "{value}" trong danh mục', 'No unit has the code "{value}"'
        ),
        Message(
            "Dùng mã đơn vị trong danh mục của tỉnh", "Use a code of the province's list of units"
        ),
    )
    FOREIGN_UNIT = Described(
        Message(
            "Khóa không có quyền với đơn vị {value}", "The key has no rights for the unit {value}"
        ),
        Message(
            "Kiểm tra mã đơn vị, hoặc xin khóa có đơn vị này",
            "Check the code, or ask for a key that covers this unit",
        ),
    )
    FOREIGN_SOURCE = Described(
        Message(
            "Khóa không được gửi thay cho nguồn khác", "The key may not send for another source"
        ),
        Message(
            "Bỏ trường source hoặc ghi đúng nguồn của khóa: {value}",
            "Leave source out, or write the key's own: {value}",
        ),
    )
    FOREIGN_DOSSIER = Described(
        Message(
            "Khóa không có quyền với đơn vị đang giữ hồ sơ này",
            "The key has no rights for the unit that has this dossier",
        ),
        Message(
            "Kiểm tra mã hồ sơ; hồ sơ của đơn vị khác do đơn vị đó gửi",
            "Check the dossier's code; another unit's dossier is sent by that unit",
        ),
    )
    UNIT_MISSING = Described(
        Message(
            "Sự kiện đầu tiên của hồ sơ phải ghi đơn vị (receiver hoặc authority)",
            "A dossier's first event must name a unit (receiver or authority)",
        ),
        Message("Thêm trường receiver", "Add the field receiver"),
    )
    BAD_ENVELOPE = Described(
        Message(
            'Phong bì CloudEvents không hợp lệ: {field} "{value}"',
            'The CloudEvents envelope is not valid: {field} "{value}"',
        ),
        Message(
            "Cần specversion 1.0, id, source, type và data kiểu JSON",
            "It needs specversion 1.0, id, source, type and JSON data",
        ),
    )

    @property
    def code(self) -> str:
        """The stable code."""
        return self.name.lower()

    @classmethod
    def of(cls, code: str) -> Fault:
        """Return the fault of a code; one that is not known is a bad value."""
        return cls.__members__.get(code.upper(), cls.BAD_VALUE)
