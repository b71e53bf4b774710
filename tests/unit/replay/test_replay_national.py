"""DongBoHoSoMC and CapNhatTienDoHoSoMC: what they say, nothing more, and no names of people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from replay_kit import NATIONAL, events_of, faults, read

CODE = "000.25.28.H28-240903-0001"
PERSONAL = {
    "ChuHoSo": "Nguyễn Thị Bí Mật",
    "MaDoiTuong": "017099123456",
    "Email": "bimat@example.vn",
    "SoDienThoai": "0912345678",
    "TrichYeuHoSo": "Bí Mật xin cấp lại",
    "GhiChu": "Bí Mật gọi hai lần",
}


def snapshot(status: str, **fields: Any) -> dict[str, Any]:
    return {
        "MaHoSo": CODE,
        "MaTTHC": "1.900106",
        "TenTTHC": "Cấp đổi Giấy chứng nhận quyền sử dụng đất",
        "MaLinhVuc": "dat-dai",
        "KenhThucHien": "2",
        "NgayNopHoSo": "20240902200000",
        "NgayTiepNhan": "20240903081500",
        "NgayHenTra": "20240913170000",
        "TrangThaiHoSo": status,
        "DonViXuLy": "UBND TP. Hòa Bình",
        "TaiLieuNop": [{"TenTepDinhKem": "CCCD Nguyễn Thị Bí Mật.pdf"}],
        **PERSONAL,
        **fields,
    }


def message(*entries: dict[str, Any], service: str = "DongBoHoSoMC") -> dict[str, Any]:
    return {"service": service, "isUpdating": "False", "data": list(entries)}


def told(status: str, **fields: Any) -> list[tuple[int, str]]:
    events, rejects = NATIONAL.read(message(snapshot(status, **fields)))
    assert not rejects
    return [(event["status"], event["occurred_at"][:19]) for event in events]


def test_a_receipt_tells_the_attributes(tmp_path: Path) -> None:
    path = tmp_path / "message.json"
    path.write_bytes(orjson.dumps(message(snapshot("2")), option=orjson.OPT_INDENT_2))
    items = read(path)
    event_id = events_of(items)[0]["event_id"]
    assert event_id.startswith("02S-20240903081500-0-20240913170000-")
    assert events_of(items) == [
        {
            "event_id": event_id,
            "source": "motcua-thu",
            "dossier_id": CODE,
            "status": 2,
            "occurred_at": "2024-09-03T08:15:00+07:00",
            "authority": "148",
            "procedure": "1.900106",
            "field": "dat-dai",
            "channel": 2,
            "due_at": "2024-09-13T17:00:00+07:00",
            "registered_at": "2024-09-02T20:00:00+07:00",
            "received_at": "2024-09-03T08:15:00+07:00",
        }
    ]


def test_no_personal_field_leaves_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "messages.ndjson"
    progress = {
        "MaHoSo": CODE,
        "NguoiXuLy": "Trần Bí Mật",
        "ChucDanh": "Chuyên viên",
        "ThoiDiemXuLy": "20240905100000",
        "PhongBanXuLy": "Phòng Tài nguyên và Môi trường",
        "NoiDungXuLy": "Bí Mật đã nộp bổ sung",
        "TrangThai": "4",
    }
    lines = [message(snapshot("9", NgayKetThucXuLy="20240910100000")), progress]
    path.write_bytes(b"\n".join(orjson.dumps(line) for line in lines))
    items = read(path)
    sent = b"".join(record.value for item in items for record in item.records).decode()
    assert not faults(items)
    assert "Mật" not in sent
    assert not any(value in sent for value in PERSONAL.values())
    assert events_of(items)[-1] == {
        "event_id": "04T-20240905100000",
        "source": "motcua-thu",
        "dossier_id": CODE,
        "status": 4,
        "occurred_at": "2024-09-05T10:00:00+07:00",
    }


def test_each_status_at_the_time_that_the_message_names() -> None:
    receipt = (2, "2024-09-03T08:15:00")
    assert told("1") == [(1, "2024-09-02T20:00:00")]
    assert told("3", NgayTuChoi="20240904090000") == [(3, "2024-09-04T09:00:00")]
    assert told("4") == [receipt]
    assert told("7", NgayKetThucXuLy="20240904090000") == [receipt, (7, "2024-09-04T09:00:00")]
    assert told("8", NgayTra="20240904090000") == [receipt, (8, "2024-09-04T09:00:00")]
    assert told("9", NgayKetThucXuLy="20240910100000") == [receipt, (9, "2024-09-10T10:00:00")]
    assert told("10", NgayKetThucXuLy="20240910100000", NgayTra="20240911080000") == [
        receipt,
        (9, "2024-09-10T10:00:00"),
        (10, "2024-09-11T08:00:00"),
    ]
    assert told("10", NgayTra="20240911080000") == [receipt, (10, "2024-09-11T08:00:00")]


def test_refused_and_registered_ones_were_not_received() -> None:
    for status, fields in (("1", {}), ("3", {"NgayTuChoi": "20240904090000"})):
        events, _ = NATIONAL.read(message(snapshot(status, **fields)))
        assert "received_at" not in events[0]


def test_supplements_pause_and_bring_a_new_date() -> None:
    asked = {"NgayBoSung": "20240904090000"}
    answered = {
        "NgayBoSung": "20240904090000",
        "NgayTiepNhanBoSung": "2024-09-06T09:00:00",
        "NgayHenTraMoi": "20240918170000",
    }
    events, rejects = NATIONAL.read(message(snapshot("5", DanhSachHoSoBoSung=[asked])))
    assert not rejects
    assert [event["status"] for event in events] == [2, 5]
    events, rejects = NATIONAL.read(message(snapshot("4", DanhSachHoSoBoSung=[answered])))
    assert not rejects
    assert [event["status"] for event in events] == [2, 5, 4]
    assert "supplement_due_at" not in events[1]
    assert events[2]["occurred_at"] == "2024-09-06T09:00:00+07:00"
    assert events[2]["supplement_due_at"] == "2024-09-18T17:00:00+07:00"


@pytest.mark.parametrize("status", ["5", "6", "7", "8"])
def test_a_status_without_a_time_is_rejected_but_not_the_receipt(status: str) -> None:
    events, rejects = NATIONAL.read(message(snapshot(status)))
    assert [event["status"] for event in events] == [2]
    assert [(error.code, error.value) for error in rejects] == [("no_time", status)]


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"TrangThaiHoSo": "11"}, "bad_status", "TrangThaiHoSo"),
        ({"TrangThaiHoSo": ""}, "missing_field", "TrangThaiHoSo"),
        ({"MaHoSo": " "}, "missing_field", "MaHoSo"),
        ({"NgayTiepNhan": None}, "missing_field", "NgayTiepNhan"),
        ({"NgayTiepNhan": "2024-09-03"}, "bad_time", "NgayTiepNhan"),
        ({"NgayHenTra": "20240931170000"}, "bad_time", "NgayHenTra"),
        ({"KenhThucHien": "4"}, "bad_value", "KenhThucHien"),
        ({"DonViXuLy": "UBND xã Không Có"}, "unknown_unit", "DonViXuLy"),
        # Two districts of the province have a commune of this name.
        ({"DonViXuLy": "UBND xã Cao Sơn"}, "ambiguous_unit", "DonViXuLy"),
    ],
)
def test_a_bad_entry_is_rejected_and_its_neighbours_are_not(
    fields: dict[str, Any], code: str, field: str
) -> None:
    bad = snapshot("2") | fields
    events, rejects = NATIONAL.read(message(snapshot("2"), bad, snapshot("4")))
    assert [(error.code, error.field) for error in rejects] == [(code, field)]
    assert len(events) == 2


def test_sent_again_it_is_the_same() -> None:
    entry = snapshot("9", NgayKetThucXuLy="20240910100000")
    assert NATIONAL.read(message(entry)) == NATIONAL.read(message(dict(reversed(entry.items()))))


def test_a_counter_dossier_has_no_registration() -> None:
    events, _ = NATIONAL.read(message(snapshot("2", KenhThucHien="", DonViXuLy="Sở Tư pháp")))
    assert events[0]["channel"] == 1
    assert "registered_at" not in events[0]
