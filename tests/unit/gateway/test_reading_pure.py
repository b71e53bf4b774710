"""Guessing, cursors, receipts and words, without a server."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from ioc.gateway.reading.changes import (
    EPOCH_SHIFT,
    Place,
    positions_at,
    read_cursor,
    vector_of,
    write_cursor,
)
from ioc.gateway.reading.guessing import Misses
from ioc.gateway.reading.lookup import Event, FoundDossier
from ioc.gateway.reading.receipt import Receipts
from ioc.gateway.reading.telling import Teller, state_of
from schemas.errors import ConfigurationError, RejectError
from schemas.events.shard import SHARDS
from schemas.reading_settings import ReadingSettings
from schemas.reading_texts import StateText, StatusText, StepText
from schemas.reference import ProcedureRegistry, UnitRegistry

positions = st.integers(0, 2**64 - 1)
vectors = st.tuples(*[positions] * SHARDS)
UNITS, PROCEDURES = UnitRegistry.load(None), ProcedureRegistry.load(None)


@given(vectors, st.one_of(st.just(()), vectors), st.integers(0, SHARDS - 1), st.text(max_size=60))
def test_a_cursor_comes_back_as_it_was(start, until, shard, dossier):
    place = Place(start, until, shard, dossier)
    if len(dossier.encode()) <= 128:
        assert read_cursor(write_cursor(place)) == place


@given(st.text(max_size=200))
def test_a_made_up_cursor_is_refused(text):
    with pytest.raises(RejectError):
        read_cursor(text)


@given(vectors, st.data())
def test_a_damaged_cursor_is_refused_or_a_place(start, data):
    text = write_cursor(Place(start))
    at = data.draw(st.integers(0, len(text) - 1))
    damaged = text[:at] + data.draw(st.sampled_from("AZaz09-_")) + text[at + 1 :]
    try:
        place = read_cursor(damaged)
    except RejectError:
        return
    assert len(place.start) == SHARDS


@given(vectors, vectors)
def test_what_was_told_is_never_behind(start, until):
    after = Place(start, until).after_page(None)
    assert all(new >= old for new, old in zip(after.start, start, strict=True))
    assert all(new >= told for new, told in zip(after.start, until, strict=True))
    assert Place(start, until).after_page((3, "H28")).start == start


@given(
    st.sampled_from([1, 2, 3, 4, 6, 8]),
    st.lists(st.integers(0, SHARDS - 1), max_size=60),
    st.integers(0, 60),
)
def test_beginning_at_a_moment_passes_nothing_over(partitions, homes, seen):
    """A log of events, each in its shard's partition; a place made at a moment in between."""
    ends: dict[int, int] = {}
    log = []
    for shard in homes:
        partition = shard % partitions
        ends[partition] = ends.get(partition, 0) + 1
        log.append((shard, 3 << EPOCH_SHIFT | ends[partition]))
    before = [(shard, position, partitions) for shard, position in log[:seen]]
    newest = {shard: (shard, position, count) for shard, position, count in before}
    at_moment = positions_at(newest.values())
    for shard, position in log[seen:]:
        assert at_moment.get(shard, 0) < position
    for shard, position, _ in before:
        assert at_moment[shard] >= position


def test_positions_of_another_epoch_are_not_compared():
    rows = [(0, 2 << EPOCH_SHIFT | 900, 4), (4, 3 << EPOCH_SHIFT | 5, 4)]
    found = positions_at(rows)
    assert found[0] == found[4] == found[8] == 3 << EPOCH_SHIFT | 5
    assert found.get(1, 0) == 0


def test_a_shard_without_rows_is_at_the_beginning():
    assert vector_of({0: 7, 47: 9})[:2] == (7, 0)
    assert vector_of({47: 9})[-1] == 9


@given(st.lists(st.tuples(st.floats(0, 30), st.booleans()), max_size=80))
def test_no_more_misses_than_allowed_come_through(asked):
    """Against a count of every miss in each window of a minute."""
    limit, misses, now, failed = 10, Misses(10), 0.0, []
    for pause, hits in asked:
        now += pause
        if misses.charge("who", now) == 0:
            if hits:
                misses.forgive("who")
            else:
                failed.append(now)
    for begin in failed:
        window = [at for at in failed if begin <= at < begin + 60]
        assert len(window) <= 2 * limit


@given(st.integers(1, 40))
def test_side_by_side_no_more_than_the_limit_begin(count):
    misses = Misses(10)
    begun = sum(misses.charge("who", 5.0) == 0 for _ in range(count))
    assert begun == min(count, 10)
    assert misses.charge("other", 5.0) == 0


def test_misses_wear_off_and_hits_cost_nothing():
    misses = Misses(10)
    for _ in range(1000):
        assert misses.charge("who", 1.0) == 0
        misses.forgive("who")
    for _ in range(10):
        assert misses.charge("who", 1.0) == 0
    wait = misses.charge("who", 1.0)
    assert 0 < wait <= 6
    assert misses.charge("who", 1.0 + wait) == 0
    assert misses.charge("who", 0.0) > 0, "a clock that was set back gives nothing"


def test_holders_are_forgotten_before_memory_grows():
    misses = Misses(10)
    for number in range(30_000):
        misses.charge(f"address {number}", 1.0)
    assert len(misses._accounts) <= 10_000


@given(st.text(min_size=1, max_size=60))
def test_digits_fit_their_dossier_alone(dossier_id):
    receipts = Receipts(SecretStr("x" * 32), 6)
    digits = receipts.digits_of(dossier_id)
    assert len(digits) == 6
    assert digits.isdigit()
    assert receipts.fits(dossier_id, f" {digits} ")
    assert not receipts.fits(dossier_id, "")
    assert not receipts.fits(dossier_id, str((int(digits) + 1) % 10**6).zfill(6))


