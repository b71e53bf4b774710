"""Every panel's SQL on the real engine, as the read-only user: by hand, empty, and beside traps."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import wall_seed
from panels_kit import Ask, asking, migrated
from wall_seed import EXPECTED, NOW

from dashboards.catalogue.boards import BOARDS
from dashboards.panel import Kind
from ioc.embedded.clickhouse import EmbeddedClickHouse

PANELS = tuple(panel for board in BOARDS for panel in board.panels)
QUERIES = sorted({panel.sql for panel in PANELS} | {"span", "province"})
#: Tell when rows were stored, so they are about the present whatever was stored.
STORED_NOW = {"stored_events", "latency"}


@pytest.fixture
def warehouse(clickhouse: EmbeddedClickHouse) -> Iterator[Any]:
    with migrated(clickhouse, f"panels_{uuid.uuid4().hex}") as client:
        yield client


@pytest.fixture
def ask(clickhouse: EmbeddedClickHouse, warehouse) -> Iterator[Ask]:
    with asking(clickhouse, warehouse.database) as run:
        yield run


@pytest.fixture
def written(warehouse) -> Any:
    """The seeds in a database that the test may change."""
    wall_seed.seed_figures(warehouse)
    return warehouse


@pytest.fixture(scope="module")
def seeded(clickhouse: EmbeddedClickHouse) -> Iterator[Ask]:
    """Asks a database with the seeds, for tests that change nothing."""
    with migrated(clickhouse, f"seeded_{uuid.uuid4().hex}") as client:
        wall_seed.seed_reference(client, client.database)
        wall_seed.seed_figures(client)
        wall_seed.seed_lists(client)
        wall_seed.tell_epoch(client)
        wall_seed.tell_reconciliation(client, "mot-cua", NOW, 0)
        with asking(clickhouse, client.database) as run:
            yield run


@pytest.fixture(scope="module")
def empty(clickhouse: EmbeddedClickHouse) -> Iterator[Ask]:
    with (
        migrated(clickhouse, f"empty_{uuid.uuid4().hex}") as client,
        asking(clickhouse, client.database) as run,
    ):
        yield run


@pytest.mark.parametrize("name", QUERIES)
def test_runs_on_empty_tables(empty: Ask, name: str):
    rows = empty(name)
    for row in rows:
        for column, value in row.items():
            assert not value or column in {"first_day", "newest_day"}, (column, value)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.id)
def test_columns_are_the_declared_ones(seeded: Ask, panel):
    changes = {"now": int(time.time()) + 60} if panel.sql in STORED_NOW else {}
    (first, *_) = seeded(panel.sql, **changes)
    assert tuple(first) == tuple(column.name for column in panel.columns)


@pytest.mark.parametrize("panel", [p for p in PANELS if p.kind is Kind.SERIES], ids=lambda p: p.id)
@pytest.mark.parametrize("step", ["day", "week", "month"])
def test_series_are_sorted_by_time(seeded: Ask, panel, step: str):
    changes = {"now": int(time.time()) + 60} if panel.sql in STORED_NOW else {}
    times = [row[panel.columns[0].name] for row in seeded(panel.sql, step=step, **changes)]
    assert times
    assert times == sorted(set(times))


def test_flow_of_the_period(seeded: Ask):
    (row,) = seeded("flow")
    for name in ("received", "received_online", "resolved", "in_time"):
        assert row[name] == EXPECTED[name], name
    assert row["decided"] == 80_185
    assert round(row["online_share"] * 100, 2) == 88.74
    assert round(row["in_time_share"] * 100, 2) == 99.45
    assert (row["registered"], row["receipt_late"], row["uncollected"]) == (88_000, 315, 1_020)
    day, before = dt.date(2024, 9, 30), dt.date(2024, 9, 3)
    (row,) = seeded("flow", from_day=day, to_day=day, before_from_day=before, before_to_day=before)
    assert (row["receipt_late"], row["receipt_late_before"]) == (5, 310)
    assert (row["uncollected"], row["uncollected_before"]) == (120, 900)


def test_a_dossier_without_a_due_date_is_resolved_but_not_in_the_share(seeded: Ask):
    (row,) = seeded("flow", from_day=dt.date(2024, 8, 1), to_day=dt.date(2024, 8, 31))
    assert (row["resolved"], row["in_time"], row["decided"]) == (485, 450, 480)


def test_open_dossiers_against_the_clock(seeded: Ask):
    (row,) = seeded("open_now")
    for name in ("open", "overdue", "due_soon", "paused", "awaiting_receipt", "receipt_overdue"):
        assert row[name] == EXPECTED[name], name
    assert row["without_apology"] == 240
    assert (row["paused_for_papers"], row["paused_for_payment"]) == (400, 40)
    assert row["overdue_share"] == 260 / 9_811
    assert row["open_before"] == EXPECTED["carried_over"]
    assert row["open_change"] == pytest.approx(9_811 / 1_500 - 1)


def test_a_file_is_overdue_at_the_very_second(seeded: Ask):
    (before,) = seeded("open_now", now=NOW + 59)
    (at,) = seeded("open_now", now=NOW + 60)
    assert at["overdue"] - before["overdue"] == 50
    assert before["due_soon"] - at["due_soon"] == 50


def test_the_report_balances(seeded: Ask):
    (row,) = seeded("balance")
    assert row == {
        "carried_over": EXPECTED["carried_over"],
        "received": EXPECTED["received"],
        "to_resolve": 90_146,
        "finished": EXPECTED["finished"],
        "open_at_end": EXPECTED["open_at_end"],
        "difference": 0,
    }


def test_a_lost_cell_is_seen_in_the_balance(ask: Ask, written):
    less = [(*c[:2], 395, 0) if c[0] == "supplement" else c for c in wall_seed.OPEN_AT_04792]
    wall_seed.insert(written, "open_dossiers", [wall_seed.open_row("04792", *less, version=3)])
    (row,) = ask("balance")
    assert row["difference"] == 5
    wall_seed.insert(written, "province_days", [
        wall_seed._day(1, dt.date(2024, 9, 3), version=3, received=8_640),
    ])  # fmt: skip
    (row,) = ask("balance")
    assert row["difference"] == -1


@pytest.mark.parametrize(
    ("step", "starts"),
    [
        ("day", [(dt.date(2024, 9, 3), 48_646, 50_200), (dt.date(2024, 9, 30), 40_000, 29_985)]),
        ("week", [(dt.date(2024, 9, 2), 48_646, 50_200), (dt.date(2024, 9, 30), 40_000, 29_985)]),
        ("month", [(dt.date(2024, 9, 1), 88_646, 80_185)]),
    ],
)
def test_days_weeks_and_months(seeded: Ask, step: str, starts):
    rows = seeded("over_time", step=step)
    assert [(row["start"], row["received"], row["resolved"]) for row in rows] == starts


def test_units_by_overdue(seeded: Ask):
    rows = seeded("units_overdue")
    assert [(row["unit"], row["overdue"], row["open"]) for row in rows] == [
        ("04792", 220, 620),
        ("04795", 40, 90),
    ]
    assert rows[0]["name"] == "Phường Tân Hòa"
    assert rows[0]["parent"] == "Thành phố Hòa Bình"
    assert [row["unit"] for row in seeded("units_overdue", rows=1)] == ["04792"]


@pytest.mark.parametrize("name", ["units_overdue", "overdue_holders"])
def test_where_it_got_worse_in_this_shift_comes_first(seeded: Ask, name: str):
    rows = seeded(name, shift_at=NOW - 60)
    assert [(row["unit"], row["overdue_new"], row["overdue"]) for row in rows] == [
        ("04795", 40, 40),
        ("04792", 0, 220),
    ]


@pytest.mark.parametrize("name", ["units_overdue", "overdue_holders"])
def test_equal_counts_are_not_told_apart_by_the_share_of_a_few(ask: Ask, written, name: str):
    for unit, rest in (("04798", 2), ("04801", 1)):
        cells = (("processing", NOW - 30 * 3600, 2, 0), ("processing", NOW + 3600, rest, 0))
        wall_seed.insert(written, "open_dossiers", [wall_seed.open_row(unit, *cells)])
    rows = [row for row in ask(name) if row["overdue"] == 2]
    assert [(row["unit"], row["open"]) for row in rows] == [("04798", 4), ("04801", 3)]


def test_an_unknown_unit_is_shown_by_its_code(seeded: Ask):
    rows = seeded("units_overdue", now=NOW + 300 * 3600)
    assert (rows[0]["unit"], rows[0]["name"], rows[0]["parent"]) == ("H28.01", "H28.01", "")


def test_units_by_share_in_time_without_small_ones(seeded: Ask):
    rows = seeded("units_in_time")
    # The province has 321 of 353: 90.9 %. The upper ends of the others lie above it.
    assert [(row["unit"], row["in_time"], row["decided"]) for row in rows] == [("04795", 80, 100)]
    assert seeded("units_in_time", minimum=3)[0]["unit"] == "H28.01"


def test_levels(seeded: Ask):
    rows = seeded("levels")
    assert [(r["level"], r["received"], r["in_time"], r["decided"]) for r in rows] == [
        ("district", 70, 50, 50),
        ("commune", 160, 270, 300),
        ("unknown", 3, 1, 3),
    ]


def test_channels(seeded: Ask):
    rows = seeded("channels")
    assert [(row["channel"], row["received"]) for row in rows] == [
        ("2", 78_664),
        ("1", 9_000),
        ("3", 982),
    ]
    assert sum(row["share"] for row in rows) == pytest.approx(1)
    assert rows[0]["share"] == 78_664 / 88_646


def test_span_ignores_what_lies_ahead(seeded: Ask):
    (row,) = seeded("span")
    assert (row["first_day"], row["newest_day"]) == (dt.date(2024, 8, 20), dt.date(2024, 10, 2))
    (row,) = seeded("span", today=dt.date(2025, 6, 1))
    assert row["newest_day"] == dt.date(2024, 10, 2)


@pytest.mark.parametrize(
    ("day", "name"),
    [(dt.date(2025, 6, 30), "Tỉnh Hòa Bình"), (dt.date(2025, 7, 1), "Tỉnh Phú Thọ")],
)
def test_the_province_is_that_of_the_last_day(seeded: Ask, day: dt.date, name: str):
    assert [row["name"] for row in seeded("province", units_on=day)] == [name]


def test_the_same_period_under_each_rule(seeded: Ask):
    desk, due, national = seeded("shares")
    assert (desk["rule"], desk["in_time"], desk["decided"]) == ("desk", 79_745, 80_185)
    assert (due["rule"], due["decided"], due["share"]) == ("due", 0, None)
    assert (national["in_time"], national["decided"]) == (88_146, 88_646)
    assert national["score"] == pytest.approx(20 * 88_146 / 88_646)


def test_what_is_new_since_the_shift_began_stands_apart(seeded: Ask):
    (row,) = seeded("open_now", shift_at=NOW - 60)
    assert (row["overdue"], row["overdue_new"], row["overdue_old"]) == (260, 40, 220)
    assert row["receipt_overdue_new"] == 0
    (row,) = seeded("open_now", shift_at=NOW - 2 * 3600)
    assert (row["overdue_new"], row["overdue_old"], row["receipt_overdue_new"]) == (260, 0, 6)
    rows = seeded("units_overdue", shift_at=NOW - 60)
    assert [(each["unit"], each["overdue_new"]) for each in rows] == [("04795", 40), ("04792", 0)]


def test_flow_against_the_period_before(seeded: Ask):
    (row,) = seeded("flow")
    assert (row["received_before"], row["resolved_before"]) == (2_000, 485)
    assert row["received_change"] == 88_646 / 2_000 - 1
    assert row["in_time_share_before"] == 450 / 480
    (row,) = seeded("flow", before_from_day=dt.date(2023, 8, 1), before_to_day=dt.date(2023, 8, 31))
    assert row["received_before"] == 0
    assert row["received_change"] is row["in_time_share_before"] is None


def test_alerts_as_they_come_name_no_dossier(seeded: Ask):
    rows = seeded("feed", shift_at=NOW - 2 * 3600)
    names = ("rule", "unit", "n", "state", "cause", "expected_on", "is_new")
    assert [tuple(each[name] for name in names) for each in rows] == [
        ("overdue", "04792", 2, "explained", "staff", dt.date(2024, 10, 4), 0),
        ("due_soon", "04792", 1, "", "", None, 1),
        ("overdue", "04795", 1, "escalated", "", None, 0),
        ("unit_share", "04795", 1, "withdrawn", "", None, 0),
    ]
    assert rows[0]["at"] == (NOW - 120) * 1000
    assert rows[0]["name"] == "Phường Tân Hòa"


def test_alerts_with_what_was_said_to_them(seeded: Ask):
    names = ("dossier", "unit", "rule", "state", "role", "cause", "expected_on")
    expected = [
        ("a4", "04795", "overdue", "escalated", "", "", None),
        ("a2", "04792", "overdue", "explained", "authority_head", "staff", dt.date(2024, 10, 4)),
        ("a1", "04792", "overdue", "explained", "authority_head", "staff", dt.date(2024, 10, 4)),
        ("", "04795", "unit_share", "withdrawn", "", "", None),
    ]
    rows = [tuple(each[name] for name in names) for each in seeded("alert_answers")]
    assert rows == expected
    rows = [tuple(each[name] for name in names) for each in seeded("alert_answers", unit="04795")]
    assert rows == [expected[0], expected[3]]


def test_a_desk_is_silent_when_it_is_so_for_longer_than_its_habit(seeded: Ask):
    """04792 sent 80 events in 28 days, the last four weeks ago; 04795 wrote ten minutes ago."""
    one, other = seeded("silent")
    assert (one["unit"], one["is_silent"]) == ("04792", 1)
    assert (other["unit"], other["is_silent"]) == ("04795", 0)
    assert (one["silent_units"], one["silent_new"], one["judged_units"]) == (1, 0, 2)
    # 20 working days of 8 hours until 17:00 of the 30th, without 2 and 3 September (holidays).
    assert one["last_event_at"] == wall_seed.DOSSIERS[0]["last_event_at"] * 1000
    assert one["silent_hours"] == 152
    assert other["silent_hours"] == pytest.approx(1 / 6)
    assert one["patience_hours"] == pytest.approx(8 * 152 / 80)


def test_silence_is_counted_in_working_time(seeded: Ask):
    """In the evening after, and on the next morning, no working second has passed."""
    (_, now), (_, later) = seeded("silent"), seeded("silent", now=NOW + 12 * 3600)
    assert later["silent_hours"] == now["silent_hours"]


def test_one_dossiers_story(seeded: Ask):
    rows = seeded("dossier_timeline", dossier=wall_seed.STORY)
    told = [(each["what"], each["status"] or each["leg"]) for each in rows]
    assert told == [
        ("event", "1"),
        ("leg", "1"),
        ("event", "2"),
        ("leg_late", "2"),
        ("pause", "5"),
        ("event", "4"),
        ("apology", ""),
        ("promised", ""),
    ]
    pause = rows[4]
    assert pause["until"] - pause["at"] == 24 * 3600 * 1000
    assert rows[5]["name"] == "Sở Tài nguyên và Môi trường"
    assert seeded("dossier_timeline", dossier="nothing") == []
