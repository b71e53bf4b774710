"""One slow query on real ClickHouse: its panel says so, every other figure stays of now."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import wall_rows
import wall_seed
from browser import chromium, watched_page
from playwright.sync_api import Browser
from wall_kit import Wall, until
from wall_stage import (
    SEPTEMBER,
    fresh_status,
    migrated,
    running,
    show,
    show_rows_within_a_second,
    violations,
    wait_until,
)

from ioc.embedded.clickhouse import EmbeddedClickHouse

#: Seconds that the slow table takes, the most that ClickHouse sleeps for a block.
SLOW_SECONDS = 3
PROVINCE = f"/board/province?{SEPTEMBER}"
FRAME = f"/frame/province?{SEPTEMBER}"
FEED = '[data-panel="feed"]'


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def client(clickhouse: EmbeddedClickHouse, request: pytest.FixtureRequest) -> Iterator[Any]:
    with migrated(clickhouse, request.node.originalname[:60]) as client:
        wall_seed.seed_figures(client)
        wall_rows.seed_rows(client)
        with fresh_status(client):
            yield client


@pytest.fixture
def wall(clickhouse: EmbeddedClickHouse, client, tmp_path) -> Iterator[Wall]:
    with running(Wall(clickhouse, client.database, tmp_path)) as wall:
        yield wall


@contextmanager
def slow(client: Any, table: str, times: int = 1) -> Iterator[None]:
    """Put a view that sleeps, so many times, in a table's place."""
    sleeps = " AND ".join(
        f"(SELECT sleep({SLOW_SECONDS} + {each} * 0)) = 0" for each in range(times)
    )
    client.command(f"RENAME TABLE {table} TO {table}_quick")
    client.command(f"CREATE VIEW {table} AS SELECT * FROM {table}_quick WHERE {sleeps}")
    try:
        yield
    finally:
        client.command(f"DROP VIEW {table}")
        client.command(f"RENAME TABLE {table}_quick TO {table}")


def _running(client: Any) -> int:
    (row,) = client.query(
        "SELECT count() FROM system.processes WHERE query LIKE '%alert_times%'"
        " AND query NOT LIKE '%system.processes%'"
    ).result_rows
    return int(row[0])


def test_a_slow_panel_keeps_nobody_waiting(browser, wall, client):
    """One round for all once made each screen wait for the slowest query of any."""
    with watched_page(browser) as watched:
        page = show(watched, wall, PROVINCE)
        with slow(client, "alert_times"):
            # Long enough for several questions, and for its age to be told.
            page.locator(f"{FEED} .fault:visible").wait_for(timeout=30_000)
            show_rows_within_a_second(client, page)
            wait_until(page, "document.querySelector('#banner').hidden")

            def is_live_without_faults() -> bool:
                frame = wall.get(FRAME)
                return frame["status"]["state"] == "live" and frame["faults"] == {}

            until(is_live_without_faults, "live, and slow is no fault")

            def only_the_slow_ones_are_old() -> bool:
                # A busy machine may hold any other one up for a moment, not for long.
                return {"feed"} <= set(wall.get(FRAME)["asked"]) <= {"feed", "attention"}

            until(only_the_slow_ones_are_old, "all others are of now")
            page.locator('[data-panel="flow"]:not(.old)').wait_for()
        page.locator(f"{FEED} .fault").wait_for(state="hidden", timeout=30_000)
        assert watched.errors == []


def test_an_old_answer_says_when_it_was_read(browser, wall, client):
    """A query that rests once showed its kept rows as read just now."""
    with watched_page(browser) as watched:
        page = show(watched, wall, PROVINCE)
        with slow(client, "alert_times"):
            # Where others compute, a query may be given up before that: it says so meanwhile.
            fault = page.locator(f"{FEED} .fault:visible", has_text="Số liệu cũ, đọc lúc ")
            fault.wait_for(timeout=60_000)
            assert page.locator(f"{FEED}.old").count() == 1
            page.click(f"{FEED} .title")
            wait_until(page, "document.querySelector('.explanation').innerText"
                             ".includes('Số liệu cũ, đọc lúc ')", 30)  # fmt: skip
            frame = wall.get(FRAME)
            age_ms = frame["now"] - frame["asked"]["feed"]
            assert 1_000 < age_ms < (SLOW_SECONDS * 6 + 5) * 1000
            assert frame["read_at"] > frame["asked"]["feed"]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_old_figures_and_what_is_said_of_them_can_be_read(browser, wall, client, theme):
    """The notes of faded tiles lay over the line that says how old they are."""
    with watched_page(browser) as watched:
        page = show(watched, wall, f"{PROVINCE}&theme={theme}")
        figures = page.locator(".panel.figures").first
        with slow(client, "province_days"):
            figures.locator(".fault:visible").wait_for(timeout=30_000)
            # The line is uppermost along its whole length.
            covered = figures.locator(".fault").evaluate("""(line) => {
                const { left, top, width, height } = line.getBoundingClientRect();
                return [...Array(40).keys()].map((step) => document.elementFromPoint(
                    left + 2 + ((width - 4) * step) / 40, top + height / 2)?.className);
            }""")
            assert set(covered) == {"fault"}
            assert violations(page) == []
        figures.locator(".fault").wait_for(state="hidden", timeout=30_000)
        # What is new is red, but not while nobody knows whether it still is.
        with slow(client, "open_dossiers"):
            units = page.locator('[data-panel="units_overdue"]')
            units.locator(".fault:visible").wait_for(timeout=30_000)
            units.locator(".fresh").first.wait_for()
            assert violations(page) == []


def test_a_board_that_opens_on_a_table_that_hangs_shows_the_rest_at_once(browser, wall, client):
    with watched_page(browser) as watched:
        page = watched.page
        with slow(client, "alert_times", times=3):  # longer than a wall waits for any answer
            page.goto(wall.url + PROVINCE)
            page.wait_for_selector("html[data-shown]", timeout=20_000)
            wait_until(page, "document.querySelector('[data-figure=received] .number')"
                             "?.textContent === '88.646'")  # fmt: skip
            told = page.inner_text(f"{FEED} .fault")
            # The second one once it was given up.
            assert told.startswith(("Đọc chậm, đang chờ từ ", "Không đọc được từ ")), told
        page.locator(f"{FEED} li").first.wait_for(timeout=30_000)


def test_a_slow_query_never_runs_twice_at_a_time(wall, client):
    """Several views want it; each of them asks again with every round."""
    wall.get(FRAME)
    with slow(client, "alert_times"):
        most = 0
        until_at = time.monotonic() + 3 * SLOW_SECONDS
        while time.monotonic() < until_at:
            wall.get(FRAME)
            most = max(most, _running(client))
            time.sleep(0.2)
        assert 1 <= most <= 2  # the feed's and the attention list's
        until(lambda: wall.get(FRAME)["asked"].get("feed"), "a late answer")
