"""What is read without touching anything: long figures, long names, what got worse and where."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import wall_rows
import wall_seed
from browser import chromium, watched_page
from playwright.sync_api import Browser, Page
from wall_kit import Wall
from wall_seed import NOW
from wall_stage import (
    PASSWORD,
    SEPTEMBER,
    USER,
    X_HEIGHTS,
    fresh_status,
    migrated,
    running,
    show,
    sign_in,
    wait_shown,
    wait_until,
)

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.wall import accounts

NBSP = "\u00a0"
#: Some of the main wall's figures, and the board that lists what was counted.
LEADS = {
    "overdue": "leaders", "overdue_new": "leaders", "received": "unit",
    "awaiting_receipt": "unit", "silent_units": "province-detail", "lag": "pipeline",
}  # fmt: skip
CENTRE, OFFICE = "17-TTPVHCC", "17-VPUBND"
#: Names that do not fit: whole texts are wider than what shows them.
CUT_NAMES = """() => [...document.querySelectorAll(
        '.ranks .name, .shares .name, .feed-list .name, td:first-child, td .name')]
    .filter((node) => !node.closest('[hidden]') && node.scrollWidth > node.clientWidth + 1)
    .map((node) => `${node.closest('[data-panel]').dataset.panel}: ${node.textContent}`)"""
FIGURES = """() => Object.fromEntries([...document.querySelectorAll('.large .tile')].map((tile) =>
    [tile.dataset.figure, [tile.querySelector('.number').textContent,
        tile.querySelector('.number').getBoundingClientRect().right
            <= tile.getBoundingClientRect().right]]))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def client(clickhouse: EmbeddedClickHouse) -> Iterator[Any]:
    """Rows for every panel, offices with long names, and a month of a million dossiers."""
    with migrated(clickhouse, "wall_reading") as client:
        wall_seed.seed_figures(client)
        wall_rows.seed_rows(client)
        for unit, n in ((CENTRE, 1_000_000), (OFFICE, 300)):
            old = ("processing", NOW - 40 * wall_seed.HOUR, n, 0)
            new = ("processing", NOW - 60, 7 if unit == OFFICE else 5, 0)
            wall_seed.insert(client, "open_dossiers", [wall_seed.open_row(unit, old, new)])
        day = wall_seed._day(9, dt.date(2024, 7, 9), received=1_000_000, early=1_000_000)
        wall_seed.insert(client, "province_days", [day])
        yield client


@pytest.fixture(scope="module")
def wall(
    clickhouse: EmbeddedClickHouse, client, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Wall]:
    folder = tmp_path_factory.mktemp("reading")
    users = folder / "users.json"
    accounts.put(users, USER, PASSWORD)
    place = Wall(clickhouse, client.database, folder, IOC_WALL_USERS_FILE=str(users))
    with fresh_status(client), running(place) as wall:
        yield wall


def _open(page: Page, wall: Wall, board: str, period: str = SEPTEMBER) -> None:
    page.goto(f"{wall.url}/board/{board}?{period}")
    wait_shown(page)
    page.evaluate("document.fonts.ready")


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)], ids=str)
def test_a_million_and_a_hundred_percent_are_read_from_five_metres(browser, wall, size):
    width, height = size
    july = "from=2024-07-01&to=2024-07-31&at=2024-09-30T17:00"
    with watched_page(browser, {"width": width, "height": height}) as watched:
        for board in ("province", "leaders"):
            _open(watched.page, wall, board, july)
            shown = watched.page.evaluate(FIGURES)
            if board == "province":
                assert shown["received"] == ["1.000.000", True]
                assert shown["in_time_share"] == [f"100,00{NBSP}%", True]
            text, fits = shown["open"]
            assert re.fullmatch(r"1\.\d{3}\.\d{3}", text)
            assert fits, board
            heights = watched.page.evaluate(X_HEIGHTS)
            assert len(heights) == 5
            assert min(heights) >= 44 * height / 1080, (board, heights)


@pytest.mark.parametrize("path", ["/board/province", "/tv?boards=province&every=60s"])
def test_names_on_the_main_wall_are_whole(browser, wall, path):
    with watched_page(browser) as watched:
        mark = "&" if "?" in path else "?"
        page = show(watched, wall, f"{path}{mark}{SEPTEMBER}")
        page.evaluate("document.fonts.ready")
        names = page.locator('[data-panel="units_overdue"] .name').all_inner_texts()
        assert {"TTPVHCC tỉnh", "VP UBND tỉnh"} <= {name.split("\n")[0] for name in names}
        assert page.evaluate(CUT_NAMES) == []
        full = page.locator('[data-panel="units_overdue"] .name [title^="Trung tâm"]')
        assert full.get_attribute("title") == "Trung tâm Phục vụ hành chính công tỉnh"


