"""The spool: durable, bounded, in order, nothing twice."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioc.desk.client.errors import BusyError, SettingsError, SpoolFullError
from ioc.desk.client.item import Item, Kind, items_of
from ioc.desk.client.spool import Spool
from ioc.desk.client.spool_file import FILE_NAME


def item(number: int, kind: Kind = Kind.EVENT, size: int = 0) -> Item:
    return Item(kind, b'{"event_id":"%d"%s}' % (number, b" " * size))


def bodies(spool: Spool) -> list[bytes]:
    return [waiting.item.body for waiting in spool.batch(10_000, 10**9)]


def test_it_is_written_through_to_the_disk(spool: Spool) -> None:
    spool.add([item(1)])
    with sqlite3.connect(spool.folder / FILE_NAME) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert other.execute("SELECT count(*) FROM item").fetchone() == (1,)
    # 2 = FULL: every commit is synced; a property of the connection that writes.
    assert spool._base.execute("PRAGMA synchronous").fetchone() == (2,)


def test_items_come_back_in_order_after_it_was_closed(spool: Spool) -> None:
    spool.add([item(3), item(1)])
    spool.add([item(2)])
    spool.close()
    again = Spool(spool.folder, spool.max_bytes)
    assert bodies(again) == [item(3).body, item(1).body, item(2).body]
    again.close()


def test_a_batch_has_one_kind_and_keeps_its_limits(spool: Spool) -> None:
    spool.add([item(1), item(2), item(3, Kind.NATIONAL), item(4)])
    assert [w.item.body for w in spool.batch(10, 10**6)] == [item(1).body, item(2).body]
    assert len(spool.batch(1, 10**6)) == 1
    assert len(spool.batch(10, 1)) == 1  # one item always goes


def test_the_same_item_waits_once(spool: Spool) -> None:
    assert spool.add([item(1), item(1), item(2)]) == 2
    assert spool.add([item(1)]) == 0
    assert spool.counts().waiting == 2


def test_a_full_spool_refuses_whole_calls_and_keeps_what_it_has(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 200_000)
    taken = 0
    with pytest.raises(SpoolFullError) as caught:
        for taken in range(10_000):
            spool.add([item(taken, size=1_000)])
    assert 50 < taken < 200
    assert spool.counts().waiting == taken
    assert "NOT taken" in caught.value.in_language("en")
    assert "KHÔNG được nhận" in caught.value.in_language("vi")
    with pytest.raises(SpoolFullError):
        spool.add([item(number, size=100_000) for number in (90_001, 90_002)])
    assert spool.counts().waiting == taken, "none of a refused call"
    # Room that was sent away is used again, and the file does not grow past its bound.
    for _ in range(5):
        batch = spool.batch(1_000, 10**9)
        spool.settle([waiting.id for waiting in batch], [])
        with pytest.raises(SpoolFullError):
            for number in range(10_000):
                spool.add([item(number, size=1_000)])
    spool.close()
    assert (tmp_path / FILE_NAME).stat().st_size <= 210_000


def test_only_one_process_sends(spool: Spool) -> None:
    other = Spool(spool.folder, spool.max_bytes)
    with spool.sending(), pytest.raises(BusyError), other.sending():
        pass
    with other.sending():
        other.add([item(1)])  # adding goes on meanwhile
    spool.add([item(2)])
    assert spool.counts().waiting == 2
    other.close()


def test_rejected_ones_are_kept_and_mended(spool: Spool) -> None:
    spool.add([item(1), item(2)])
    first, second = spool.batch(10, 10**6)
    spool.settle([second.id], [(first.id, {"code": "bad_status"})])
    (kept,) = spool.rejected()
    assert kept.answer == {"code": "bad_status"}
    assert spool.counts()[:2] == (0, 1)
    assert spool.mend(kept.id, item(3))
    assert not spool.mend(kept.id, item(4)), "it is mended once"
    assert bodies(spool) == [item(3).body]


def test_a_rejected_item_that_is_pushed_again_waits_again(spool: Spool) -> None:
    spool.add([item(1)])
    spool.settle([], [(spool.batch(1, 1)[0].id, {"code": "future_time"})])
    assert spool.add([item(1)]) == 1
    assert spool.counts()[:2] == (1, 0)


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(SettingsError, match="file"):
        Spool(tmp_path / "file", 1_000_000)


def test_nothing_personal_lies_in_the_spool() -> None:
    (only,) = items_of(
        {
            "service": "DongBoHoSoMC",
            "isUpdating": "True",
            "data": [
                {
                    "MaHoSo": "H28-1",
                    "TrangThaiHoSo": "2",
                    "ChuHoSo": "Bí Mật",
                    "NguoiXuLy": "Bí Mật",
                    "TruongMoi": "Bí Mật",
                    "TaiLieuNop": [{"TenTepDinhKem": "Bí Mật.pdf"}],
                    "DanhSachHoSoBoSung": [{"NgayBoSung": "1", "NguoiYeuCauBoSung": "Bí Mật"}],
                }
            ],
        }
    )
    assert only.kind is Kind.NATIONAL
    assert "Mật" not in only.body.decode()
    assert '"NgayBoSung":"1"' in only.body.decode()
    assert '"isUpdating":"True"' in only.body.decode()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("adr"), st.integers(0, 30)), max_size=40))
def test_it_behaves_as_a_list_whatever_is_done(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    """a: add number; d: the gateway has the first n waiting; r: it rejects the n-th waiting."""
    spool = Spool(tmp_path_factory.mktemp("spool"), 50_000_000)
    # Numbers in the order in which they came; a rejected one keeps its place.
    held: list[int] = []
    rejected: set[int] = set()
    for what, number in steps:
        waiting = [n for n in held if n not in rejected]
        ids = [one.id for one in spool.batch(1_000, 10**9)]
        assert ids == sorted(ids)
        if what == "a":
            spool.add([item(number)])
            rejected.discard(number)
            if number not in held:
                held.append(number)
        elif what == "d":
            spool.settle(ids[:number], [])
            held = [n for n in held if n not in waiting[:number]]
        elif number < len(ids):
            spool.settle([], [(ids[number], {"code": "x"})])
            rejected.add(waiting[number])
        assert bodies(spool) == [item(n).body for n in held if n not in rejected]
        assert spool.counts()[:2] == (len(held) - len(rejected), len(rejected))
    spool.close()
