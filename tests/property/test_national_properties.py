"""Whatever desk software sends: never an exception, nothing personal, nothing that depends on
how often or in which order it is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from ioc.national.field_names import without_unread_fields
from ioc.national.reader import NationalReader
from ioc.national.told import Told
from schemas.errors import RejectError
from schemas.events import decode_event
from schemas.reference import UnitRegistry
from streams.fold.order import order_events
from streams.fold.walk import Walk

READER = NationalReader(UnitRegistry.load(), "motcua-thu")
NOW_MS = int(datetime.fromisoformat("2026-01-01T00:00:00+07:00").timestamp() * 1000)
SECRET = "Nguyễn Văn Bí Mật"
MINUTES = st.integers(0, 60 * 24 * 30)


def stamp(minutes: int) -> str:
    return (datetime(2024, 9, 1, tzinfo=UTC) + timedelta(minutes=minutes)).strftime("%Y%m%d%H%M%S")


TIMES = st.one_of(
    MINUTES.map(stamp),
    st.sampled_from(["", "00010101000000", "20240931000000", "2024-09-03", "x", None, 20240903]),
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
SUPPLEMENT = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("NgayBoSung", "NgayTiepNhanBoSung", "NgayHenTraMoi"), TIMES)
)
ENTRY = st.fixed_dictionaries(
    {
        "MaHoSo": st.sampled_from(["H28-1", "H28-2", "", " "]),
        "TrangThaiHoSo": st.sampled_from([str(n) for n in range(12)] + ["", "x"]),
    },
    optional={
        "NgayTiepNhan": TIMES,
        "NgayHenTra": TIMES,
        "NgayNopHoSo": TIMES,
        "NgayTuChoi": TIMES,
        "NgayKetThucXuLy": TIMES,
        "NgayTra": TIMES,
        "KenhThucHien": st.sampled_from(["1", "2", "3", "", "9"]),
        "DonViXuLy": st.sampled_from(["UBND TP. Hòa Bình", "Sở Tư pháp", "UBND xã Không Có", ""]),
        "MaTTHC": st.sampled_from(["1.900106", ""]),
        "isUpdating": st.sampled_from(["True", "False"]),
        "DanhSachHoSoBoSung": st.lists(SUPPLEMENT, max_size=3) | ANYTHING,
        "ChuHoSo": st.just(SECRET),
        "SoDienThoai": st.just(SECRET),
        "GhiChu": st.just([SECRET]),
        "TruongLa": st.just({"a": SECRET}),
    },
)


@settings(max_examples=300, deadline=None)
@given(ENTRY)
def test_an_entry_becomes_valid_events_or_a_reason(entry: dict[str, Any]) -> None:
    told = READER.tell(entry)
    assert (told.reject is None) or not told.events
    for event in told.events:
        value = orjson.dumps(event)
        assert SECRET not in value.decode()
        try:
            dossier_id, record = decode_event(value, NOW_MS)
        except RejectError as error:
            # Only a time that the contract's years do not cover is left to it.
            assert error.code == "bad_time"
        else:
            assert dossier_id == told.dossier_id
            assert record.status in range(1, 11)
    ids = [event["event_id"] for event in told.events]
    if not entry.get("DanhSachHoSoBoSung"):
        assert len(ids) == len(set(ids)), "two events of one entry never share an identity"
    for error in [*told.losses, *([told.reject] if told.reject else [])]:
        assert SECRET not in f"{error} {error.value}"


@settings(max_examples=200, deadline=None)
@given(ENTRY)
def test_leaving_out_what_is_not_read_changes_nothing(entry: dict[str, Any]) -> None:
    kept = without_unread_fields(entry)
    assert SECRET not in orjson.dumps(kept).decode()
    assert _said(READER.tell(kept)) == _said(READER.tell(entry))


@settings(max_examples=200, deadline=None)
@given(ANYTHING | st.lists(ANYTHING, max_size=3) | st.dictionaries(st.just("data"), ANYTHING))
def test_anything_at_all_is_read_without_an_exception(document: Any) -> None:
    for entry in READER.entries(document):
        READER.tell(entry)


@settings(max_examples=150, deadline=None)
@given(st.lists(ENTRY, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_order_and_repetition_of_messages_do_not_matter(
    entries: list[dict[str, Any]], random: Any
) -> None:
    """A re-send of everything, in any order, leads to the same dossiers."""
    again = entries * 2
    random.shuffle(again)
    assert _states(entries) == _states(again)


def _said(told: Told) -> tuple[Any, ...]:
    losses = [(loss.code, loss.field, loss.value) for loss in told.losses]
    return told.dossier_id, told.events, str(told.reject), losses


def _states(entries: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    for entry in entries:
        for event in READER.tell(entry).events:
            try:
                dossier_id, record = decode_event(orjson.dumps(event), NOW_MS)
            except RejectError:
                continue
            own = found.setdefault(dossier_id, {})
            before = own.get(record.event_id)
            if before is None or before.content_hash < record.content_hash:
                own[record.event_id] = record
    states = {}
    for dossier_id, records in found.items():
        walk = Walk()
        for record in order_events(list(records.values())):
            walk.step(record)
        states[dossier_id] = {name: getattr(walk, name) for name in Walk.__slots__}
    return states
