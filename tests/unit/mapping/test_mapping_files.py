"""Mapping files: what they make of records, and messages that point to the line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioc.cli import main
from ioc.mapping.apply import Mapper
from ioc.mapping.checking import check_mapping
from ioc.mapping.records import records_of
from ioc.mapping.unread import Unread
from schemas.errors import ReferenceDataError, RejectError
from schemas.events import decode_event
from schemas.reference import UnitRegistry

UNITS = UnitRegistry.load()
NOW_MS = 1_767_200_000_000
MAPPING = """\
source: motcua-abc
shape: csv
delimiter: ";"
times: ["%d/%m/%Y %H:%M", iso]
fields:
  dossier_id: Số hồ sơ
  authority: {from: Đơn vị, as: unit}
  due_at: Hẹn trả
  channel: {from: Kênh, values: {Trực tiếp: 1, Trực tuyến: 2}}
events:
  - {status: 2, occurred_at: Ngày nhận, received_at: Ngày nhận}
  - status: {from: Kết quả, values: {Xong: 9, Dừng: 8}}
    occurred_at: [Ngày xong, Ngày trả]
"""
TABLE = """\
Số hồ sơ;Đơn vị;Ngày nhận;Hẹn trả;Kênh;Kết quả;Ngày xong;Ngày trả;Chủ hồ sơ
H1;UBND TP. Hòa Bình;03/09/2024 08:15;13/09/2024 17:00;Trực tiếp;;;;Bí Mật
H2;Sở Tư pháp;03/09/2024 09:00;;trực tuyến;xong;;12/09/2024 10:00;Bí Mật
H3;Xã Không Có;03/09/2024 09:00;;;;;;Bí Mật
H4;Sở Tư pháp;2024-09-03T09:00:00+07:00;;;Khác;05/09/2024 10:00;;Bí Mật
H5;Sở Tư pháp;;;;;;;Bí Mật
"""


def told(mapping: str, body: str) -> list[Any]:
    checked = check_mapping(mapping)
    mapper = Mapper(checked, UNITS)
    return [mapper.tell(record) for record in records_of(checked, body.encode())]


def test_a_table_becomes_events() -> None:
    first, second, third, fourth, fifth = told(MAPPING, TABLE)
    (event,) = first.events
    assert event == {
        "event_id": event["event_id"],
        "source": "motcua-abc",
        "dossier_id": "H1",
        "authority": "148",
        "status": 2,
        "channel": 1,
        "occurred_at": "2024-09-03T08:15:00+07:00",
        "received_at": "2024-09-03T08:15:00+07:00",
        "due_at": "2024-09-13T17:00:00+07:00",
    }
    assert [(e["status"], e["occurred_at"][:10]) for e in second.events] == [
        (2, "2024-09-03"),
        (9, "2024-09-12"),
    ]
    assert (third.reject.code, third.reject.field) == ("unknown_unit", "Đơn vị")
    assert [e["status"] for e in fourth.events] == [2]
    assert (fourth.reject.code, fourth.reject.value) == ("bad_value", "Khác")
    assert fifth.reject.code == "missing_field"
    for one in (first, second, fourth):
        for event in one.events:
            assert "Mật" not in str(event)
            decode_event(orjson.dumps(event), NOW_MS)
    assert told(MAPPING, TABLE)[0].events == first.events, "the same record, the same event"


@pytest.mark.parametrize("name", ["Xã Cao Sơn", "Xã Hiền Lương", "Xã Thanh Sơn"])
def test_a_name_is_whose_it_was_when_it_happened(name: str) -> None:
    """Since July 2025 one unit bears each of these names; before, several did."""
    table = (
        "Số hồ sơ;Đơn vị;Ngày nhận;Hẹn trả;Kênh;Kết quả;Ngày xong;Ngày trả\n"
        f"H1;{name};04/09/2025 08:15;;;;;\n"
        f"H2;{name};03/09/2024 08:15;;;;;\n"
        f"H3;{name};2025-06-30T18:00:00+00:00;;;;;\n"
    )
    today, before, first_day = told(MAPPING, table)
    assert today.reject is None
    (event,) = today.events
    unit = UNITS.get(event["authority"])
    assert unit.name == name
    assert unit.is_valid(date(2025, 9, 4))
    assert before.reject is None or before.reject.code == "ambiguous_unit"
    # The local day counts: 18:00 in London is the first of July here.
    assert [event["authority"] for event in first_day.events] == [unit.code]


def test_names_that_are_not_read_are_told_once_and_without_values() -> None:
    checked = check_mapping(MAPPING)
    unread = Unread(checked)
    for record in records_of(checked, TABLE.encode()):
        unread.note(record)
    unread.note("no record")
    assert unread.names == ["Chủ hồ sơ"]
    unread.note({f"{number:03d}" * 100: "x" for number in range(100)})
    assert len(unread.names) == 50
    assert max(map(len, unread.names)) == 128


def test_a_json_document_with_paths() -> None:
    mapping = """\
