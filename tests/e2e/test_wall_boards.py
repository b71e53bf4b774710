"""Every board as people see it: themes, languages, sizes, keyboard, drill-down, accessibility."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import wall_rows
import wall_seed
from browser import chromium, watched_page
from playwright.sync_api import Browser, Page, expect
from wall_kit import StatusHand, Wall
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
    violations,
    wait_shown,
    wait_until,
)

from dashboards.catalogue.boards import BOARDS
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.wall import accounts

#: Boards of lists and charts; every other has main figures that are read from across the room.
NO_FIGURES = {"province-detail", "shift"}
SIZES = [(1920, 1080), (3840, 2160), (1366, 768)]
CUT = """() => [...document.querySelectorAll(
        '.number, .note, .body, .definition, .tile, .panel, header, #menu, .feed-list, .ranks')]
    .filter((node) => !node.closest('.timeline'))  // scrolls
    .filter((node) => node.scrollWidth > node.clientWidth + 2
        || !node.matches('.number')  // digits do not fill their line
           && node.scrollHeight > node.clientHeight + 2)
    .map((node) => `${node.closest('[data-panel]')?.dataset.panel} ${node.className}: `
        + node.textContent.slice(0, 60))"""
OUTSIDE = """() => [...document.querySelectorAll('[data-panel], header > *')]
    .filter((node) => { const box = node.getBoundingClientRect();
                        return box.right > innerWidth + 1 || box.bottom > innerHeight + 1; })
    .map((node) => node.dataset.panel ?? node.className)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def hand(clickhouse: EmbeddedClickHouse) -> Iterator[StatusHand]:
    """Keeps the status fresh of a database with rows for every panel."""
    with migrated(clickhouse, "wall_boards") as client:
        wall_seed.seed_figures(client)
        wall_rows.seed_rows(client)
        with fresh_status(client) as hand:
            yield hand


@pytest.fixture(scope="module")
def wall(
    clickhouse: EmbeddedClickHouse, hand: StatusHand, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Wall]:
    """A wall over that database, with an account."""
    folder = tmp_path_factory.mktemp("boards")
    users = folder / "users.json"
    accounts.put(users, USER, PASSWORD)
    place = Wall(clickhouse, "wall_boards", folder, IOC_WALL_USERS_FILE=str(users))
    with running(place) as wall:
        yield wall


#: A chart without data says so and draws nothing.
DRAWN = """[...document.querySelectorAll('.panel.series, .panel.map')].every((panel) =>
    panel.querySelector('canvas') || panel.querySelector('.empty:not([hidden])'))"""


def _open(page: Page, wall: Wall, board: str, more: str = "") -> None:
    page.goto(f"{wall.url}/board/{board}?{SEPTEMBER}{more}")
    wait_shown(page)
    wait_until(page, DRAWN)
    page.evaluate("document.fonts.ready")


def _wait_calm(page: Page) -> None:
    """Wait until every panel is of now: where others compute, figures may be seconds old."""
    expect(page.locator(".fault:visible")).to_have_count(0, timeout=60_000)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_board_fits_and_is_quiet(browser, wall, size, theme):
    width, height = size
    with watched_page(browser, {"width": width, "height": height}) as watched:
        page = watched.page
        sign_in(page, wall)
        for board in BOARDS:
            for language in ("vi", "en"):
                _open(page, wall, board.id, f"&theme={theme}&lang={language}")
                _wait_calm(page)
                where = (board.id, language)
                assert page.get_attribute("html", "data-theme") == theme
                assert page.get_attribute("html", "lang") == language
                root = "document.documentElement"
                assert page.evaluate(f"{root}.scrollHeight <= innerHeight"), where
                assert page.evaluate(f"{root}.scrollWidth <= innerWidth"), where
                assert page.evaluate(OUTSIDE) == [], where
                assert page.evaluate(CUT) == [], where
                heights = page.evaluate(X_HEIGHTS)
                assert all(each >= 44 * min(height / 1080, width / 1920) for each in heights), where
                assert len(heights) >= (0 if board.id in NO_FIGURES else 3), where
                assert watched.errors == [], where
        assert watched.hosts == {"127.0.0.1"}


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_nothing_keeps_people_out(browser, wall, theme):
    """Contrast AA, names of everything that can be clicked, order of headings: by axe-core."""
    with watched_page(browser) as watched:
        page = watched.page
        page.goto(f"{wall.url}/login")
        found = {"login": violations(page)}
        sign_in(page, wall)
        for board in BOARDS:
            _open(page, wall, board.id, f"&theme={theme}&unit={wall_rows.COMMUNE}")
            found[board.id] = violations(page)
        page.locator(".title").first.click()
        page.wait_for_selector("dialog[open]")
        found["explanation"] = violations(page)
        page.keyboard.press("Escape")
        page.keyboard.press("f")
        page.wait_for_selector("dialog[open] select")
        found["filter"] = violations(page)
        page.goto(f"{wall.url}/tv?boards=province&{SEPTEMBER}&theme={theme}")
        wait_shown(page)
        _wait_calm(page)
        found["tv"] = violations(page)
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_old_figures_can_be_read(browser, wall, hand, theme):
    """Whatever colour a text has, it keeps its contrast where it is faded."""
    found = {}
    with watched_page(browser) as watched:
        page = watched.page
        sign_in(page, wall)
        hand.hold()
        try:
            for board in BOARDS:
                _open(page, wall, board.id, f"&theme={theme}&unit={wall_rows.COMMUNE}")
                page.locator("body.old").wait_for(timeout=20_000)
                found[board.id] = violations(page)
        finally:
            hand.go_on()
        page.locator("body:not(.old)").wait_for(timeout=20_000)
    assert {name: each for name, each in found.items() if each} == {}


