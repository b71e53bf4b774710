"""Panels across the merger of 1 July 2025: who stands for a unit on a day has its dossiers."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
import wall_seed
from merger_province import (
    AFTER,
    BEFORE,
    HOUR,
    MERGER,
    UNKNOWN,
    counted,
    fits,
    heir,
    known_at,
    line,
    make_lives,
)  # fmt: skip
from panel_province import UNITS, Made, store
from panels_kit import Ask, Row, asking, migrated

from ioc.embedded.clickhouse import EmbeddedClickHouse
from schemas.calendar.local_time import date_of_day, day_end, day_of_date, local_day
from schemas.reference import Level

JUNE = (dt.date(2025, 6, 1), dt.date(2025, 6, 30))
JULY = (dt.date(2025, 7, 1), dt.date(2025, 7, 31))
LIVES = make_lives(2_500, seed=20_250_701)
MADE = {moment: known_at(LIVES, moment) for moment in (BEFORE, AFTER)}
#: Moment of looking and period: June while it runs, July while it runs, June looked back at, and
#: a period over the merger.
LOOKS = {
    "30-june": (BEFORE, JUNE),
    "10-july": (AFTER, JULY),
    "june-on-10-july": (AFTER, JUNE),
    "may-to-july": (AFTER, (dt.date(2025, 5, 1), dt.date(2025, 7, 31))),
}
looked = pytest.mark.parametrize("look", LOOKS)
#: What is open does not depend on the period.
looked_now = pytest.mark.parametrize("look", ["30-june", "10-july"])
WHOLE_UNITS = ("17", "25", "148", "04795", "04795-2025")
CHOICES: tuple[dict[str, Any], ...] = (
    {},
    *({"unit": unit} for unit in WHOLE_UNITS),
    {"level": "district"},
    {"unit": "25", "level": "commune", "field": "ho-tich"},
)
chosen = pytest.mark.parametrize(
    "choice", CHOICES, ids=lambda choice: "-".join(map(str, choice.values())) or "all"
)
#: Queries whose rows are of units; the column that names one.
OF_UNITS = (
    ("units_overdue", "unit"), ("units_in_time", "unit"), ("map", "unit"), ("silent", "unit"),
    ("unit_children", "unit"), ("overdue_holders", "unit"), ("overdue_dossiers", "unit"),
    ("overdue_dossiers", "holder"), ("soon_dossiers", "unit"), ("unit_dossiers", "unit"),
    ("unit_dossiers", "holder"), ("feed", "unit"), ("alert_answers", "unit"),
)  # fmt: skip


@contextmanager
def _asking(engine: EmbeddedClickHouse, moment: int) -> Iterator[Ask]:
    """A database of what is known at a moment."""
    with migrated(engine, f"merger_{uuid.uuid4().hex}") as client:
        wall_seed.seed_reference(client, client.database)
        store(client, MADE[moment])
        late = [each for each in MADE[moment] if each.alarm_at and each.alarm_at <= moment]
        wall_seed.insert(client, "alerts", [
            {"alert_id": each.id, "rule": "overdue", "dossier_id": each.id, "shard": 1,
             "about_at": each.alarm_at, "crossed_at": each.alarm_at, "authority": each.authority,
             "handler": each.handler, "digest": 0} for each in late
        ])  # fmt: skip
        wall_seed.insert(client, "alert_cases", [
            {"alert_id": each.id, "rule": "overdue", "dossier_id": each.id, "shard": 1,
             "about_at": each.alarm_at, "crossed_at": each.alarm_at, "unit": each.authority,
             "state": "open", "version": 1} for each in late
        ])  # fmt: skip
        with asking(engine, client.database, {}) as run:
            yield run


@pytest.fixture(scope="module")
def boards(clickhouse: EmbeddedClickHouse) -> Iterator[dict[int, Ask]]:
    with ExitStack() as stack:
        yield {each: stack.enter_context(_asking(clickhouse, each)) for each in (BEFORE, AFTER)}


@pytest.fixture
def ask(boards, look: str) -> Ask:
    return _looking(boards, look)


def _looking(boards: dict[int, Ask], look: str) -> Ask:
    moment, (first, last) = LOOKS[look]

    def run(name: str, **changes: Any) -> list[Row]:
        values = {
            "from_day": first, "to_day": last, "before_from_day": dt.date(2025, 5, 1),
            "before_to_day": dt.date(2025, 5, 31), "today": _today(moment), "now": moment,
            "units_on": flow_day(look), "due_soon_until": moment + 26 * HOUR,
            "shift_at": moment - 10 * HOUR, "working_now": 1, "step": "day", "minimum": 1,
            "rows": 2_000, "unit": "", "level": "", "field": "", "channel": 0,
            **changes,
        }  # fmt: skip
        return boards[moment](name, **values)

    return run


def _today(moment: int) -> dt.date:
    return date_of_day(local_day(moment))


def now_day(look: str) -> dt.date:
    """The day whose units have what is open."""
    return _today(LOOKS[look][0])


def flow_day(look: str, unit: str = "") -> dt.date:
    """The day whose units have what happened: the period's last, or the unit's first."""
    begins = UNITS.get(unit).valid_from if unit else dt.date.min
    return min(now_day(look), max(LOOKS[look][1][1], begins))


def mine(look: str, choice: Row, day: dt.date | None = None) -> list[Made]:
    on = day or now_day(look)
    return [each for each in MADE[LOOKS[look][0]] if fits(each, choice, on)]


def what_flowed(look: str, choice: Row) -> list[Made]:
    return mine(look, choice, flow_day(look, choice.get("unit", "")))


def is_late(each: Made, look: str) -> bool:
    return each.is_open and 0 < each.alarm_at <= LOOKS[look][0]


def test_the_province_is_worth_asking():
    """Old units have passed on open dossiers, some of which were finished since."""
    open_then = {each.id: each for each in MADE[BEFORE] if each.is_open}
    later = {each.id: each for each in MADE[AFTER]}
    assert sum(not later[name].live for name in open_then) > 50
    assert sum(later[name].is_open for name in open_then) > 50
    sisters = {"04795", "04798"}
    assert {heir(code, MERGER) for code in sisters} == {"04795-2025"}
    for code in (*sisters, "04795-2025", "148", "17-SNNPTNT", UNKNOWN):
        assert any(each.authority == code and each.is_open for each in MADE[AFTER]), code


@looked_now
@chosen
def test_open_dossiers_stand_with_whoever_took_over(ask: Ask, look: str, choice: Row):
    live = [each for each in mine(look, choice) if each.is_open]
    late = [each for each in live if is_late(each, look)]
    (row,) = ask("unit_open", **choice)
    assert row["open"] == len(live)
    assert row["overdue"] == len(late)
    assert row["without_apology"] == sum(not each.apologised for each in late)
    assert row["awaiting_receipt"] == sum(e.phase == "awaiting" for e in mine(look, choice))
    rows = ask("unit_dossiers", **choice)
    assert {each["dossier"] for each in rows} == {e.id for e in mine(look, choice) if e.live}
    assert {e["dossier"] for e in ask("overdue_dossiers", **choice)} == {e.id for e in late}
    assert sum(each["overdue"] for each in ask("overdue_causes", **choice)) == len(late)
    assert sum(each["overdue"] for each in ask("overdue_holders", **choice)) == len(late)
    said = {each["dossier"] for each in ask("alert_answers", **{**choice, "field": ""})}
    if not {"field", "channel"} & set(choice):
        assert said == {each.id for each in late if each.alarm_at > LOOKS[look][0] - 30 * 86_400}


@pytest.mark.parametrize(
    ("unit", "before", "after"),
    [("148", True, False), ("04795", True, False), ("17", True, False), ("17-SNNMT", True, False),
     ("25", False, True), ("04795-2025", False, True), ("25-SNNMT", False, True)],
)  # fmt: skip
def test_old_units_have_theirs_until_they_end_and_new_ones_since(boards, unit, before, after):
    for look, expected in (("30-june", before), ("10-july", after)):
        (row,) = _looking(boards, look)("unit_open", unit=unit)
        assert bool(row["open"]) == expected, (look, unit)


@looked
@pytest.mark.parametrize("unit", ["", *WHOLE_UNITS])
def test_the_report_of_a_unit_balances(ask: Ask, look: str, unit: str):
    """Carried over + received = finished + open, counted by different tables."""
    first = LOOKS[look][1][0]
    very_early = dt.date(2025, 1, 1)
    (before,) = ask("unit_flow", unit=unit, from_day=very_early, to_day=first - dt.timedelta(1))
    (now,) = ask("unit_flow", unit=unit)
    days = ask("unit_over_time", unit=unit, from_day=very_early)
    open_at_end = days[-1]["open"] if days else 0
    carried_over = before["received"] - before["resolved"] - before["withdrawn"]
    finished = now["resolved"] + now["withdrawn"]
    assert carried_over + now["received"] == finished + open_at_end
    if flow_day(look, unit) == now_day(look):
        (row,) = ask("unit_open", unit=unit)
        assert row["open"] == open_at_end
    if not unit or UNITS.get(unit).is_valid(flow_day(look, unit)):
        assert now["received"] > 0
    else:
        assert carried_over == now["received"] == finished == open_at_end == 0


@looked
@chosen
def test_flow_shares_and_backlog_of_the_chosen(ask: Ask, look: str, choice: Row):
    _, (first, last) = LOOKS[look]
    own = what_flowed(look, choice)
    now = counted(own, first, last)
    (row,) = ask("unit_flow", **choice)
    assert row["received"] == now["received"]
    assert row["in_time"] == now["early"] + now["on_time"]
    assert row["withdrawn"] == now["withdrawn"] + now["stopped"]
    for row in ask("unit_over_time", **choice):
        end = day_end(day_of_date(row["start"]))
        expected = sum(0 < e.received_at < end and not 0 < e.finished_at < end for e in own)
        assert row["open"] == expected, row
    rules = {each["rule"]: each for each in ask("unit_shares", **choice)}
    if not rules:
        assert not now["received"]
        return
    assert rules["desk"]["decided"] == now["early"] + now["on_time"] + now["late"]
    assert rules["due"]["decided"] == counted(own, first, min(last, now_day(look)))["due"]
    if "national" in rules:
        assert rules["national"]["decided"] == now["received"]


@looked
def test_every_unit_shown_exists_on_that_day(ask: Ask, look: str):
    seen: Counter[str] = Counter()
    for name, column in OF_UNITS:
        day = flow_day(look) if name == "units_in_time" else now_day(look)
        for row in ask(name):
            if name == "unit_children" and not row["open"]:
                continue  # what it had in the period
            code = row[column]
            if code in UNITS:
                unit = UNITS.get(code)
                assert unit.valid_to is None or day < unit.valid_to, (name, code)
            else:
                assert code in ("", UNKNOWN), name
            if "name" in row and column == "unit" and code in UNITS:
                assert row["name"] == UNITS.get(code).name
            seen[name] += 1
    assert set(seen) == {name for name, _ in OF_UNITS}


@looked
def test_rankings_count_each_dossier_once(ask: Ask, look: str):
    day, made = now_day(look), MADE[LOOKS[look][0]]
    _, (first, last) = LOOKS[look]
    late = Counter(heir(e.authority, day) for e in made if is_late(e, look))
    live = Counter(heir(e.authority, day) for e in made if e.is_open)
    holders = Counter(heir(e.handler, day) for e in made if is_late(e, look))
    ranked = ask("units_overdue")
    assert {row["unit"]: row["overdue"] for row in ranked} == late
    assert all(row["open"] == live[row["unit"]] for row in ranked)
    assert {row["unit"]: row["overdue"] for row in ask("overdue_holders")} == holders
    by_unit: dict[str, list[Made]] = {}
    for each in made:
        by_unit.setdefault(heir(each.authority, flow_day(look)), []).append(each)
    for row in ask("units_in_time"):
        now = counted(by_unit[row["unit"]], first, last)
        assert row["in_time"] == now["early"] + now["on_time"]
        assert row["decided"] == row["in_time"] + now["late"] > 0
    levels: Counter[str] = Counter()
    for unit, own in by_unit.items():
        level = UNITS.get(unit).level.value if unit in UNITS else "unknown"
        levels[level] += counted(own, first, last)["received"]
    assert {row["level"]: row["received"] for row in ask("levels")} == +levels


@looked_now
def test_the_map_names_each_unit_once(ask: Ask, look: str):
    day, rows = now_day(look), ask("map")
    live = Counter(heir(e.authority, day) for e in MADE[LOOKS[look][0]] if e.is_open)
    assert {row["unit"]: row["n"] for row in rows} == {
        code: n for code, n in live.items()
        if code in UNITS and UNITS.get(code).latitude is not None
    }  # fmt: skip
    apart = [row["name"] for row in rows if row["stands_apart"]]
    assert len(apart) == len(set(apart)) > 1
    assert len({row["unit"] for row in rows}) == len(rows)


@looked
@pytest.mark.parametrize("unit", ["", "17", "25", "148"])
def test_units_below_add_up(ask: Ask, look: str, unit: str):
    rows = {row["unit"]: row for row in ask("unit_children", unit=unit)}
    (flow,), (now,) = ask("unit_flow", unit=unit), ask("unit_open", unit=unit)
    assert sum(row["received"] for row in rows.values()) == flow["received"]
    assert sum(row["decided"] for row in rows.values()) == flow["decided"]
    assert sum(row["open"] for row in rows.values()) == now["open"]
    assert sum(row["overdue"] for row in rows.values()) == now["overdue"]
    _, (first, last) = LOOKS[look]
    for code, row in rows.items():
        own, below = {unit, "17", "25"}, {}
        for day in {now_day(look), flow_day(look, unit)}:
            below[day] = [
                e for e in mine(look, {}) if code in line(e.authority, day)
                and (code not in own or heir(e.authority, day) == code)
            ]  # fmt: skip
        assert row["open"] == sum(e.is_open for e in below[now_day(look)]), code
        flowed = counted(below[flow_day(look, unit)], first, last)
        assert row["received"] == flowed["received"], code
    if unit == "25" and rows:
        assert {UNITS.get(code).level for code in rows if code != "25"} == {
            Level.COMMUNE, Level.DEPARTMENT,
        }  # fmt: skip


@looked_now
def test_a_merged_neighbour_is_no_other_unit(ask: Ask, look: str):
    """Two wards that became one: what one has of the other's is not "with another unit"."""
    day, made = now_day(look), {e.id: e for e in MADE[LOOKS[look][0]]}
    rows, causes = ask("unit_dossiers"), Counter()
    for row in rows:
        each = made[row["dossier"]]
        unit, holder = heir(each.authority, day), heir(each.handler, day)
        assert (row["unit"], row["holder"]) == (unit, holder)
        if each.phase == "processing":
            assert row["cause"] == ("handler" if holder != unit else "processing")
            causes[row["cause"]] += is_late(each, look)
    shown = {row["cause"]: row["overdue"] for row in ask("overdue_causes")}
    assert {name: shown.get(name, 0) for name in causes} == causes
    if look == "10-july":
        assert any(
            made[row["dossier"]].authority != made[row["dossier"]].handler
            and row["cause"] == "processing" for row in rows
        )  # fmt: skip


