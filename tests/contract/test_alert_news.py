"""What the delivering process reads of the warehouse, on the real engine and with wrong clocks."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from warehouse_kit import clickhouse_settings

from ioc.alerts.engine.board import Board
from ioc.alerts.engine.case import Case
from ioc.alerts.service.news import News, warehouse_ms
from ioc.alerts.service.recorder import Recorder
from ioc.alerts.service.shared import Shared
from ioc.alerts.store.cases import case_columns
from ioc.alerts.store.feed_reader import FeedReader
from ioc.alerts.store.warehouse import Warehouse
from ioc.alerts.versions import Versions
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.warehouse import connect_server, connect_writer
from schemas.alerting.names import AlertRule
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.settings import WorkerSettings
from schemas.tables.migrate import migrate

HOUR_NS = 3_600 * 10**9


@pytest.fixture
async def warehouse(
    clickhouse: EmbeddedClickHouse, clickhouse_database: str
) -> AsyncIterator[Warehouse]:
    settings = clickhouse_settings(clickhouse, clickhouse_database)
    server = connect_server(settings)
    migrate(server, clickhouse_database)
    server.close()
    warehouse = Warehouse(lambda: connect_writer(settings))
    yield warehouse
    warehouse.close()


async def once(call: Callable[[], Awaitable[None]]) -> None:
    await call()


def make_news(warehouse: Warehouse) -> tuple[News, Board]:
    shared = Shared(None, warehouse, lambda: 1, once)  # type: ignore[arg-type] - plans nothing
    recorder = Recorder(shared, Versions(1))
    return News(shared, recorder, reader(warehouse), 0), shared.board


def reader(warehouse: Warehouse) -> FeedReader:
    calendar = WorkingCalendar(CalendarSettings(_env_file=None))
    worker = WorkerSettings(_env_file=None)
    return FeedReader(warehouse, calendar, worker, lambda: 0, waits_for_desks=True)


def case(name: str, version: int = 1) -> Case:
    return Case(
        f"overdue/{name}/5", AlertRule.OVERDUE, name, 3, "u", "u", "u", "", "", 0, 5, 6, 7_000,
        digest=False, version=version,
    )  # fmt: skip


@pytest.mark.parametrize("ahead_ns", [HOUR_NS, -HOUR_NS])
async def test_a_wrong_clock_of_this_host_hides_no_case(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, ahead_ns: int
) -> None:
    right = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: right() + ahead_ns)
    news, board = make_news(warehouse)
    news.begin(await warehouse_ms(warehouse))
    for name in ("A", "B"):
        await warehouse.insert("alert_cases", case_columns([case(name)]))
        await news.take_cases()
        assert f"overdue/{name}/5" in board.cases
    assert await news.take_cases() == 0, "nor is anything read for ever"


async def test_an_open_case_that_was_overlooked_is_taken_up_within_ten_minutes(
    warehouse: Warehouse,
) -> None:
    news, board = make_news(warehouse)
    await news.take_missing(0.0)
    await warehouse.insert("alert_cases", case_columns([case("A"), case("B", 1 << 43)]))
    await news.take_missing(599.0)
    assert board.cases == {}
    await news.take_missing(601.0)
    assert {each.dossier_id: each.version for each in board.cases.values()} == {
        "A": 1, "B": 1 << 43,
    }  # fmt: skip


async def test_a_desk_is_heard_by_each_software_that_it_still_uses(warehouse: Warehouse) -> None:
    day = 86_400
    now = int(time.time())
    signs = [("u", "old", now - 30 * day), ("u", "portal", now - day), ("u", "desk", now - 9),
             ("u", "desk", now - 60), ("v", "desk", now - 40 * day)]  # fmt: skip
    names = ("unit", "source", "last_event_at")
    columns = dict(zip(names, map(list, zip(*signs, strict=True)), strict=True))
    await warehouse.insert("unit_signs", columns)
    assert await reader(warehouse).read_heard() == {
        "u": {"portal": now - day, "desk": now - 9}, "v": {"desk": now - 40 * day},
    }  # fmt: skip
