"""Panels against a recount, in Python, of the dossiers behind them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import wall_seed
from panel_province import FIELDS, NOW, SHIFT_AT, UNITS, Made, below, make_dossiers, store
from panels_kit import Ask, Row, asking, migrated

from ioc.embedded.clickhouse import EmbeddedClickHouse
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.calendar.local_time import date_of_day, day_end, day_of_date, local_day

FROM, TO = dt.date(2024, 9, 1), dt.date(2024, 9, 30)
SOON = NOW + 26 * 3600
PARAMETERS = {
    "from_day": FROM, "to_day": TO, "before_from_day": dt.date(2024, 8, 1),
    "before_to_day": dt.date(2024, 8, 31), "today": dt.date(2024, 9, 30), "now": NOW,
    "units_on": TO,
    "from_at": int(dt.datetime(2024, 8, 31, 17, tzinfo=dt.UTC).timestamp()),
    "until_at": int(dt.datetime(2024, 9, 30, 17, tzinfo=dt.UTC).timestamp()),
    "due_soon_until": SOON, "shift_at": SHIFT_AT, "working_now": 1, "step": "day",
    "minimum": 10, "rows": 1000, "unit": "", "level": "", "field": "", "channel": 0,
    "dossier": "",
}  # fmt: skip
#: What an onlooker may choose, with the predicate that says the same.
CHOICES: tuple[dict[str, Any], ...] = (
    {},
    {"unit": "148"},
    {"unit": "17", "level": "commune"},
    {"level": "department"},
    {"unit": "150", "field": "ho-tich"},
    {"channel": 2},
    {"unit": "17", "field": "dat-dai", "channel": 1},
)
chosen = pytest.mark.parametrize(
    "choice", CHOICES, ids=lambda choice: "-".join(map(str, choice.values())) or "all"
)


@pytest.fixture(scope="module")
def made() -> list[Made]:
    return make_dossiers(3_000, seed=20_240_930)


@pytest.fixture(scope="module")
def ask(clickhouse: EmbeddedClickHouse, made: list[Made]) -> Iterator[Ask]:
    with migrated(clickhouse, f"figures_{uuid.uuid4().hex}") as client:
        wall_seed.seed_reference(client, client.database)
        store(client, made)
        with asking(clickhouse, client.database, PARAMETERS) as run:
            yield run


def fits(each: Made, choice: Row) -> bool:
    unit, level = choice.get("unit", ""), choice.get("level", "")
    known = UNITS.get(each.authority).level.value if each.authority in UNITS else ""
    return (
        (not unit or each.authority in below(unit))
        and (not level or known == level)
        and choice.get("field", each.field) == each.field
        and choice.get("channel", each.channel) == each.channel
    )


def counted(made: Iterable[Made], first: dt.date, last: dt.date) -> Counter[str]:
    days = range(day_of_date(first), day_of_date(last) + 1)
    return Counter(name for each in made for name, at in each.happened() if local_day(at) in days)


@chosen
def test_flow_of_the_chosen(ask: Ask, made: list[Made], choice: Row):
    mine = [each for each in made if fits(each, choice)]
    now, before = counted(mine, FROM, TO), counted(mine, dt.date(2024, 8, 1), dt.date(2024, 8, 31))
    (row,) = ask("unit_flow", **choice)
    assert now["received"] > 0
    in_time = now["early"] + now["on_time"]
    resolved = in_time + now["late"] + now["no_due"]
    resolved_before = before["early"] + before["on_time"] + before["late"] + before["no_due"]
    assert row["received"] == now["received"]
    assert row["resolved"] == resolved
    assert (row["in_time"], row["decided"]) == (in_time, in_time + now["late"])
    assert row["withdrawn"] == now["withdrawn"] + now["stopped"]
    for name in ("registered", "receipt_late", "uncollected", "early", "late"):
        assert row[name] == now[name], name
    for name in ("received", "receipt_late", "uncollected"):
        assert row[f"{name}_before"] == before[name], name
    assert row["resolved_change"] == pytest.approx(resolved / resolved_before - 1)


def test_a_period_that_runs_is_compared_with_as_many_days_before(ask: Ask, made: list[Made]):
    today = dt.date(2024, 9, 10)
    before = counted(made, dt.date(2024, 8, 1), dt.date(2024, 8, 10))
    for name in ("flow", "unit_flow"):
        (row,) = ask(name, today=today)
        assert row["received_before"] == before["received"]


def test_the_provinces_figures_are_those_of_all_units(ask: Ask):
    (province,), (units,) = ask("flow"), ask("unit_flow")
    for name in units.keys() & province.keys():
        assert units[name] == province[name], name
    (province,), (units,) = ask("open_now"), ask("unit_open")
    assert {name: province[name] for name in units} == units
    before = [row["open"] for row in ask("backlog", from_day=FROM - dt.timedelta(days=40))
              if row["start"] < FROM][-1]  # fmt: skip
    assert province["open_before"] == before > 0
    assert ask("shares") == ask("unit_shares")


@chosen
def test_open_ones_of_the_chosen(ask: Ask, made: list[Made], choice: Row):
    mine = [each for each in made if fits(each, choice)]
    live = [each for each in mine if each.is_open]
    late = [each for each in live if each.is_overdue]
    waiting = [each for each in mine if each.phase == "awaiting"]
    (row,) = ask("unit_open", **choice)
    assert row["open"] == len(live) > 0
    assert row["overdue"] == len(late)
    assert row["overdue_new"] == sum(each.alarm_minute > SHIFT_AT for each in late)
    assert row["overdue_old"] + row["overdue_new"] == row["overdue"]
    assert row["without_apology"] == sum(not each.apologised for each in late)
    assert row["due_soon"] == sum(NOW < each.alarm_minute <= SOON for each in live)
    assert row["paused"] == sum(each.phase in ("supplement", "payment") for each in live)
    assert row["awaiting_receipt"] == len(waiting)
    assert row["receipt_overdue"] == sum(0 < each.alarm_minute <= NOW for each in waiting)


@chosen
def test_each_rule_has_its_own_denominator(ask: Ask, made: list[Made], choice: Row):
    mine = [each for each in made if fits(each, choice)]
    now = counted(mine, FROM, TO)
    in_time = now["early"] + now["on_time"]
    received = [
        each for each in mine
        if each.received_at and FROM <= date_of_day(local_day(each.received_at)) <= TO
    ]  # fmt: skip
    desk, due, national = ask("unit_shares", **choice)
    assert (desk["in_time"], desk["decided"]) == (in_time, in_time + now["late"])
    assert (due["in_time"], due["decided"]) == (now["due_met"], now["due"])
    if choice.get("field") or choice.get("channel"):  # it is counted by unit only, and says so
        assert national["rule"] == "national_by_unit"
        assert {national[name] for name in ("in_time", "decided", "share", "score")} == {None}
    else:
        kept = sum(each.late_from > TO for each in received)
        assert (national["in_time"], national["decided"]) == (kept, len(received))
        assert national["score"] == pytest.approx(20 * kept / len(received))
    assert desk["score"] is None


@chosen
@pytest.mark.parametrize("step", ["day", "week", "month"])
def test_over_time_with_what_was_in_process_at_the_end(
    ask: Ask, made: list[Made], choice: Row, step: str
):
    mine = [each for each in made if fits(each, choice)]
    rows = ask("unit_over_time", step=step, **choice)
    starts = [row["start"] for row in rows]
    assert starts == sorted(starts)
    assert sum(row["received"] for row in rows) == counted(mine, FROM, TO)["received"]
    if step != "day":
        return
    for row in rows:
        end = day_end(day_of_date(row["start"]))
        open_then = sum(
            0 < each.received_at < end and not 0 < each.finished_at < end for each in mine
        )
        assert row["open"] == open_then, row
    assert [row["open"] for row in ask("backlog")] == [row["open"] for row in ask("unit_over_time")]


@pytest.mark.parametrize("unit", ["", "17", "148"])
def test_units_below_add_up_to_the_whole(ask: Ask, made: list[Made], unit: str):
    rows = ask("unit_children", unit=unit)
    (whole,) = ask("unit_flow", unit=unit)
    (now,) = ask("unit_open", unit=unit)
    assert sum(row["received"] for row in rows) == whole["received"]
    assert sum(row["decided"] for row in rows) == whole["decided"]
    assert sum(row["open"] for row in rows) == now["open"]
    assert sum(row["overdue"] for row in rows) == now["overdue"]
    named = {row["unit"]: row for row in rows}
    expected = {"": "148", "17": "148", "148": "148"}[unit]
    own = {"148"} if unit == "148" else below("148")
    mine = [each for each in made if each.authority in own]
    assert named[expected]["received"] == counted(mine, FROM, TO)["received"]
    if not unit:
        assert named["H28.01"]["level"] == ""
    for row in rows:
        if row["decided"]:
            assert row["low"] <= row["share"] <= row["high"]


def test_wilson_interval(ask: Ask, made: list[Made]):
    """Against the textbook's formula, for every unit: who lies below the province, and no other."""
    decided, in_time = Counter[str](), Counter[str]()
    for each in made:
        for name in counted([each], FROM, TO).keys() & {"early", "on_time", "late"}:
            decided[each.authority] += 1
            in_time[each.authority] += name != "late"
    province = in_time.total() / decided.total()

    def interval(unit: str) -> tuple[float, float]:
        n, p, z = decided[unit], in_time[unit] / decided[unit], 1.96
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
        return max(0.0, middle - half), min(1.0, middle + half)

    listed = ask("units_in_time", rows=99)
    assert {row["unit"] for row in listed} == {
        unit for unit, n in decided.items()
        if n >= PARAMETERS["minimum"] and interval(unit)[1] < province
    }  # fmt: skip
    assert len(listed) < len(decided)
    for row in listed:
        assert (row["low"], row["high"]) == pytest.approx(interval(row["unit"]))
    highs = [row["high"] for row in listed]
    assert highs == sorted(highs)