source: motcua-json
shape: json
records: result.items
fields:
  dossier_id: so.ho_so
  receiver: so.don_vi
events:
  - {event_id: id, status: trang_thai, occurred_at: luc, sequence: stt}
"""
    body = """{"result": {"items": [
      {"id": "a1", "so": {"ho_so": "H1", "don_vi": "04795"}, "trang_thai": 4, "stt": 7,
       "luc": "2024-09-03T08:15:00", "chu": {"ten": "Bí Mật"}},
      5, {"id": "a2"}]}}"""
    first, second, third = told(mapping, body)
    assert first.events == [
        {
            "event_id": "a1",
            "source": "motcua-json",
            "dossier_id": "H1",
            "receiver": "04795",
            "status": 4,
            "occurred_at": "2024-09-03T08:15:00+07:00",
            "sequence": 7,
        }
    ]
    assert second.reject.code == "not_json"
    assert third.reject.code == "missing_field"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("shape: csv", "shape: xml", 2, "csv and json"),
        ("source: motcua-abc\n", "", 1, "source"),
        ("  due_at: Hẹn trả", "  due: Hẹn trả", 8, '"due" is unknown'),
        ("as: unit", "as: number", 7, "unit or code"),
        ("Trực tuyến: 2", "Trực tuyến: 4", 9, "1-3"),
        ("status: 2", "status: 12", 11, "1-10"),
        ("Xong: 9", "Xong: chín", 12, "no number"),
        ("  dossier_id: Số hồ sơ\n", "", 10, "dossier_id"),
        ('"%d/%m/%Y %H:%M"', '"%H:%M"', 4, "whole date"),
        ('delimiter: ";"', 'delimiter: ";;"', 3, "one character"),
        ("times: [", "times: [[", 4, ""),
        ("  due_at: Hẹn trả", "  due_at: {constant: 2024}", 8, "constant"),
        ("{from: Kết quả, ", "{", 12, "from"),
        ("source: motcua-abc", "source: &a x\nfields: *a", 2, "aliases"),
    ],
)
def test_a_mistake_is_named_with_its_line(old: str, new: str, line: int, says: str) -> None:
    assert old in MAPPING
    with pytest.raises(ReferenceDataError) as caught:
        check_mapping(MAPPING.replace(old, new, 1))
    assert caught.value.line == line, caught.value
    assert says in str(caught.value)


def test_the_command_shows_events_and_losses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.yaml").write_text(MAPPING, "utf-8")
    (tmp_path / "s.csv").write_text(TABLE, "utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["--lang", "en", "mapping", "test", str(tmp_path / "s.csv"),
              "--mapping", str(tmp_path / "m.yaml")])  # fmt: skip
    said = capsys.readouterr().out
    assert ended.value.code == 1
    assert "5 records, 4 valid events, 3 that could not be mapped" in said
    assert "Not read: Chủ hồ sơ" in said
    (tmp_path / "m.yaml").write_text("shape: csv\n", "utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["mapping", "test", str(tmp_path / "s.csv"), "--mapping", str(tmp_path / "m.yaml")])
    assert ended.value.code == 2


YAML_LIKE = st.text(
    alphabet=st.sampled_from(list("abc:-[]{}\"'#&*!|>\n \t,%0159đ\u0000\ufeff")), max_size=80
)


@settings(max_examples=300, deadline=None)
@given(YAML_LIKE | st.text(max_size=60))
def test_no_text_breaks_the_checker(text: str) -> None:
    try:
        check_mapping(text)
    except ReferenceDataError as error:
        assert error.line >= 1


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "a.b", "luc"]), inner, max_size=3)
    ),
    max_leaves=8,
)
SMALL = """\
source: s
shape: json
fields: {dossier_id: [a.b, a], receiver: {from: b, as: unit}}
events:
  - {status: {from: b, values: {x: 9}}, occurred_at: luc}
  - {status: 2, occurred_at: [a, luc]}
"""


@settings(max_examples=300, deadline=None)
@given(ANYTHING, st.binary(max_size=60))
def test_no_record_breaks_a_mapping(record: Any, body: bytes) -> None:
    mapping = check_mapping(SMALL)
    mapper = Mapper(mapping, UNITS)
    found = mapper.tell(record)
    assert found.events or found.reject
    for event in found.events:
        assert {"event_id", "source", "dossier_id", "status", "occurred_at"} <= set(event)
        try:
            decode_event(orjson.dumps(event), NOW_MS)
        except RejectError as error:
            assert error.code in ("bad_time", "bad_value", "future_time")
    for checked in (mapping, check_mapping(MAPPING)):
        try:
            for one in records_of(checked, body):
                Mapper(checked, UNITS).tell(one)
        except RejectError:
            pass
