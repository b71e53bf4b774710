"""What `POST /v1/sync`, mappings and reconciliation say, in Vietnamese and English."""

from __future__ import annotations

from typing import NamedTuple

from schemas.messages import Message, Worded


class SyncSaid(Worded):
    """What the answer as a whole says, in the portal's manner."""

    DONE = Message("Đồng bộ hồ sơ thành công", "The dossiers were synchronised")
    DONE_WITH_LOSSES = Message(
        "Đồng bộ hồ sơ thành công; {losses} thông tin chưa ghi nhận được hoặc cần kiểm tra, xem "
        "results",
        "The dossiers were synchronised; {losses} facts could not be taken or need a look, see "
        "results",
    )
    SOME_REJECTED = Message(
        "{rejected}/{count} hồ sơ bị từ chối: {reason}", "{rejected} of {count} rejected: {reason}"
    )
    NOT_SAVED = Message(
        "Dữ liệu CHƯA được ghi nhận, gửi lại sau {n} giây",
        "The data are NOT saved, send them again after {n} s",
    )
    NO_ENTRIES = Message(
        "Bản tin không có hồ sơ nào: cần danh sách data",
        "The message holds no dossier: a list called data is needed",
    )
    NO_MAPPING = Message("Không có ánh xạ tên {name}", "There is no mapping called {name}")
    RECORDS = Message(
        "Nội dung không khớp với ánh xạ: {reason}", "The body does not fit the mapping: {reason}"
    )
    SANDBOX = Message(
        "Khóa thử nghiệm: dữ liệu không nằm trong kho nên không đối soát được",
        "A sandbox key: its data are not in the warehouse, so there is nothing to reconcile",
    )
    PERIOD = Message(
        "Kỳ đối soát không hợp lệ: {reason}", "The period of the reconciliation is wrong: {reason}"
    )
    SHAPE = Message(
        "Nội dung đối soát không hợp lệ: {reason}",
        "The body of the reconciliation is wrong: {reason}",
    )


class Advice(NamedTuple):
    """What is wrong with an entry, and what to do about it; `{field}` and `{value}` are filled."""

    text: Message
    cure: Message