def _asked(page: Page) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(page.url).query).items()}


def test_from_the_province_to_one_dossier(browser, wall):
    """Clicks lead down and keep period, language and theme; the way up stands in the menu."""
    with watched_page(browser) as watched:
        page = watched.page
        sign_in(page, wall)
        _open(page, wall, "province", "&theme=light")
        page.click('[data-panel="units_overdue"] li:first-child a')
        page.wait_for_selector('.grid[data-board="unit"] [data-panel="unit_dossiers"] tbody a')
        asked = _asked(page)
        assert asked["unit"] == wall_rows.COMMUNE
        assert asked["from"] == "2024-09-01"
        assert asked["theme"] == "light"
        assert "Phường Tân Hòa" in page.inner_text(".scope")
        page.click('[data-panel="unit_dossiers"] tbody tr:first-child a')
        page.wait_for_selector(".chip:nth-child(2)")
        assert _asked(page)["dossier"].startswith("H28.148-")
        assert _asked(page)["unit"] == wall_rows.COMMUNE
        page.click(".chip a:has-text('Thành phố Hòa Bình')")
        page.wait_for_selector('[data-panel="unit_children"] tbody tr:nth-child(3)')
        assert _asked(page)["unit"] == wall_rows.CITY
        # A dossier's way, with what happened to it.
        _open(page, wall, "unit", f"&dossier={wall_rows.STORIED}")
        lines = page.locator('[data-panel="dossier_timeline"] li')
        lines.first.wait_for()
        found = {each.get_attribute("data-what") for each in lines.all()}
        assert {"event", "pause", "apology"} <= found
        assert found & {"leg", "leg_late"}
        assert watched.errors == []


def test_the_keyboard_does_what_the_mouse_does(browser, wall):
    with watched_page(browser) as watched:
        page = watched.page
        _open(page, wall, "province")
        page.keyboard.press("3")
        page.wait_for_selector('.grid[data-board="unit"]')
        page.keyboard.press("ArrowLeft")
        page.wait_for_selector('.grid[data-board="province-detail"]')
        assert _asked(page)["from"] == "2024-09-01"
        page.keyboard.press("t")
        wait_until(page, "document.documentElement.dataset.theme === 'light'")
        assert _asked(page)["theme"] == "light"
        page.keyboard.press("?")
        page.wait_for_selector("dialog[open] .keys")
        page.keyboard.press("Escape")
        wait_until(page, "!document.querySelector('dialog')")
        # From the tabs through the actions into the panels, always to be seen.
        reached = []
        for _ in range(30):
            page.keyboard.press("Tab")
            reached.append(
                page.evaluate(
                    "() => { const at = document.activeElement;"
                    " return [at.closest('[data-panel]')?.dataset.panel ?? at.className,"
                    " getComputedStyle(at).outlineStyle]; }"
                )
            )
        assert {"tab", "map", "backlog"} <= {name for name, _ in reached}
        assert {style for name, style in reached if name} == {"solid"}
        page.focus('[data-panel="map"] .title')
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog[open] .query")
        assert watched.errors == []