def test_fields_channels_levels_and_map(ask: Ask, made: list[Made]):
    fields = {row["field"]: row for row in ask("fields_late")}
    channels = {row["channel"]: row for row in ask("channels")}
    for field in FIELDS:
        mine = [each for each in made if each.field == field]
        assert fields[field]["overdue"] == sum(each.is_overdue for each in mine)
        assert fields[field]["open"] == sum(each.is_open for each in mine)
        assert fields[field]["late"] == counted(mine, FROM, TO)["late"]
    for channel in (1, 2, 3):
        mine = [each for each in made if each.channel == channel]
        assert channels[str(channel)]["received"] == counted(mine, FROM, TO)["received"]
    assert sum(row["received"] for row in ask("levels")) == counted(made, FROM, TO)["received"]
    for row in ask("map"):
        mine = [each for each in made if each.authority == row["unit"] and each.is_open]
        assert (row["n"], row["overdue"]) == (len(mine), sum(e.is_overdue for e in mine))
        assert 20 < row["latitude"] < 22
    # Departments share the province's place and would hide each other there.
    apart = {row["unit"]: row for row in ask("map") if row["stands_apart"]}
    others = [row["longitude"] for row in ask("map") if not row["stands_apart"]]
    assert set(apart) == {"17-STNMT", "17-SKHDT"}
    assert all(row["longitude"] < min(others) for row in apart.values())
    assert len({(row["latitude"], row["longitude"]) for row in apart.values()}) == len(apart)


