"""Known defects of real feeds, through gateway and worker, to the figures that people see."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gateway_kit import GatewayChild, KeyBox
from rig import Rig, eventually

from door.desk_kit import balance, states
from ioc.gateway.reading.statistics import PANELS
from ioc.verify import verify

#: Nothing else is received in this month.
FIRST, LAST = dt.date(2023, 3, 1), dt.date(2023, 3, 31)
PREFIX = "000.25.28.H28-2303"
#: What the feeds below come to: nine received, of which three are finished.
RECEIVED, FINISHED, OPEN = 9, 3, 6


def snapshot(number: int, status: str, **fields: Any) -> dict[str, Any]:
    """A dossier of the city, received on 6 March at an hour of its own."""
    entry = {
        "MaHoSo": f"{PREFIX}06-{number:04d}",
        "MaTTHC": "1.900106",
        "MaLinhVuc": "dat-dai",
        "KenhThucHien": "1",
        "NgayTiepNhan": f"202303060{number}1500",
        "NgayHenTra": "20230316170000",
        "TrangThaiHoSo": status,
        "DonViXuLy": "UBND TP. Hòa Bình",
        **fields,
    }
    return {name: value for name, value in entry.items() if value is not None}


def step(number: int, status: str, at: str) -> dict[str, Any]:
    place = {"MaHoSo": f"{PREFIX}06-{number:04d}"}
    return place | {"TrangThai": status, "ThoiDiemXuLy": at, "NguoiXuLy": "x"}


def snapshots(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"service": "DongBoHoSoMC", "isUpdating": "False", "data": list(entries)}


def progress(*steps: dict[str, Any]) -> dict[str, Any]:
    return {"service": "CapNhatTienDoHoSoMC", "data": list(steps)}


#: Whole messages, in the order in which the systems send them.
FEED = [
    # One system sends the step before the dossier: out of order.
    progress(step(1, "9", "20230309100000")),
    snapshots(snapshot(1, "4")),
    # Another keeps the same dossier under two codes.
    snapshots(
        snapshot(2, "2"),
        snapshot(2, "2", MaHoSo=f"{PREFIX}06-2222"),
        # 5 sent as 9: the request that nobody answered, at the moment of the end.
        snapshot(3, "9", NgayKetThucXuLy="20230308090000",
                 DanhSachHoSoBoSung=[{"NgayBoSung": "2023-03-08T09:00:00"}]),
        # 8 sent as 9: with a day of refusal.
        snapshot(5, "9", NgayKetThucXuLy="20230310090000", NgayTuChoi="20230310090000"),
    ),
    # 6 sent as 9; once it is paid the desk goes on with it.
    snapshots(snapshot(4, "9", NgayKetThucXuLy="20230310090000")),
    progress(step(4, "6", "20230310090001"), step(4, "4", "20230313080000")),
    # An open dossier without a due date, which the software then closes by itself.
    snapshots(snapshot(6, "2", NgayHenTra=None)),
    snapshots(snapshot(6, "9", NgayHenTra=None, NgayKetThucXuLy="20230331235900")),
    # Clocks that are wrong: an end before the receipt, and one in the far future.
    snapshots(
        snapshot(7, "9", NgayKetThucXuLy="20230301090000"),
        snapshot(8, "9", NgayKetThucXuLy="21000101000000"),
    ),
]  # fmt: skip


def test_every_known_defect_comes_out_as_the_guide_says(
    rig: Rig, gateway: GatewayChild, keys: KeyBox
) -> None:
    # Of the province: a step before its dossier names no unit that another key could be held to.
    key = keys.get("defects", source="motcua-loi")
    losses: dict[str, set[str]] = {}
    with gateway.client(key) as client:
        # Everything twice, the second time from the end: re-sends, and out of order again.
        for message in [*FEED, *reversed(FEED)]:
            answer = client.post("/v1/sync", json=message)
            assert answer.status_code == 200, answer.text
            for one in answer.json()["results"]:
                assert (one["outcome"] == "rejected") == (one["dossier_id"][-4:] == "0008"), one
                found = losses.setdefault(one["dossier_id"][-4:], set())
                found |= {loss["code"] for loss in one.get("losses", ())}
        assert losses == {
            "0001": set(),
            "0002": set(),
            "2222": {"two_codes"},
            "0003": {"supplement_pending"},
            "0004": set(),
            "0005": {"resolved_and_refused"},
            "0006": {"closed_without_due"},
            "0007": {"end_before_receipt"},
            "0008": set(),
        }
        rig.expect_all()
        rig.wait_stored()
        found = {name[-4:]: row[:2] for name, row in states(rig, PREFIX).items()}
        assert found == {
            "0001": (9, "early"),
            "0002": (2, ""),
            "2222": (2, ""),
            "0003": (5, ""),
            "0004": (4, ""),
            "0005": (9, "early"),
            "0006": (9, "no_due"),
            "0007": (2, ""),
            "0008": (2, ""),
        }
        eventually(lambda: balance(rig, FIRST, LAST)["received"] == RECEIVED, "the wall's month")
        shown = balance(rig, FIRST, LAST)
        assert (shown["finished"], shown["difference"]) == (FINISHED, 0)
        assert shown["open_at_end"] - shown["carried_over"] == OPEN
        _check_statistics(client)
    assert verify(rig.client, database=rig.database).difference_count == 0


def _check_statistics(client: Any) -> None:
    """The same month by the statistics: of the city, each figure with its definition."""
    asked = {"unit": "148", "from": FIRST.isoformat(), "to": LAST.isoformat()}

    def figures(language: str) -> dict[str, Any]:
        headers = {"Accept-Language": language}
        answer = client.get("/v1/statistics", params=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()["figures"]
        return told

    eventually(lambda: figures("vi")["received"]["value"] == RECEIVED, "the unit's figures follow")
    for language in ("vi", "en"):
        told = figures(language)
        defined = {figure.column: figure.definition for panel in PANELS for figure in panel.figures}
        assert told.keys() == defined.keys()
        for name, figure in told.items():
            assert figure["definition"] == getattr(defined[name], language), name
            assert figure["definition"], name
    values = {name: figure["value"] for name, figure in told.items()}
    assert values["resolved"] == FINISHED
    # Of two that have a due date: the third was closed without one.
    assert values["in_time_share"] == 1.0
    assert told["in_time_share"]["parts"]["decided"] == 2
