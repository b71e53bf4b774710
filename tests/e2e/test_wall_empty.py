"""Before the first event: nothing looks as if it had been counted, and the pipeline is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import wall_seed
from browser import chromium, watched_page
from playwright.sync_api import Browser, Page
from wall_kit import Wall
from wall_stage import (
    PASSWORD,
    USER,
    fresh_status,
    migrated,
    running,
    sign_in,
    wait_shown,
    wait_until,
)

from dashboards.catalogue.boards import BOARDS
from dashboards.panel import Kind
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.wall import accounts

EMPTY = "Không có dữ liệu"
#: Tells what is there whether or not a dossier came.
OF_THE_PIPELINE = {"health", "partitions", "stored_events", "sources"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def client(clickhouse: EmbeddedClickHouse, request) -> Iterator[Any]:
    with migrated(clickhouse, f"wall_empty_{request.function.__name__[:20]}") as client:
        yield client


@pytest.fixture
def wall(clickhouse: EmbeddedClickHouse, client, tmp_path) -> Iterator[Wall]:
    users = tmp_path / "users.json"
    accounts.put(users, USER, PASSWORD)
    place = Wall(clickhouse, client.database, tmp_path, IOC_WALL_USERS_FILE=str(users))
    with running(place) as wall:
        yield wall


def _open(page: Page, wall: Wall, board: str) -> None:
    page.goto(f"{wall.url}/board/{board}")
    wait_shown(page)
    wait_until(page, "[...document.querySelectorAll('.panel.series, .panel.map')].every((panel) =>"
                     " panel.querySelector('.empty'))")  # fmt: skip


def test_every_panel_of_every_board_says_that_there_are_no_data(browser, wall, client):
    with fresh_status(client), watched_page(browser) as watched:
        page = watched.page
        sign_in(page, wall)
        seen = 0
        for board in BOARDS:
            _open(page, wall, board.id)
            for panel in board.panels:
                where = (board.id, panel.id)
                box = page.locator(f'[data-panel="{panel.id}"]')
                if panel.id in OF_THE_PIPELINE or panel.kind is Kind.FACTS:
                    continue
                if panel.kind is Kind.FIGURES:
                    texts = box.locator(".number").all_inner_texts()
                    notes = [each for each in box.locator(".note").all_inner_texts() if each]
                    assert set(texts) == {"–"}, where
                    assert set(notes) <= {EMPTY, "– sự kiện", "đến –", "0 sự kiện"}, where
                elif panel.kind is Kind.TIMELINE:
                    assert "Chọn một hồ sơ" in box.locator(".body").inner_text(), where
                else:
                    assert box.locator(".empty:visible").inner_text() == EMPTY, where
                seen += 1
        assert seen > 25
        assert watched.errors == []


def test_the_pipelines_figures_stand_while_nothing_is_stored_yet(browser, wall, client):
    """Lag and stalled partitions matter most when no dossier has come through."""
    now = dt.datetime.now(dt.UTC)
    wall_seed.tell_status(client, now, lag=5_000, stalled=1, events_per_second=0.0)
    with watched_page(browser) as watched:
        page = watched.page
        _open(page, wall, "pipeline")
        shown = {
            name: page.inner_text(f'[data-panel="health"] [data-figure="{name}"] .number')
            for name in ("events_per_second", "lag", "stalled")
        }
        assert shown == {"events_per_second": "0", "lag": "20.000", "stalled": "4"}
        tile = page.locator('[data-figure="stalled"]')
        assert tile.get_attribute("data-level") == "alarm"
        assert tile.locator(".note").inner_text() == "trên 4 phân vùng, 4 đang báo cáo"
        _open(page, wall, "province")
        assert set(page.locator(".number").all_inner_texts()) == {"–"}
