"""NDJSON: good lines go out byte for byte, bad ones alone are rejected."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from replay_kit import NATIONAL, event, events_of, faults, read

from ioc.replay import files
from ioc.replay.files import read_file
from schemas.errors import ConfigurationError


def test_good_lines_keep_their_bytes_and_unknown_fields(tmp_path: Path) -> None:
    path = tmp_path / "events.ndjson"
    lines = [orjson.dumps(event(i, unknown_field=i)) for i in range(1, 4)]
    path.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines) + b"\r\n\r\n")
    items = read(path)
    assert [record.value for item in items for record in item.records] == lines
    assert [record.key.decode() for item in items for record in item.records] == [
        event(i)["dossier_id"] for i in range(1, 4)
    ]
    assert [item.line for item in items] == [1, 2, 3]


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        (b"{not json", "not_json", ""),
        (b"[1, 2]", "not_json", ""),
        (b"\xff\xfe{}", "not_json", ""),
        (orjson.dumps(event(status=11)), "bad_status", "status"),
        (orjson.dumps(event(status="xong")), "bad_status", "status"),
        (orjson.dumps(event(occurred_at="03/09/2024")), "bad_time", "occurred_at"),
        (orjson.dumps(event(occurred_at="2024-09-03T08:15:00")), "bad_time", "occurred_at"),
        (orjson.dumps(event(occurred_at="1975-04-30T11:30:00+07:00")), "bad_time", "occurred_at"),
        (orjson.dumps(event(leg={"number": 0})), "bad_value", "leg.number"),
        (
            orjson.dumps({k: v for k, v in event().items() if k != "dossier_id"}),
            "missing_field",
            "dossier_id",
        ),
    ],
)
def test_a_bad_line_is_rejected_alone(tmp_path: Path, line: bytes, code: str, field: str) -> None:
    path = tmp_path / "events.ndjson"
    path.write_bytes(orjson.dumps(event(1)) + b"\n" + line + b"\n" + orjson.dumps(event(2)))
    items = read(path)
    assert faults(items) == [(2, code, field)]
    assert [one["event_id"] for one in events_of(items)] == ["e1", "e2"]
    assert items[1].original == line


def test_an_event_of_the_day_after_tomorrow_is_rejected(tmp_path: Path) -> None:
    ahead = (datetime.now(UTC) + timedelta(hours=25)).isoformat()
    path = tmp_path / "events.ndjson"
    path.write_bytes(orjson.dumps(event(occurred_at=ahead)))
    assert faults(read(path)) == [(1, "future_time", "occurred_at")]


def test_lines_before_the_position_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl.gz"
    path.write_bytes(
        gzip.compress(b"\n".join([b"rubbish", *(orjson.dumps(event(i)) for i in (2, 3, 4))]))
    )
    items = read(path, after_line=2)
    assert [item.line for item in items] == [3, 4]


def test_a_line_without_end_does_not_fill_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_LINE_BYTES", 1000)
    path = tmp_path / "events.ndjson"
    path.write_bytes(b"x" * 5300 + b"\n" + orjson.dumps(event(2)) + b"\n" + b"y" * 2000)
    items = read(path)
    assert faults(items) == [(1, "too_long", ""), (3, "too_long", "")]
    assert events_of(items) == [event(2)]


def test_a_json_document_may_be_a_list_of_events_or_ndjson(tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_bytes(orjson.dumps([event(1), event(2)], option=orjson.OPT_INDENT_2))
    assert events_of(read(path)) == [event(1), event(2)]
    path.write_bytes(orjson.dumps(event(1)) + b"\n" + orjson.dumps(event(2)) + b"\n")
    assert events_of(read(path)) == [event(1), event(2)]


def test_files_that_cannot_be_read_say_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="ndjson"):
        list(read_file(tmp_path / "events.docx", NATIONAL))
    broken = tmp_path / "events.ndjson.gz"
    broken.write_bytes(gzip.compress(orjson.dumps(event()) * 500)[:40])
    with pytest.raises(ConfigurationError, match="cannot read"):
        read(broken)
    broken.write_bytes(b"no gzip at all")
    with pytest.raises(ConfigurationError, match="cannot read"):
        read(broken)