CALENDAR = WorkingCalendar(CalendarSettings(_env_file=None))


@chosen
def test_longest_overdue_dossiers(ask: Ask, made: list[Made], choice: Row):
    late = sorted(
        (each for each in made if fits(each, choice) and each.is_open and 0 < each.alarm_at <= NOW),
        key=lambda each: (each.alarm_at, each.id),
    )
    rows = ask("overdue_dossiers", **choice)
    assert [row["dossier"] for row in rows] == [each.id for each in late]
    for row, each in zip(rows, late, strict=True):
        worked = CALENDAR.working_seconds(each.alarm_at, NOW)
        assert row["late_hours"] == pytest.approx(worked / 3600), each
        assert str(row["apologised"]) == str(int(each.apologised))
        assert row["due_at"] == (each.due_at * 1000 or None)
        leg = each.legs and each.legs[1][5] and each.legs[1][5] <= NOW
        if each.phase == "processing" and leg:
            assert (row["cause"], row["holder"]) == ("leg", each.legs[1][1])
        elif each.phase == "processing":
            assert row["cause"] == ("handler" if each.handler != each.authority else "processing")
        else:
            assert row["cause"] == each.phase
    causes = Counter(row["cause"] for row in rows)
    assert {row["cause"]: row["overdue"] for row in ask("overdue_causes", **choice)} == causes
    holders = Counter(each.handler for each in late)
    found = {row["unit"]: row["overdue"] for row in ask("overdue_holders", **choice)}
    assert found == holders


def test_dossiers_that_are_about_to_be_overdue(ask: Ask, made: list[Made]):
    soon = {each.id: each for each in made if each.is_open and NOW < each.alarm_at <= SOON}
    rows = ask("soon_dossiers")
    assert {row["dossier"] for row in rows} == set(soon)
    for row in rows:
        left = CALENDAR.working_seconds(NOW, soon[row["dossier"]].alarm_at)
        assert row["left_hours"] == pytest.approx(left / 3600)


def test_the_units_list_holds_every_unfinished_dossier(ask: Ask, made: list[Made]):
    rows = ask("unit_dossiers", unit="148")
    mine = [each for each in made if each.authority in below("148") and each.live]
    assert {row["dossier"] for row in rows} == {each.id for each in mine}
    states = Counter(row["state"] for row in rows)
    assert states["overdue"] == sum(0 < each.alarm_at <= NOW for each in mine)
    assert states["paused"] == sum(each.alarm_at == 0 for each in mine)
    assert len(ask("unit_dossiers", rows=2)) == 8
