"""Why a line was rejected, for the people of the desk that wrote it."""

from __future__ import annotations

from typing import NamedTuple

from schemas.errors import RejectError


class Reason(NamedTuple):
    """One reject as it is written to the rejects file."""

    code: str
    field: str
    vi: str
    en: str


#: By code; `{field}` and `{value}` are filled in. The wording is that of the portal.
_VIETNAMESE = {
    "missing_field": "Thiếu trường bắt buộc {field}",
    "bad_status": '{field} không hợp lệ (chỉ 1–10): "{value}"',
    "future_time": "Thời điểm ở tương lai, kiểm tra đồng hồ máy",
    "not_json": "Dòng không phải là một đối tượng JSON mã hóa UTF-8",
    "too_long": "Dòng dài quá {value} MB, hãy chia nhỏ",
    "unknown_unit": 'Không có đơn vị nào tên "{value}" trong danh mục',
    "ambiguous_unit": '"{value}" có thể là nhiều đơn vị, hãy ghi rõ đơn vị cấp trên',
    "no_time": "Thông điệp không cho biết thời điểm của trạng thái {value}",
    "bad_value": '{field} không hợp lệ: "{value}"',
}
_BAD_NATIONAL_TIME = '{field} sai định dạng yyyyMMddHHmmss: "{value}"'
_BAD_EVENT_TIME = '{field} sai định dạng ISO 8601 có múi giờ, hoặc ngoài 2010–2035: "{value}"'


def reason_of(error: RejectError) -> Reason:
    """Return the reason in both languages; unknown codes are shown with field and value."""
    if error.code == "bad_time":
        # The national message's names begin with Ngay (day) or are ThoiDiemXuLy.
        national = error.field.startswith(("Ngay", "ThoiDiem"))
        vietnamese = _BAD_NATIONAL_TIME if national else _BAD_EVENT_TIME
    else:
        vietnamese = _VIETNAMESE.get(error.code, "Dữ liệu không hợp lệ ({code}): {field} {value}")
    text = vietnamese.format(code=error.code, field=error.field, value=error.value)
    return Reason(error.code, error.field, text.removesuffix(': ""'), str(error))