def test_the_filter_becomes_the_address(browser, wall):
    with watched_page(browser) as watched:
        page = watched.page
        _open(page, wall, "unit")
        page.keyboard.press("f")
        page.wait_for_selector("dialog[open] option:has-text('Phường Tân Hòa')", state="attached")
        page.locator("dialog [name=unit]").select_option(wall_rows.COMMUNE)
        page.locator("dialog [name=channel]").select_option("2")
        page.click("dialog .primary")
        page.wait_for_selector(".chip:nth-child(2)")
        assert _asked(page)["unit"] == wall_rows.COMMUNE
        assert _asked(page)["channel"] == "2"
        assert _asked(page)["from"] == "2024-09-01"
        wait_until(page, "document.querySelector('#period')?.textContent === 'Tháng 9/2024'")
        page.keyboard.press("f")
        page.wait_for_selector("dialog[open]")
        page.locator("dialog [name=period]").select_option("year")
        page.click("dialog .primary")
        wait_until(page, "document.querySelector('#period')?.textContent.startsWith('Năm')")
        assert _asked(page)["period"] == "year"
        assert "from" not in _asked(page)
        assert watched.errors == []


def test_each_panel_explains_itself(browser, wall):
    """Definition, age, rows, query and its values; the address of the window can be passed on."""
    with watched_page(browser) as watched:
        page = watched.page
        _open(page, wall, "province")
        page.click('[data-panel="units_overdue"] .title')
        page.wait_for_selector("dialog[open] tbody tr")
        text = page.inner_text("dialog")
        assert "Quá hạn trên đang giải quyết" in text
        age = re.compile(r"Đọc lúc \d\d:\d\d:\d\d; đủ dữ liệu đến \d\d:\d\d:\d\d")
        expect(page.locator("dialog")).to_contain_text(age, timeout=30_000)
        assert "FROM open_dossiers" in text
        assert "rows = 7" in text
        links = [each.get_attribute("href") for each in page.locator("dialog .files a").all()]
        assert [urlsplit(each).path for each in links] == [
            "/export/province/units_overdue.xlsx",
            "/export/province/units_overdue.csv",
        ]
        assert all("from=2024-09-01" in each for each in links)
        address = page.url
        assert address.endswith("#units_overdue")
        page.keyboard.press("Escape")
        wait_until(page, "!location.hash")
        page.goto("about:blank")
        page.goto(address)
        page.wait_for_selector("dialog[open] tbody tr")
        assert watched.errors == []


def test_digits_do_not_twitch(browser, wall):
    """A figure keeps its place and width whatever digits it has."""
    with watched_page(browser) as watched:
        page = watched.page
        _open(page, wall, "province")
        widths = page.evaluate(
            """() => { const number = document.querySelector('.large .number');
                 return ['11.111', '88.888', '90.417'].map((text) => {
                   const probe = document.createElement('span');
                   probe.textContent = text;
                   number.append(probe);
                   const width = probe.getBoundingClientRect().width;
                   probe.remove();
                   return width; }); }"""
        )
        assert max(widths) - min(widths) < 0.1


def test_who_has_not_signed_in_sees_no_dossier(browser, wall):
    with watched_page(browser) as watched:
        page = watched.page
        _open(page, wall, "leaders")
        assert "đã đăng nhập" in page.inner_text('[data-panel="leaders_overdue"]')
        assert "H28.148-" not in page.content()
        page.click('[data-panel="leaders_overdue"] a')
        page.wait_for_selector("[name=password]")
        page.fill("[name=name]", USER)
        page.fill("[name=password]", PASSWORD)
        page.click("button")
        page.wait_for_selector(
            '.grid[data-board="leaders"] [data-panel="leaders_overdue"] tbody tr'
        )
        assert "H28.148-" in page.inner_text('[data-panel="leaders_overdue"]')
        assert watched.errors == []


def test_wrong_passwords_and_addresses_that_lead_elsewhere(browser, wall):
    with watched_page(browser) as watched:
        page = show(watched, wall, "/")
        page.goto(f"{wall.url}/login?next=//evil.example/")
        page.fill("[name=name]", USER)
        page.fill("[name=password]", "wrong-password")
        page.click("button")
        page.wait_for_selector(".error:not(:empty)")
        assert page.inner_text(".error") == "Tên hoặc mật khẩu không đúng"
        page.fill("[name=name]", USER)
        page.fill("[name=password]", PASSWORD)
        page.click("button")
        page.wait_for_selector("html[data-shown]")
        assert urlsplit(page.url).hostname == "127.0.0.1"