def test_a_short_secret_is_refused(tmp_path):
    path = tmp_path / "receipts.key"
    path.touch(0o600)
    path.write_text("short")
    with pytest.raises(ConfigurationError, match="32"):
        Receipts.of(ReadingSettings(_env_file=None, receipt_key_file=path))
    path.write_text("z" * 32)
    assert Receipts.of(ReadingSettings(_env_file=None, receipt_key_file=path))
    assert Receipts.of(ReadingSettings(_env_file=None)) is None


def at(text: str) -> int:
    return int(dt.datetime.fromisoformat(f"{text}+07:00").timestamp())


def row(**changes: Any) -> dict[str, Any]:
    return {
        "dossier_id": "H28-1", "phase": "processing", "status": 4, "live": 1,
        "receiver": "04795", "authority": "04795", "handler": "04795", "procedure": "",
        "registered_at": 0, "received_at": at("2024-09-03T08:15"),
        "first_due_at": at("2024-09-06T17:00"), "due_at": at("2024-09-06T17:00"),
        "limit_unit": 1, "apologised": 0, "result_at": 0, "returned_at": 0, "finished_at": 0,
        "verdict": "", "receipt_due_at": 0, "alarm_at": at("2024-09-07T00:00"),
        "complete_up_to": at("2024-09-05T09:00") * 1000, **changes,
    }  # fmt: skip


def step(status: int, when: str, **said: Any) -> Event:
    fields: dict[str, Any] = {
        "receiver": "", "authority": "", "handler": "", "explicit_due": None, "apology": None,
    }  # fmt: skip
    return Event(status=status, at_ms=at(when) * 1000, **(fields | said))


@pytest.mark.parametrize(
    ("changes", "now", "expected"),
    [
        ({}, "2024-09-05T09:00", StateText.IN_TIME),
        ({}, "2024-09-06T10:00", StateText.DUE_SOON),
        ({}, "2024-09-07T00:00", StateText.OVERDUE),
        ({"due_at": 0, "alarm_at": 0}, "2024-09-07T00:00", StateText.NO_DUE),
        ({"phase": "supplement", "alarm_at": 0}, "2024-09-07T00:00", StateText.PAUSED),
        ({"phase": "awaiting", "status": 1}, "2024-09-05T09:00", StateText.AWAITING),
        ({"phase": "awaiting", "status": 1}, "2024-09-07T09:00", StateText.RECEIPT_OVERDUE),
        ({"phase": "resolved", "live": 0, "verdict": "early"}, "2024-09-09T09:00",
         StateText.EARLY),
        ({"phase": "resolved", "live": 0, "verdict": "late"}, "2024-09-09T09:00", StateText.LATE),
        ({"phase": "refused", "live": 0}, "2024-09-09T09:00", StateText.CLOSED),
    ],
)  # fmt: skip
def test_states_against_the_clock(changes, now, expected):
    soon = at(now) + 8 * 3600 * 3
    assert state_of(row(**changes), at(now), soon) is expected


def test_a_dossier_in_plain_vietnamese_and_english():
    found = FoundDossier(
        row(apologised=1),
        (
            step(2, "2024-09-03T08:15", receiver="04795"),
            step(4, "2024-09-03T10:00", handler="04795"),
            step(4, "2024-09-04T10:00", handler="04795"),
            step(4, "2024-09-05T08:00", handler="04795", apology=1,
                 explicit_due=at("2024-09-10T17:00")),
        ),
    )  # fmt: skip
    name = UNITS.get("04795").name
    told = Teller(UNITS, PROCEDURES, "vi").tell(found, at("2024-09-05T09:00"), 0)
    assert told["summary"] == f"{name} đang xử lý hồ sơ. Hẹn trả kết quả: ngày 06/09/2024."
    assert [each["text"] for each in told["steps"]] == [
        f"{name} đã tiếp nhận hồ sơ.",
        f"{name} đang xử lý hồ sơ.",
        f"{name} có văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết.",
        "Hẹn trả kết quả mới: ngày 10/09/2024.",
    ]
    assert told["state_text"] == "Đang giải quyết trong hạn"
    assert told["due_at"] == "2024-09-06T17:00:00+07:00"
    english = Teller(UNITS, PROCEDURES, "en").tell(found, at("2024-09-05T09:00"), 0)
    assert english["status_text"] == "In process"
    assert english["summary"].endswith("The result is promised for 06 September 2024.")


def test_hours_are_told_with_their_time():
    found = FoundDossier(row(limit_unit=0, due_at=at("2024-09-06T10:00")), ())
    assert Teller(UNITS, PROCEDURES, "vi").tell(found, 0, 0)["due_text"] == "10:00 ngày 06/09/2024"


def test_a_code_that_nobody_knows_is_told_as_it_is():
    found = FoundDossier(row(handler="no-such-unit", authority="", receiver=""), (
        step(1, "2024-09-03T08:00"),))  # fmt: skip
    told = Teller(UNITS, PROCEDURES, "vi").tell(found, 0, 0)
    assert told["handler"] == {"code": "no-such-unit", "name": "no-such-unit"}
    assert told["receiver"] is None


def test_every_status_has_its_words():
    assert [each.name for each in StatusText] == [f"S{n}" for n in range(1, 11)]
    for each in StatusText:
        assert StepText[each.name].in_language("vi", unit="X")