@looked_now
def test_the_province_and_its_report(ask: Ask, look: str):
    assert [row["code"] for row in ask("province")] == ["17" if look == "30-june" else "25"]
    (balance,) = ask("balance")
    assert balance["difference"] == 0 < balance["received"]
    (everything,), (all_units,) = ask("open_now"), ask("unit_open")
    # What was in process a period ago is told of the province alone.
    assert set(everything) - set(all_units) == {"open_before", "open_change"}
    assert {name: everything[name] for name in all_units} == all_units


@pytest.mark.parametrize("look", ["10-july"])
def test_a_desk_is_heard_under_every_code_that_became_it(ask: Ask, look: str):
    day = now_day(look)
    signs: dict[str, int] = {}
    for each in MADE[AFTER]:
        code = heir(each.receiver, day)
        at = max(each.registered_at, each.received_at, each.finished_at)
        signs[code] = max(signs.get(code, 0), at)
    rows = ask("silent")
    assert len(rows) > 3
    for row in rows:
        assert row["last_event_at"] == signs[row["unit"]] * 1000


@pytest.mark.parametrize("look", ["10-july"])
def test_the_feed_tells_alerts_of_merged_units_together(ask: Ask, look: str):
    minutes = Counter(
        (-(-e.alarm_at // 60) * 60_000, heir(e.authority, now_day(look)))
        for e in MADE[AFTER]
        if 0 < e.alarm_at <= AFTER and e.alarm_at > AFTER - 7 * 86_400
    )
    rows = ask("feed")
    assert {(row["at"], row["unit"]): row["n"] for row in rows} == minutes
    assert len(rows) == len(minutes)