_CLOCK = Message(
    "Kiểm tra đồng hồ và trường ngày của phần mềm", "Check the software's clock and its dates"
)
#: By stable code.
ADVICE: dict[str, Advice] = {
    "not_json": Advice(
        Message("Không phải là một đối tượng JSON", "Not a JSON object"),
        Message("Mỗi hồ sơ là một đối tượng", "Each dossier is one object"),
    ),
    "missing_field": Advice(
        Message("Thiếu trường bắt buộc {field}", "The required field {field} is missing"),
        Message("Bổ sung trường {field} rồi gửi lại", "Add {field} and send it again"),
    ),
    "bad_time": Advice(
        Message(
            '{field} sai định dạng yyyyMMddHHmmss: "{value}"',
            '{field} is not yyyyMMddHHmmss: "{value}"',
        ),
        Message("Ghi giờ Việt Nam, ví dụ 20240903081500", "Write local time as 20240903081500"),
    ),
    "unreadable_time": Advice(
        Message(
            '{field}: thời gian không đọc được theo ánh xạ: "{value}"',
            '{field}: the mapping cannot read this time: "{value}"',
        ),
        Message(
            "Sửa giá trị, hoặc thêm định dạng vào times của tệp ánh xạ",
            "Mend the value, or add its format to the mapping's times",
        ),
    ),
    "bad_status": Advice(
        Message(
            '{field} không hợp lệ (chỉ 1–10): "{value}"',
            '{field} is not valid (only 1-10): "{value}"',
        ),
        Message("Dùng mã trạng thái quốc gia", "Use the national status code"),
    ),
    "bad_value": Advice(
        Message('{field} không hợp lệ: "{value}"', '{field} is not valid: "{value}"'),
        Message("Sửa giá trị rồi gửi lại", "Mend the value and send it again"),
    ),
    "unknown_unit": Advice(
        Message(
            'Không có đơn vị nào tên "{value}" trong danh mục',
            'No unit of the catalogue is called "{value}"',
        ),
        Message(
            "Ghi đúng tên đơn vị, hoặc báo IOC thêm tên gọi này vào danh mục",
            "Write the unit's name, or ask the IOC to add this name to its catalogue",
        ),
    ),
    "ambiguous_unit": Advice(
        Message('"{value}" có thể là nhiều đơn vị', '"{value}" may mean several units'),
        Message(
            "Ghi rõ đơn vị cấp trên, ví dụ: UBND xã Cao Sơn, huyện Đà Bắc",
            "Name the unit above it as well, such as: UBND xã Cao Sơn, huyện Đà Bắc",
        ),
    ),
    "no_time": Advice(
        Message(
            "Bản tin không cho biết thời điểm của trạng thái {value}",
            "The message does not say when status {value} began",
        ),
        Message(
            "Gửi kèm CapNhatTienDoHoSoMC, hoặc điền NgayKetThucXuLy, NgayTra",
            "Send CapNhatTienDoHoSoMC too, or fill NgayKetThucXuLy, NgayTra",
        ),
    ),
    "end_before_receipt": Advice(
        Message(
            "{field} sớm hơn NgayTiepNhan: {value}; kết quả chưa được tính",
            "{field} lies before NgayTiepNhan: {value}; the end is not counted",
        ),
        _CLOCK,
    ),
    "supplement_pending": Advice(
        Message(
            "Báo đã xử lý xong trong khi đang chờ bổ sung giấy tờ; tính là đang chờ bổ sung",
            "Said to be resolved while a supplement is asked for; counted as waiting for it",
        ),
        Message("Gửi TrangThaiHoSo 5 khi yêu cầu bổ sung", "Send status 5 for a supplement"),
    ),
    "resolved_while_pending": Advice(
        Message(
            "Đã xử lý xong nhưng yêu cầu bổ sung chưa có ngày tiếp nhận bổ sung",
            "Resolved, while a supplement that was asked for has no date of its answer",
        ),
        Message("Điền NgayTiepNhanBoSung", "Fill NgayTiepNhanBoSung"),
    ),
    "closed_without_due": Advice(
        Message(
            "Hồ sơ kết thúc nhưng không có ngày hẹn trả: không tính được đúng hạn",
            "Finished without a due date: it counts neither as on time nor as late",
        ),
        Message(
            "Điền NgayHenTra; kiểm tra hồ sơ có bị tự động kết thúc không",
            "Fill NgayHenTra; check whether the software closed it by itself",
        ),
    ),
    "resolved_and_refused": Advice(
        Message(
            "Có NgayTuChoi nhưng trạng thái là đã xử lý xong; tính theo trạng thái",
            "A date of refusal, but the status says resolved; the status counts",
        ),
        Message("Gửi 3 khi từ chối, 8 khi dừng xử lý", "Send 3 for refused, 8 for stopped"),
    ),
    "date_only": Advice(
        Message(
            "{field} không có giờ; lấy giờ tiếp nhận của ngày đó",
            "{field} has no time of day; that of the receipt is taken",
        ),
        Message("Ghi cả giờ phút giây", "Write the time of day too"),
    ),
    "no_date": Advice(
        Message("{field} là ngày rỗng; coi như không có", "{field} is no date; taken as missing"),
        Message("Để trống khi chưa có ngày", "Leave it empty while there is no date"),
    ),
    "due_before_receipt": Advice(
        Message(
            "NgayHenTra sớm hơn ngày tiếp nhận: {value}",
            "NgayHenTra is before the receipt: {value}",
        ),
        _CLOCK,
    ),
    "two_codes": Advice(
        Message(
            "Có thể trùng với hồ sơ {value}: cùng thủ tục, đơn vị, giờ tiếp nhận và hẹn trả",
            "Perhaps the same as {value}: same procedure, unit, receipt and due date",
        ),
        Message(
            "Chỉ gửi một mã cho một hồ sơ; hồ sơ thừa gửi trạng thái 8",
            "Send one code for one dossier; stop the spare one with status 8",
        ),
    ),
}