def test_what_got_worse_in_this_shift_says_where_and_leads_there(browser, wall):
    with watched_page(browser) as watched:
        page = watched.page
        sign_in(page, wall)
        _open(page, wall, "province")
        first = page.locator('[data-panel="units_overdue"] li').first
        assert first.locator(".fresh").inner_text() == "+220 mới"
        assert first.locator(".fresh .sign-alarm").count() == 1
        assert page.locator('[data-panel="units_overdue"] li', has_text="+7 mới").count() == 1
        # From the number to the files behind it.
        for figure, board in LEADS.items():
            found = page.locator(f'[data-figure="{figure}"] a').first.get_attribute("href") or ""
            assert found.startswith(f"/board/{board}?"), figure
            assert "from=2024-09-01" in found
        page.locator('[data-figure="overdue_new"] a').click()
        page.wait_for_selector('.grid[data-board="leaders"] [data-panel="leaders_overdue"] td a')
        assert page.locator('[data-figure="overdue"] a').count() == 0, "leads to itself"
        for board, panel in (("province", "feed"), ("province-detail", "silent")):
            _open(page, wall, board)
            name = page.locator(f'[data-panel="{panel}"] .name a').first
            assert "/board/unit?" in (name.get_attribute("href") or ""), panel
        assert watched.errors == []


def test_a_list_of_late_dossiers_keeps_which_whose_and_how_late(browser, wall):
    with watched_page(browser) as watched:
        page = watched.page
        sign_in(page, wall)
        _open(page, wall, "province-detail")
        page.wait_for_selector('[data-panel="longest_overdue"] tbody tr')
        heads = page.locator('[data-panel="longest_overdue"] th:visible').all_inner_texts()
        assert heads[0] == "Mã hồ sơ"
        assert heads[1] == "Đơn vị"
        assert heads[-1] == "Quá hạn"
        late = page.locator('[data-panel="longest_overdue"] td:last-child').all_inner_texts()
        assert all(re.fullmatch(r"[\d,.]+ (giờ|ngày)", each) for each in late), late
        assert {each.split()[1] for each in late} == {"giờ", "ngày"}


def test_a_mark_is_read_where_nobody_can_point(browser, wall, client):
    """The note, who wrote it and until when: on a TV, in rankings, lists and what is told."""
    now = dt.datetime.now(dt.UTC)
    wall_seed.insert(client, "marks", [
        {"mark_id": f"m-{unit}", "kind": "unit", "subject": unit, "version": 1,
         "note": "chờ sở trả lời bằng văn bản", "author": "truc-ca", "made_at": now,
         "expires_at": int(time.time()) + 3600}
        for unit in (CENTRE, *wall_rows.communes())
    ])  # fmt: skip
    with watched_page(browser) as watched:
        for board, panels in (("province", ("units_overdue", "feed")),
                              ("province-detail", ("silent",))):  # fmt: skip
            page = show(watched, wall, f"/tv?boards={board}&every=60s&{SEPTEMBER}")
            for panel in panels:
                line = page.locator(f'[data-panel="{panel}"] .mark-words').first
                line.wait_for(timeout=15_000)
                words = r"Đã gọi, đang chờ: chờ sở trả lời bằng văn bản \(truc-ca, đến [\d:/ ]+\)"
                assert re.fullmatch(words, line.inner_text()), panel
                box = line.bounding_box()
                assert box and box["height"] > 10
        wait_until(page, "!document.querySelector('button')")


def test_the_backlogs_area_begins_at_nothing_or_is_not_filled(browser, wall):
    """A filled area whose foot is 480 makes 500 look like nothing."""
    with watched_page(browser) as watched:
        page = watched.page
        _open(page, wall, "province-detail")
        page.wait_for_selector('[data-panel="backlog"] canvas')
        filled = page.evaluate("""async () => {
            const { echarts } = await import(document.documentElement.dataset.charts);
            const { series, yAxis } = echarts.getInstanceByDom(
                document.querySelector('[data-panel="backlog"] .chart')).getOption();
            return series.some(({ areaStyle }) => areaStyle) && yAxis[0].scale; }""")
        assert not filled
