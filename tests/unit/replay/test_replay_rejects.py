"""The rejects file: both languages, the original line, and nobody else may read it."""

from __future__ import annotations

import stat
from pathlib import Path

import orjson
import pytest
from replay_kit import event

from ioc.replay.item import item_of_event
from ioc.replay.reasons import reason_of
from ioc.replay.rejects import RejectsFile, rejects_path
from schemas.errors import RejectError


def written(path: Path) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def test_a_reject_carries_reasons_and_the_original_line(tmp_path: Path) -> None:
    line = orjson.dumps(event(status=11) | {"ChuHoSo": "Nguyễn Văn A"})
    path = rejects_path(tmp_path / "events.ndjson")
    with RejectsFile(path, 0) as rejects:
        rejects.write(item_of_event(7, line))
        rejects.sync()
    assert path.name == "events.ndjson.rejects.ndjson"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert written(path) == [
        {
            "line": 7,
            "code": "bad_status",
            "reason_vi": 'status không hợp lệ (chỉ 1–10): "11"',
            "reason_en": 'status: "11" allowed are 1-10',
            "field": "status",
            "original": line.decode(),
        }
    ]


def test_no_file_without_rejects_and_an_old_one_goes(tmp_path: Path) -> None:
    path = tmp_path / "old.rejects.ndjson"
    path.write_bytes(b"{}\n")
    with RejectsFile(path, 0):
        pass
    assert not path.exists()


def test_what_an_interrupted_run_wrote_after_its_position_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "events.rejects.ndjson"
    with RejectsFile(path, 0) as rejects:
        rejects.write(item_of_event(1, b"a"))
        kept = rejects.size_bytes
        rejects.write(item_of_event(2, b"b"))
    with RejectsFile(path, kept) as rejects:
        rejects.write(item_of_event(2, b"b"))
        rejects.write(item_of_event(3, b"c"))
    assert [line["line"] for line in written(path)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("error", "vietnamese"),
    [
        (
            RejectError("missing_field", "…", field="MaHoSo"),
            "Thiếu trường bắt buộc MaHoSo",
        ),
        (
            RejectError("bad_time", "…", field="NgayTiepNhan", value="03/09"),
            'NgayTiepNhan sai định dạng yyyyMMddHHmmss: "03/09"',
        ),
        (
            RejectError("bad_status", "…", field="TrangThaiHoSo", value="11"),
            'TrangThaiHoSo không hợp lệ (chỉ 1–10): "11"',
        ),
        (RejectError("future_time", "…"), "Thời điểm ở tương lai, kiểm tra đồng hồ máy"),
        (RejectError("bad_value", "…", field="dossier_id"), "dossier_id không hợp lệ"),
    ],
)
def test_vietnamese_wording(error: RejectError, vietnamese: str) -> None:
    assert reason_of(error).vi == vietnamese
