"""Unit alerts and digests while a desk or a source is silent: its files accuse nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from warehouse_kit import clickhouse_settings

from ioc.alerts.engine.board import Board
from ioc.alerts.engine.feeds import Feeds
from ioc.alerts.engine.items import Wording
from ioc.alerts.engine.planning import Planner
from ioc.alerts.engine.rulebook import Rulebook
from ioc.alerts.finding.finder import Finder
from ioc.alerts.messages import render
from ioc.alerts.people import Person, Post, Role
from ioc.alerts.people_book import PeopleBook
from ioc.alerts.store.warehouse import Warehouse
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.warehouse import connect_server, connect_writer
from schemas.alerting.rules_model import RulesFile
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.reference import ProcedureRegistry, UnitRegistry
from schemas.tables.migrate import migrate

#: Monday 9 September 2024, 08:00 in Vietnam.
NOW, DAY = 1_725_843_600, 86_400
UNIT, OTHER = "04795", "04792"
RULES = RulesFile.model_validate(
    {
        "version": 1,
        "morning_digest": {"at": "07:00", "roles": ["chair"]},
        "rules": [
            {"id": "many", "what": "unit_count", "tell": ["chair"], "above": 10},
            {"id": "share", "what": "unit_share", "tell": ["chair"], "above": 0.5,
             "minimum_open": 2},
        ],
    }
)  # fmt: skip
UNITS, PROCEDURES = UnitRegistry.load(None), ProcedureRegistry.load(None)
CHAIR = Person("chair", "chair", "vi", (Post(Role.CHAIR, UNIT),), {"email": "c@ioc.example"})
PLANNER = Planner(
    Rulebook(RULES),
    PeopleBook([CHAIR], UNITS),
    Wording(UNITS, PROCEDURES, WorkingCalendar(CalendarSettings(_env_file=None))),
    8 * 3600,
)


@pytest.fixture
async def finder(clickhouse: EmbeddedClickHouse, clickhouse_database: str) -> AsyncIterator[Finder]:
    """Of one authority twelve files of the source "far" and eight of "near", all late for days;
    the near ones came in at another desk."""
    settings = clickhouse_settings(clickhouse, clickhouse_database)
    server = connect_server(settings)
    migrate(server, clickhouse_database)
    server.close()
    warehouse = Warehouse(lambda: connect_writer(settings))
    files = [(f"F-{n}", UNIT, "far") for n in range(12)]
    files += [(f"N-{n}", OTHER, "near") for n in range(8)]
    size = len(files)
    rows = {
        "shard": [1] * size, "dossier_id": [name for name, _, _ in files], "version": [1] * size,
        "phase": ["processing"] * size, "live": [1] * size, "received": [1] * size,
        "receiver": [desk for _, desk, _ in files], "authority": [UNIT] * size,
        "handler": [UNIT] * size, "alarm_at": [NOW - 5 * DAY] * size,
        "due_at": [NOW - 5 * DAY] * size,
        "source": [source for *_, source in files],
    }  # fmt: skip
    await warehouse.insert("dossiers", rows)
    cells = {
        "shard": [1], "authority": [UNIT], "version": [1], "receiver": [[UNIT, OTHER]],
        "handler": [[UNIT] * 2], "field": [[""] * 2], "channel": [[1] * 2],
        "phase": [["processing"] * 2], "apologised": [[0, 0]],
        "alarm_minute": [[NOW - 5 * DAY] * 2], "n": [[12, 8]],
    }  # fmt: skip
    await warehouse.insert("open_dossiers", cells)
    yield Finder(warehouse, PLANNER)
    warehouse.close()


def board(**feeds: dict[str, int]) -> Board:
    made = Board()
    made.feeds = Feeds(NOW, **feeds)
    return made


STALE = [{"sources": {"far": NOW - DAY}}, {"desks": {UNIT: NOW - DAY}}]


def about_figures(found) -> dict[str, float]:
    cases = [case for case in found if case.rule.value.startswith("unit_")]
    return {case.rule.value: case.value for case in cases}


async def test_what_is_above_a_threshold_while_all_is_heard(finder: Finder) -> None:
    found = await finder.find(board(), NOW)
    assert about_figures(found.new) == {"unit_count": 20, "unit_share": 1}


@pytest.mark.parametrize("feeds", STALE)
async def test_files_of_a_stale_feed_are_not_in_the_figure(finder: Finder, feeds) -> None:
    found = await finder.find(board(**feeds), NOW)
    assert about_figures(found.new) == {"unit_share": 1}, "eight are sure, and not above ten"


@pytest.mark.parametrize("feeds", STALE)
async def test_an_alert_is_not_over_because_its_files_are_left_out(finder: Finder, feeds) -> None:
    here = board()
    for case in (await finder.find(here, NOW)).new:
        here.put(case)
    here.feeds = Feeds(NOW, **feeds)
    assert about_figures((await finder.find(here, NOW + 60)).changed) == {}


@pytest.mark.parametrize("feeds", STALE)
async def test_a_digest_says_of_how_many_it_does_not_know(finder: Finder, feeds) -> None:
    (sure,) = await finder.digests(board(), NOW)
    assert (sure.digest.overdue, sure.digest.unsure, len(sure.items)) == (20, 0, 20)
    (notice,) = await finder.digests(board(**feeds), NOW)
    digest = notice.digest
    assert (digest.overdue, digest.overdue_before, digest.unsure) == (8, 8, 12)
    assert {item.dossier_id[0] for item in notice.items} == {"N"}
    assert digest.silent == (("far",) if "sources" in feeds else (UNITS.get(UNIT).name,))
    text = render(notice, CHAIR, "email", None).text
    assert "Chưa rõ tình trạng 12 hồ sơ từ" in text, text
