"""What desks send, through gateway and worker, to the figures of the wall."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from gateway_kit import GatewayChild, KeyBox
from rig import Rig, eventually

from dashboards.query import load_query
from door.desk_kit import balance, states
from ioc.gateway.keys.model import Right
from ioc.verify import verify

SECRET = "Nguyễn Thị Bí Mật"
PERSONAL = {
    "ChuHoSo": SECRET,
    "MaDoiTuong": "017099123456",
    "Email": "bimat@example.vn",
    "SoDienThoai": "0912345678",
    "TrichYeuHoSo": f"{SECRET} xin cấp lại",
    "GhiChu": "gọi 0912345678",
    "TaiLieuNop": [{"TenTepDinhKem": f"CCCD {SECRET}.pdf"}],
}


def snapshot(number: int, status: str, **fields: Any) -> dict[str, Any]:
    entry = {
        "MaHoSo": f"000.25.28.H28-240903-{number:04d}",
        "MaTTHC": "1.900106",
        "TenTTHC": "Cấp đổi Giấy chứng nhận",
        "MaLinhVuc": "dat-dai",
        "KenhThucHien": "1",
        "NgayTiepNhan": f"202409030{number % 10}1500",
        "NgayHenTra": "20240913170000",
        "TrangThaiHoSo": status,
        "DonViXuLy": "UBND TP. Hòa Bình",
        **PERSONAL,
        **fields,
    }
    return {name: value for name, value in entry.items() if value is not None}


def message(*entries: dict[str, Any], updating: str = "False") -> dict[str, Any]:
    return {"service": "DongBoHoSoMC", "isUpdating": updating, "data": list(entries)}


def province(rig: Rig) -> dict[str, int]:
    return balance(rig, dt.date(2024, 9, 1), dt.date(2024, 9, 30))


def test_messages_of_several_systems_reach_the_walls_numbers(
    rig: Rig, gateway: GatewayChild, keys: KeyBox
) -> None:
    key = keys.get("province", source="motcua-hoabinh")
    # System A: one dossier a request, snapshot first, then each step; knows only an address.
    basic = base64.b64encode(f"x:{key}".encode()).decode()
    with httpx.Client(
        base_url=gateway.url, headers={"Authorization": f"Basic {basic}"}, timeout=60,
        trust_env=False,
    ) as old:  # fmt: skip
        first = message(snapshot(1, "4"))
        said = old.post("/v1/sync", content=json.dumps(first)).json()
        assert (said["error_code"], said["message"]) == ("0", "Đồng bộ hồ sơ thành công")
        step = {
            "service": "CapNhatTienDoHoSoMC",
            "data": [
                {
                    "MaHoSo": "000.25.28.H28-240903-0001",
                    "NguoiXuLy": SECRET,
                    "ThoiDiemXuLy": "20240910160000",
                    "NoiDungXuLy": SECRET,
                    "PhongBanXuLy": "Phòng TN&MT",
                    "TrangThai": "9",
                }
            ],
        }
        assert old.post("/v1/sync", content=json.dumps(step)).json()["error_code"] == "0"
        again = old.post("/v1/sync", content=json.dumps(first)).json()
        assert [one["outcome"] for one in again["results"]] == ["duplicate"]
        assert SECRET not in json.dumps(again, ensure_ascii=False)
    with gateway.client(key) as new:
        # System B: many at once, in any order, everything twice, defects among them.
        entries = [
            snapshot(2, "10", NgayKetThucXuLy="20240912090000", NgayTra="20240916080000"),
            snapshot(3, "9", NgayKetThucXuLy="20240916090000"),  # late
            snapshot(4, "3", NgayTuChoi="20240904090000"),  # never received
            snapshot(5, "1", NgayNopHoSo="20240903090000", KenhThucHien="2"),
            snapshot(6, "5", DanhSachHoSoBoSung=[{"NgayBoSung": "2024-09-05T09:00:00"}]),
            snapshot(7, "9", NgayKetThucXuLy="20240905090000",  # 5 sent as 9
                     DanhSachHoSoBoSung=[{"NgayBoSung": "20240905090000"}]),
            snapshot(8, "9", NgayKetThucXuLy="20240903000000"),  # a day without a time
            snapshot(9, "9", NgayHenTra=None, NgayKetThucXuLy="20240920090000"),
            snapshot(10, "2", DonViXuLy="UBND xã Không Có"),  # unknown agency
            snapshot(11, "9", NgayKetThucXuLy="21000101000000"),  # wrong clock
            snapshot(12, "7", NgayKetThucXuLy="20240906090000"),
        ]  # fmt: skip
        said = new.post("/v1/sync", json=message(*entries, *reversed(entries))).json()
        assert said["error_code"] == "1"
        assert {one["request_id"] for one in said["results"]} == {said["request_id"]}
        outcomes = {one["dossier_id"][-4:]: one for one in said["results"][:11]}
        assert outcomes["0010"]["code"] == "unknown_unit"
        assert outcomes["0010"]["value"] == "UBND xã Không Có"
        assert outcomes["0011"]["outcome"] == "rejected"
        assert outcomes["0011"]["code"] in ("future_time", "bad_time")
        losses = {
            number: [loss["code"] for loss in one.get("losses", ())]
            for number, one in outcomes.items()
        }
        assert losses["0007"] == ["supplement_pending"]
        assert losses["0008"] == ["date_only"]
        assert losses["0009"] == ["closed_without_due"]
        # System C: after the merger, under the successor's name and the old one's.
        renamed = message(
            snapshot(21, "2", NgayTiepNhan="20250801080000", NgayHenTra="20250815170000"),
            updating="True",
        )
        assert new.post("/v1/sync", json=renamed).json()["error_code"] == "0"
    rig.expect_all()
    rig.wait_stored()
    found = {name[-4:]: row[:2] for name, row in states(rig, "000.25.28.H28-2409").items()}
    assert found == {
        "0001": (9, "early"),
        "0002": (10, "early"),
        "0003": (9, "late"),
        "0004": (3, ""),
        "0005": (1, ""),
        "0006": (5, ""),
        "0007": (5, ""),
        "0008": (9, "early"),
        "0009": (9, "no_due"),
        "0011": (2, ""),
        "0012": (7, ""),
        "0021": (2, ""),
    }
    # Old names mean the unit that took over, from the day of the merger on.
    of_day = {number: row[2] for number, row in states(rig, "000.25.28.H28-2409").items()}
    assert of_day["000.25.28.H28-240903-0001"] == "148"
    now_code = of_day["000.25.28.H28-240903-0021"]
    merged = rig.rows("SELECT valid_to FROM units FINAL WHERE code = {c:String}", c=now_code)
    assert merged[0][0] > dt.date(2025, 8, 1)
    eventually(lambda: province(rig)["received"] == 9, "the wall shows the month")
    shown = province(rig)
    assert (shown["finished"], shown["difference"]) == (6, 0)
    # What other tests of the folder left open before this month is carried over.
    assert shown["open_at_end"] - shown["carried_over"] == 3
    stored = rig.rows(
        "SELECT count() FROM dossier_events WHERE position(toString(tuple(*)), 'Mật')"
    )
    assert stored == [(0,)]
    assert SECRET not in gateway.log
    assert key not in gateway.log
    assert verify(rig.client, database=rig.database).difference_count == 0


def test_reconciliation_says_what_is_lacking_in_excess_and_different(
    rig: Rig, gateway: GatewayChild, keys: KeyBox, tmp_path: Path
) -> None:
    key = keys.get("hung", source="motcua-doi-soat")
    with gateway.client(key) as client:
        entries = [
            snapshot(31, "2", NgayTiepNhan="20231003080000"),
            snapshot(32, "9", NgayTiepNhan="20231003080100", NgayKetThucXuLy="20231004080000"),
            snapshot(33, "2", NgayTiepNhan="20231003080200"),
            snapshot(34, "2", NgayTiepNhan="20231103080300"),
        ]
        assert client.post("/v1/sync", json=message(*entries)).json()["error_code"] == "0"
    rig.expect_all()
    rig.wait_stored()
    (tmp_path / "held.csv").write_text(
        "MaHoSo;TrangThaiHoSo\n"
        "000.25.28.H28-240903-0031;4\n"  # 4 is 2
        "000.25.28.H28-240903-0032;8\n"  # differs
        "000.25.28.H28-240903-0034;2\n"  # of November
        "000.25.28.H28-240903-0039;2\n",  # lacking
        "utf-8",
    )
    (tmp_path / "key").write_text(key)
    done = subprocess.run(
        [sys.executable, "-m", "ioc.cli", "--lang", "en", "reconcile", "held.csv",
         "--from", "2023-10-01", "--to", "2023-10-31", "--url", gateway.url,
         "--key-file", "key", "--out", "found.ndjson"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "COLUMNS": "160"},
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert "names 4 dossiers: 1 agree, the IOC lacks 1, has 1 in excess, 1 differ" in done.stdout
    found = [json.loads(line) for line in (tmp_path / "found.ndjson").read_text().splitlines()]
    assert [(one["kind"], one["dossier_id"][-4:]) for one in found] == [
        ("missing", "0039"), ("excess", "0033"), ("differing", "0032"), ("elsewhere", "0034"),
    ]  # fmt: skip
    query = load_query("reconciliations")
    rows = rig.client.query(query.text, parameters={"rows": 8})
    shown = [dict(zip(rows.column_names, row, strict=True)) for row in rows.result_rows]
    assert [(one["source"], one["lacking"], one["in_excess"]) for one in shown] == [
        ("motcua-doi-soat", 1, 1)
    ]
    # A desk of another unit and source neither sees nor learns anything of these.
    other = keys.get("other-desk", source="motcua-khac", units=("04795",))
    body = {
        "from": "2023-10-01",
        "to": "2023-10-31",
        "dossiers": [{"dossier_id": "000.25.28.H28-240903-0031", "status": 9}],
    }
    with gateway.client(other) as client:
        said = client.post("/v1/reconcile", json=body).json()
        assert said["counts"]["missing"] == 1
        assert said["excess"] == said["differing"] == said["elsewhere"] == []
        for wrong in (
            body | {"to": "2023-09-01"},
            body | {"from": "x"},
            body | {"dossiers": [{"dossier_id": "", "status": 1}]},
            {"dossiers": []},
        ):
            assert client.post("/v1/reconcile", json=wrong).status_code == 422
    pusher = keys.get("pusher", source="motcua-day", rights=frozenset({Right.PUSH}))
    with gateway.client(pusher) as client:
        assert client.post("/v1/reconcile", json=body).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\xff\xfe", b"[" * 5_000, b'{"data": 1e999}', b'{"data": [1, null, "x", []]}',
        b'{"data": []}', b"[]", b"null", b'{"data": [{"MaHoSo": {"a": 1}}]}',
        b"{" + b'"a":1,' * 400_000 + b'"data":[]}',
    ],
)  # fmt: skip
def test_bodies_that_are_no_messages_are_refused_in_the_portals_manner(
    gateway: GatewayChild, keys: KeyBox, body: bytes
) -> None:
    with gateway.client(keys.get("province", source="motcua-hoabinh")) as client:
        for path in ("/v1/sync", "/v1/reconcile"):
            answer = client.post(path, content=body)
            assert answer.status_code < 500
            document = answer.json()
            if path == "/v1/sync":
                assert document["error_code"] != "0"
                assert document["message"]
