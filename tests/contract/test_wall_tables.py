"""The walls' derived tables on the real engine: made anew, found stale, filled, tidied."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from panel_province import FIRST, Made, make_dossiers, store
from panels_kit import migrated

from ioc.embedded.clickhouse import EmbeddedClickHouse
from schemas.calendar.local_time import date_of_day, local_day
from schemas.events.shard import shard_of
from streams.cells import MEASURES
from streams.clickhouse import live_lists
from streams.clickhouse.touched_rows import refresh_touched
from streams.clickhouse.unit_days import refresh_days, stale_days
from streams.pipeline.touched import TouchedRows


@pytest.fixture
def client(clickhouse: EmbeddedClickHouse) -> Iterator[Any]:
    with migrated(clickhouse, f"walls_{uuid.uuid4().hex}") as client:
        yield client


@pytest.fixture
def made() -> list[Made]:
    return make_dossiers(300, seed=7)


def _cells(client: Any, day: int, **more: Any) -> None:
    row = {
        "shard": 1, "day": date_of_day(day), "receiver": "148", "authority": "148",
        "handler": "148", "field": "dat-dai", "channel": 2, "version": 9, "received": 1, **more,
    }  # fmt: skip
    client.insert("dossier_days", [list(row.values())], column_names=list(row))


def _all(client: Any, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in client.query(sql).result_rows]


def test_every_choice_of_field_and_channel_has_its_sums(client, made: list[Made]):
    store(client, made)
    for field, channel in (("*", 0), ("*", 2), ("ho-tich", 0), ("ho-tich", 1)):
        sums = ", ".join(f"sum({measure})" for measure in MEASURES)
        (row,) = _all(client, f"SELECT {sums} FROM field_days FINAL"
                              f" WHERE field = '{field}' AND channel = {channel}")  # fmt: skip
        mine = [
            each for each in made
            if field in ("*", each.field) and channel in (0, each.channel)
        ]  # fmt: skip
        happened = [name for each in mine for name, _ in each.happened()]
        assert row == tuple(happened.count(measure) for measure in MEASURES)
    assert stale_days(client) == set()


def test_a_refresh_of_unchanged_days_writes_nothing(client, made: list[Made]):
    store(client, made)
    days = {local_day(at) for each in made for _, at in each.happened()}
    count = "SELECT (SELECT count() FROM field_days), (SELECT count() FROM unit_days)," \
            " (SELECT count() FROM national_unit_days)"  # fmt: skip
    before = _all(client, count)
    refresh_days(client, days)
    assert _all(client, count) == before


def test_a_changed_cell_makes_its_day_stale_and_a_refresh_heals_it(client, made: list[Made]):
    store(client, made)
    (key,) = _all(client, "SELECT receiver, authority, handler, field, channel, shard,"
                          " toUInt32(day), received FROM dossier_days LIMIT 1")  # fmt: skip
    receiver, authority, handler, field, channel, shard, day, received = key
    total = "SELECT sum(received) FROM field_days FINAL WHERE field = '*' AND channel = 0"
    before = _all(client, total)[0][0]
    _cells(client, day, receiver=receiver, authority=authority, handler=handler, field=field,
           channel=channel, shard=shard, version=2, received=received + 5)  # fmt: skip
    assert stale_days(client) == {day}
    refresh_days(client, {day})
    assert stale_days(client) == set()
    assert _all(client, total)[0][0] == before + 5


def test_a_day_whose_national_rows_alone_changed_is_stale_too(client, made: list[Made]):
    store(client, made)
    day = local_day(next(each.received_at for each in made if each.received_at))
    client.command(
        "INSERT INTO national_days SELECT shard, receiver, authority, handler, received_day,"
        " late_from, version + 1, 0 FROM national_days WHERE received_day = toDate({day:UInt16})"
        " LIMIT 1",
        parameters={"day": day},
    )
    assert stale_days(client) == {day}
    refresh_days(client, {day})
    assert stale_days(client) == set()


def test_an_older_refresh_that_lands_later_does_not_win(client):
    """Two workers refresh one day; the one that saw less is the last to write."""
    _cells(client, FIRST, version=5, received=7)
    refresh_days(client, {FIRST})
    for table in ("field_days", "unit_days"):
        client.command(
            f"INSERT INTO {table} (day, unit, version, received"
            + (", field" if table == "field_days" else ", role")
            + ") VALUES ({day:UInt16}, '148', 4, 1, "
            + ("'*')" if table == "field_days" else "'authority')"),
            parameters={"day": FIRST},
        )
    (units,) = _all(client, "SELECT received FROM unit_days FINAL WHERE role = 'authority'")
    (fields,) = _all(
        client, "SELECT received FROM field_days FINAL WHERE field = '*' AND channel = 0"
    )
    assert units == fields == (7,)


def test_finished_dossiers_leave_the_list(client, made: list[Made]):
    store(client, made)
    live = {each.id for each in made if each.live}
    assert {row[0] for row in _all(client, "SELECT dossier_id FROM live_dossiers FINAL")} == live
    gone = min(live)
    row = {"shard": shard_of(gone), "dossier_id": gone, "version": 4, "live": 0}
    client.insert("dossiers", [list(row.values())], column_names=list(row))
    left = live - {gone}
    assert {row[0] for row in _all(client, "SELECT dossier_id FROM live_dossiers FINAL")} == left


def test_tidying_removes_finished_ones_for_good(client, made: list[Made], monkeypatch):
    monkeypatch.setattr(live_lists, "_CLOSED_ROWS", 0)
    store(client, made)
    live = {each.id for each in made if each.live}
    live_lists.tidy_lists(client)
    assert _all(client, "SELECT count() FROM live_dossiers") == [(len(live),)]
    assert {row[0] for row in _all(client, "SELECT dossier_id FROM live_dossiers FINAL")} == live


def test_lists_younger_than_the_dossiers_are_filled(client, made: list[Made]):
    """Rows that were stored before the tables existed; and a row that should not be there."""
    store(client, made)
    live = {each.id for each in made if each.live}
    signs = _all(client, "SELECT * FROM unit_signs FINAL ORDER BY unit, source")
    for table in ("live_dossiers", "unit_signs"):
        client.command(f"TRUNCATE TABLE {table}")
    closed = next(each for each in made if not each.live)
    client.command(
        "INSERT INTO live_dossiers (shard, dossier_id, version) VALUES ({s:UInt8}, {d:String}, 1)",
        parameters={"s": shard_of(closed.id), "d": closed.id},
    )
    live_lists.fill_lists(client)
    assert {row[0] for row in _all(client, "SELECT dossier_id FROM live_dossiers FINAL")} == live
    assert _all(client, "SELECT * FROM unit_signs FINAL ORDER BY unit, source") == signs


def _derived(client: Any) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: _all(client, f"SELECT * FROM {table} FINAL ORDER BY ALL")
        for table in ("unit_days", "national_unit_days", "field_days", "province_field_days")
    }


def test_refreshing_what_was_touched_gives_the_rows_of_whole_days(client, made: list[Made]):
    store(client, made)
    cells = _all(
        client,
        "SELECT receiver, authority, handler, field, channel, shard, toUInt32(day), received"
        " FROM dossier_days ORDER BY cityHash64(day, authority, shard, receiver) LIMIT 40",
    )
    names = ("day", "receiver", "authority", "handler", "field", "channel")
    touched, columns = TouchedRows(), dict[str, list[Any]]()
    for receiver, authority, handler, field, channel, shard, day, received in cells:
        _cells(client, day, receiver=receiver, authority=authority, handler=handler, field=field,
               channel=channel, shard=shard, version=2, received=received + 5)  # fmt: skip
        for name, value in zip(
            names, (day, receiver, authority, handler, field, channel), strict=True
        ):
            columns.setdefault(name, []).append(value)
    # A unit that had no row on that day, as receiver only.
    _cells(client, FIRST, receiver="148", authority="150", version=3, received=2)
    new = {"day": FIRST, "receiver": "148", "authority": "150", "handler": "148",
           "field": "dat-dai", "channel": 2}  # fmt: skip
    for name, value in new.items():
        columns[name].append(value)
    assert touched.takes("dossier_days", columns)
    client.command("INSERT INTO national_days SELECT shard, receiver, authority, handler,"
                   " received_day, late_from, version + 1, n + 1 FROM national_days FINAL"
                   " WHERE shard < 9")  # fmt: skip
    national = _all(client, "SELECT toUInt32(received_day), authority FROM national_days"
                            " WHERE shard < 9")  # fmt: skip
    assert touched.takes(
        "national_days",
        {"received_day": [row[0] for row in national], "authority": [row[1] for row in national]},
    )
    before = _derived(client)
    assert stale_days(client)
    refresh_touched(client, touched.take())
    assert not touched
    assert stale_days(client) == set()
    by_rows = _derived(client)
    assert by_rows != before
    for table in by_rows:
        client.command(f"TRUNCATE TABLE {table}")
    refresh_days(client, stale_days(client))
    assert _derived(client) == by_rows


def test_many_touched_rows_are_taken_in_turns():
    touched = TouchedRows()
    cells = {
        "day": [19_000 + n % 7 for n in range(4_000)],
        **{name: [f"u{n}" for n in range(4_000)] for name in ("receiver", "authority", "handler")},
        "field": ["dat-dai"] * 4_000,
        "channel": [1] * 4_000,
    }
    assert touched.takes("dossier_days", cells)
    taken = [touched.take(), touched.take()]
    assert not touched
    assert sum(len(part.cells) for part in taken) == 4_000
    more = {name: values * 2 for name, values in cells.items()}
    assert not touched.takes("dossier_days", more), "so many are quicker by whole days"


def test_a_row_left_behind_is_found_beside_one_that_was_refreshed(client):
    """A worker died before it refreshed what it had touched; another touched the same day."""
    _cells(client, FIRST, version=3)
    refresh_days(client, {FIRST})
    left = {"authority": "148", "handler": "150", "field": "ho-tich", "channel": 1}
    _cells(client, FIRST, **left, version=5, received=7)  # nobody's any more
    _cells(client, FIRST, version=6, received=4)
    touched = TouchedRows()
    assert touched.takes(
        "dossier_days",
        {"day": [FIRST], "receiver": ["148"], "authority": ["148"], "handler": ["148"],
         "field": ["dat-dai"], "channel": [2]},
    )  # fmt: skip
    refresh_touched(client, touched.take())
    assert stale_days(client) == {FIRST}
    refresh_days(client, {FIRST})
    assert stale_days(client) == set()


def test_a_cell_left_behind_is_found_by_its_field_and_channel_alone(client):
    """Everything else of its units' day is made anew for another one's cell."""
    _cells(client, FIRST, version=3)
    refresh_days(client, {FIRST})
    _cells(client, FIRST, field="ho-tich", channel=1, version=5, received=7)  # nobody's any more
    _cells(client, FIRST, version=6, received=4)
    # And an other authority has that field and channel on that day, so the province's row is made.
    _cells(client, FIRST, authority="150", field="ho-tich", channel=1, version=7, received=1)
    touched = TouchedRows()
    assert touched.takes(
        "dossier_days",
        {"day": [FIRST] * 2, "receiver": ["148"] * 2, "authority": ["148", "150"],
         "handler": ["148"] * 2, "field": ["dat-dai", "ho-tich"], "channel": [2, 1]},
    )  # fmt: skip
    refresh_touched(client, touched.take())
    received = "SELECT sum(received) FROM field_days FINAL WHERE field = '{}' AND channel = {}"
    assert _all(client, received.format("*", 0)) == [(12,)]
    assert _all(client, received.format("ho-tich", 1)) == [(1,)]
    assert stale_days(client) == {FIRST}
    refresh_days(client, {FIRST})
    assert _all(client, received.format("ho-tich", 1)) == [(8,)]
    assert stale_days(client) == set()
