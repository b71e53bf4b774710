"""Known defects of real feeds: handled or reported, never invented away."""

from __future__ import annotations

from typing import Any

import pytest

from ioc.national.reader import NationalReader
from ioc.national.told import Told
from ioc.national.twins import report_twins
from schemas.reference import ProcedureRegistry, UnitRegistry
from schemas.sync_texts import ADVICE

UNITS = UnitRegistry.load()
READER = NationalReader(UNITS, "motcua-thu", procedures=ProcedureRegistry.load())
BASE = {
    "MaHoSo": "000.25.28.H28-240903-0001",
    "MaTTHC": "1.900106",
    "MaLinhVuc": "dat-dai",
    "KenhThucHien": "1",
    "NgayTiepNhan": "20240903081500",
    "NgayHenTra": "20240913170000",
    "TrangThaiHoSo": "2",
    "DonViXuLy": "UBND TP. Hòa Bình",
}


def tell(reader: NationalReader = READER, **fields: Any) -> Told:
    entry = {name: value for name, value in (BASE | fields).items() if value is not None}
    told = reader.tell(entry)
    assert told.reject is None, told.reject
    return told


def times(told: Told) -> list[tuple[int, str]]:
    return [(event["status"], event["occurred_at"][:19]) for event in told.events]


def codes(told: Told) -> list[str]:
    return [loss.code for loss in told.losses]


def test_a_supplement_request_that_was_sent_as_resolved_waits() -> None:
    told = tell(
        TrangThaiHoSo="9",
        NgayKetThucXuLy="20240905090000",
        DanhSachHoSoBoSung=[{"NgayBoSung": "20240905090000"}],
    )
    assert [status for status, _ in times(told)] == [2, 5]
    assert codes(told) == ["supplement_pending"]


def test_a_result_after_an_unanswered_request_counts_and_is_reported() -> None:
    told = tell(
        TrangThaiHoSo="9",
        NgayKetThucXuLy="20240910090000",
        DanhSachHoSoBoSung=[{"NgayBoSung": "20240905090000"}],
    )
    assert [status for status, _ in times(told)] == [2, 5, 9]
    assert codes(told) == ["resolved_while_pending"]


def test_a_dossier_that_was_closed_by_itself_is_reported() -> None:
    told = tell(TrangThaiHoSo="9", NgayKetThucXuLy="20240910090000", NgayHenTra="")
    assert [status for status, _ in times(told)] == [2, 9]
    assert codes(told) == ["closed_without_due"]
    # Without any time of an end there is no end.
    told = tell(TrangThaiHoSo="9", NgayHenTra=None)
    assert [status for status, _ in times(told)] == [2]
    assert codes(told) == ["closed_without_due", "no_time"]


def test_a_refusal_and_a_result_contradict_each_other() -> None:
    told = tell(TrangThaiHoSo="9", NgayKetThucXuLy="20240910090000", NgayTuChoi="20240910090000")
    assert codes(told) == ["resolved_and_refused"]


def test_an_end_without_a_time_of_day_does_not_come_before_the_receipt() -> None:
    """A 9 before the 2 would mean: resolved, then reopened; the dossier would stay open."""
    told = tell(TrangThaiHoSo="9", NgayKetThucXuLy="20240903000000")
    assert times(told) == [(2, "2024-09-03T08:15:00"), (9, "2024-09-03T08:15:00")]
    assert codes(told) == ["date_only"]
    ids = [event["event_id"] for event in told.events]
    assert ids == sorted(ids), "of one moment, in the order of the statuses"


def test_an_end_before_the_receipt_is_not_counted() -> None:
    told = tell(TrangThaiHoSo="9", NgayKetThucXuLy="20240902100000")
    assert times(told) == [(2, "2024-09-03T08:15:00")]
    assert codes(told) == ["end_before_receipt"]


def test_dates_that_mean_none_are_none() -> None:
    told = tell(NgayHenTra="00010101000000", NgayTra="19000101000000")
    assert "due_at" not in told.events[0]
    assert codes(told) == ["no_date", "no_date"]


def test_one_dossier_under_two_codes_is_reported() -> None:
    one, other = tell(), tell(MaHoSo="H28.25-240903-0001")
    third = tell(MaHoSo="H28.25-240903-0002", NgayTiepNhan="20240903000000")
    fourth = tell(MaHoSo="H28.25-240903-0003", NgayTiepNhan="20240903000000")
    report_twins([one, other, one, third, fourth])
    assert codes(one) == []
    assert [(loss.code, loss.value) for loss in other.losses] == [("two_codes", BASE["MaHoSo"])]
    assert codes(third) == codes(fourth) == []


@pytest.mark.parametrize(
    "spelled",
    [
        " 000.25.28.H28-240903-0001 ",
        "000.25.28.H28–240903–0001",
        "000.25.28.H28-240903-0001\u200b",
        "000.25.28.H28-240903-0001",
    ],
)
def test_a_code_is_one_code_in_every_spelling(spelled: str) -> None:
    assert tell(MaHoSo=spelled).dossier_id == BASE["MaHoSo"]


def test_a_corrected_due_date_comes_after_the_first() -> None:
    first = tell(isUpdating="False").events[0]
    later = tell(isUpdating="False", NgayHenTra="20240920170000").events[0]
    corrected = tell(isUpdating="True", NgayHenTra="20240910170000").events[0]
    assert first["event_id"] < later["event_id"] < corrected["event_id"]
    assert first["occurred_at"] == later["occurred_at"] == corrected["occurred_at"]


def test_every_event_carries_the_attributes_so_the_newest_state_brings_the_newest() -> None:
    told = tell(TrangThaiHoSo="10", NgayKetThucXuLy="20240910090000", NgayTra="20240911090000")
    assert [event["due_at"] for event in told.events] == ["2024-09-13T17:00:00+07:00"] * 3


def test_the_field_comes_from_the_catalogue_only_where_nobody_says_it() -> None:
    procedure = next(iter(ProcedureRegistry.load()))
    told = tell(MaTTHC=procedure.procedure_id, MaLinhVuc=None)
    assert told.events[0]["field"] == procedure.field
    assert "field" not in tell(MaTTHC="9.999999", MaLinhVuc=None).events[0]


def test_the_only_desk_of_a_key_is_the_receiver_where_no_agency_is_named() -> None:
    reader = NationalReader(UNITS, "motcua-thu", receiver="04795")
    assert tell(reader, DonViXuLy="").events[0]["receiver"] == "04795"
    assert "receiver" not in tell(reader).events[0]


def test_a_name_means_the_unit_that_bears_it_on_that_day() -> None:
    names = [unit for unit in UNITS if unit.successor is not None and unit.valid_to is not None]
    for unit in names[:40]:
        told = READER.tell(BASE | {"DonViXuLy": f"{unit.name}"})
        if told.reject is None:
            assert told.events[0]["authority"] in UNITS


def test_status_codes_with_zeros_are_the_same() -> None:
    assert tell(TrangThaiHoSo="02").events[0]["status"] == 2


def test_everything_that_can_be_lost_is_worded() -> None:
    source = {"supplement_pending", "resolved_while_pending", "closed_without_due", "no_time",
              "resolved_and_refused", "date_only", "end_before_receipt", "no_date", "two_codes",
              "due_before_receipt"}  # fmt: skip
    assert source <= set(ADVICE)
    assert codes(tell(NgayHenTra="20240901170000")) == ["due_before_receipt"]
