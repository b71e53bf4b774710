"""The wall as people see it: the real process, real ClickHouse, real Chromium."""

from __future__ import annotations

import datetime as dt
import http.client
import re
import signal
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil
import pytest
import wall_seed
from browser import Watched, chromium, watched_page
from playwright.sync_api import Browser, Page
from wall_kit import StatusHand, Wall, until
from wall_seed import NOW
from wall_stage import (
    fresh_status,
    migrated,
    running,
    show,
    show_rows_within_a_second,
    wait_until,
)

from ioc.embedded.clickhouse import EmbeddedClickHouse

SEPTEMBER = "/?from=2024-09-01&to=2024-09-30&at=2024-09-30T17:00"
NBSP = "\u00a0"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedClickHouse]:
    """One of its own, since it is stopped on the way."""
    with EmbeddedClickHouse(tmp_path_factory.mktemp("wall-clickhouse")) as engine:
        yield engine


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def september(
    engine: EmbeddedClickHouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Wall]:
    """A wall over the seeds, for tests that change nothing."""
    folder = tmp_path_factory.mktemp("september")
    with migrated(engine, "september") as client:
        wall_seed.seed_figures(client)
        with fresh_status(client), running(Wall(engine, client.database, folder)) as wall:
            yield wall


@pytest.fixture
def client(engine: EmbeddedClickHouse, request: pytest.FixtureRequest) -> Iterator[Any]:
    with migrated(engine, re.sub(r"\W", "_", request.node.name)[:60]) as client:
        yield client


@pytest.fixture
def hand(client) -> Iterator[StatusHand]:
    with fresh_status(client) as hand:
        yield hand


@pytest.fixture
def wall(engine: EmbeddedClickHouse, client, tmp_path: Path) -> Iterator[Wall]:
    with running(Wall(engine, client.database, tmp_path)) as wall:
        yield wall


@pytest.fixture
def seeded(client) -> Any:
    wall_seed.seed_figures(client)
    return client


def _figure(page: Page, name: str) -> str:
    found = page.locator(f'.tile[data-figure="{name}"] .number')
    return found.text_content() or "" if found.count() else ""


def _note(page: Page, name: str) -> str:
    return page.locator(f'.tile[data-figure="{name}"] .note').text_content() or ""


def _open(watched: Watched, wall: Wall, path: str = SEPTEMBER) -> Page:
    return show(watched, wall, path)


def _banner(page: Page) -> str:
    return page.inner_text("#banner") if page.is_visible("#banner") else ""


def test_shows_the_seeded_figures_in_vietnamese(browser, september, tmp_path):
    with watched_page(browser) as watched:
        page = _open(watched, september)
        page.wait_for_selector(".chart canvas")
        shown = {
            "received": "88.646",
            "resolved": "80.185",
            "in_time_share": f"99,45{NBSP}%",
            "open": "9.811",
            "overdue": "260",
            "due_soon": "75",
            "paused": "440",
            "awaiting_receipt": "36",
            "receipt_late": "315",
            "uncollected": "1.020",
        }
        assert {name: _figure(page, name) for name in shown} == shown
        assert _note(page, "received").startswith(f"88,74{NBSP}% trực tuyến")
        assert _note(page, "in_time_share").startswith("79.745 / 80.185")
        assert _note(page, "overdue") == f"2,65{NBSP}% · 240 chưa xin lỗi"
        assert page.inner_text("h1") == "Tỉnh Hòa Bình · Toàn tỉnh"
        assert page.inner_text("#period") == "Tháng 9/2024"
        assert "17:00 30/09/2024" in page.inner_text("#period-note")
        wait_until(page, "document.querySelector('#status').dataset.state === 'live'")
        ledger = [
            page.inner_text(f'.ledger [data-figure="{name}"] dd')
            for name in ("carried_over", "received", "to_resolve", "finished", "open_at_end")
        ]
        assert ledger == ["1.500", "88.646", "90.146", "80.385", "9.761"]
        assert page.inner_text(".verdict") == "Cân đối"
        ranks = page.locator('[data-panel="units_overdue"] li')
        assert re.sub(r"\s+", " ", ranks.nth(0).inner_text()).startswith("Phường Tân Hòa")
        assert ranks.nth(0).locator("b").inner_text() == "220"
        assert page.locator('.tile[data-figure="overdue_new"] svg[aria-label="Cần xử lý"]').count()
        assert page.screenshot(path=tmp_path / "wall.png")
        # Nothing was fetched from elsewhere, nothing was wrong.
        assert watched.hosts == {"127.0.0.1"}
        assert watched.errors == []


def test_english_by_wish(browser, september):
    with watched_page(browser) as watched:
        page = _open(watched, september, SEPTEMBER + "&lang=en")
        assert _figure(page, "received") == "88,646"
        assert _figure(page, "in_time_share") == "99.45%"
        assert page.inner_text('.tile[data-figure="overdue"] h2') == "Overdue"
        assert page.get_attribute("html", "lang") == "en"
        assert watched.errors == []


def test_a_new_row_appears_by_itself(browser, wall, seeded, hand):
    with watched_page(browser) as watched:
        page = _open(watched, wall)
        assert _figure(page, "received") == "88.646"
        show_rows_within_a_second(seeded, page)
        assert watched.loads == 1
        assert watched.errors == []


def test_figures_whose_worker_is_silent_are_called_old(browser, wall, seeded, hand):
    with watched_page(browser) as watched:
        page = _open(watched, wall)
        wait_until(page, "document.querySelector('#status').dataset.state === 'live'")
        assert _banner(page) == ""
        hand.hold()
        wait_until(page, "!document.querySelector('#banner').hidden")
        assert re.fullmatch(
            r"DỮ LIỆU CŨ, ngừng cập nhật từ \d\d:\d\d:\d\d \(tiến trình xử lý không báo cáo\)",
            _banner(page),
        )
        red = page.evaluate("getComputedStyle(document.querySelector('#banner')).backgroundColor")
        assert red == "rgb(193, 18, 31)"
        assert page.locator("body.old").count() == 1
        assert wall.get("/frame?period=all")["status"]["reason"] == "worker"
        assert wall.status("/health") == 200  # gone for seconds, not for long
        hand.go_on()
        wait_until(page, "document.querySelector('#banner').hidden")
        assert page.locator("body.old").count() == 0


def test_figures_of_a_warehouse_that_is_away_are_called_old(browser, engine, wall, seeded, hand):
    with watched_page(browser) as watched:
        page = _open(watched, wall)
        wait_until(page, "document.querySelector('#status').dataset.state === 'live'")
        hand.hold()
        engine.stop()
        try:
            wait_until(
                page, "document.querySelector('#banner').innerText.includes('kho dữ liệu')", 20
            )
            assert _banner(page).startswith("DỮ LIỆU CŨ, ngừng cập nhật từ ")
            assert wall.status("/health") == 503
            assert wall.status("/alive") == 200
        finally:
            engine.start()
            hand.go_on()
        wait_until(page, "document.querySelector('#banner').hidden", 20)
        assert wall.status("/health") == 200
        assert watched.loads == 1
        assert "can be read again" in wall.output


def test_a_hung_warehouse_is_noticed(engine, wall, seeded, hand):
    """A server that accepts and never answers must not stop the frames."""
    wall.get("/frame" + SEPTEMBER[1:])
    (server,) = [
        child
        for child in psutil.Process().children(recursive=True)
        if any("ioc.embedded.clickhouse.server" in word for word in child.cmdline())
        and any(word == f"--port={engine.port}" for word in child.cmdline())
    ]
    hand.hold()
    server.send_signal(signal.SIGSTOP)
    try:
        first = wall.get("/frame" + SEPTEMBER[1:])
        second = until(
            lambda: (
                (frame := wall.get("/frame" + SEPTEMBER[1:]))["status"]["reason"] == "warehouse"
                and frame
            ),
            "stale frames",
        )
        assert second["now"] > first["now"]
    finally:
        server.send_signal(signal.SIGCONT)
        hand.go_on()
    until(lambda: wall.get("/frame" + SEPTEMBER[1:])["status"]["state"] == "live", "live again")


def test_another_build_makes_the_page_load_anew(browser, wall, seeded, hand):
    with watched_page(browser) as watched:
        page = _open(watched, wall)
        build = page.get_attribute("html", "data-build")
        wall.stop()
        wall.environment["IOC_WALL_RANKING_MINIMUM"] = "31"  # the page says it, so it is another
        wall.start()
        wait_until(page, f"document.documentElement.dataset.build !== '{build}'"
                     " && document.documentElement.dataset.shown")  # fmt: skip
        page.wait_for_load_state("load")  # figures stand before all of the page has come
        assert watched.loads == 2


def test_without_data_it_says_so(browser, wall, client, hand):
    with watched_page(browser) as watched:
        page = _open(watched, wall, "/")
        assert _figure(page, "received") == "–"
        assert _note(page, "received") == "Không có dữ liệu"
        for panel in ("over_time", "units_overdue", "units_in_time", "feed"):
            text = page.inner_text(f'[data-panel="{panel}"] .body')
            assert text.strip() == "Không có dữ liệu", panel
        assert watched.errors == []


def test_without_a_choice_the_newest_month_is_shown_and_that_is_said(browser, september):
    with watched_page(browser) as watched:
        page = _open(watched, september, "/")
        assert page.inner_text("#period") == "Tháng 10/2024"
        note = page.inner_text("#period-note")
        assert "tháng mới nhất có dữ liệu" in note
        assert "23:59 02/10/2024" in note
        assert _figure(page, "received") == "700"


def test_the_stream_is_packed_and_shared(september):
    address = urlsplit(september.url)

    def open_stream() -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
        connection.request("GET", "/events" + SEPTEMBER[1:], headers={"Accept-Encoding": "gzip"})
        return connection.getresponse()

    streams = [open_stream() for _ in range(3)]
    for stream in streams:
        assert stream.headers["Content-Encoding"] == "gzip"
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        unpack, text = zlib.decompressobj(wbits=31), b""
        while text.count(b"\n\n") < 3:
            text += unpack.decompress(stream.read1())
        events = text.split(b"\n\n")
        assert events[0].startswith(b"retry:")
        assert [event[:6] for event in events[1:3]] == [b"data: ", b"data: "]
    assert september.get("/health")["screens"] == 3
    for stream in streams:
        stream.close()
    until(lambda: september.get("/health")["screens"] == 0, "screens forgotten")


def test_wrong_wishes_and_too_many_of_them(engine, client, tmp_path, hand):
    with running(Wall(engine, client.database, tmp_path, IOC_WALL_MAX_VIEWS="2")) as wall:
        assert wall.status("/frame?period=fortnight") == 400
        assert wall.status("/events?from=2024-09-01") == 400
        assert wall.status("/static/nothing.js") == 404
        assert wall.status("/static/../__main__.py") == 404
        assert wall.status("/frame?period=week") == 200
        assert wall.status("/frame?period=year") == 200
        assert wall.status("/frame?period=month") == 503


def test_refuses_to_be_seen_from_elsewhere_without_a_token(engine, client, tmp_path):
    wall = Wall(engine, client.database, tmp_path, IOC_WALL_HOST="::")
    with pytest.raises(AssertionError, match="IOC_WALL_TOKEN_FILE"):
        wall.start()
    assert wall.process is not None
    assert wall.process.returncode == 2


def test_with_a_token(browser, engine, client, hand, tmp_path):
    wall_seed.seed_figures(client)
    token = "a-long-enough-token"
    with running(Wall(engine, client.database, tmp_path, IOC_WALL_TOKEN=token)) as wall:
        assert wall.status("/frame") == 401
        bearer = {"Authorization": f"Bearer {token}"}
        assert httpx.get(wall.url + "/frame", headers=bearer).status_code == 200
        with watched_page(browser) as watched:
            page = _open(watched, wall, f"{SEPTEMBER}&token={token}")
            assert token not in page.url
            assert _figure(page, "received") == "88.646"
            assert watched.errors == []


def test_the_picture_of_the_readme(september, tmp_path):
    out = tmp_path / "images" / "wall.png"
    command = [sys.executable, "-m", "ioc.wall.picture"]
    subprocess.run(
        [*command, "--url", september.url + SEPTEMBER, "--out", str(out)], check=True, timeout=60
    )
    assert out.read_bytes().startswith(b"\x89PNG")
    assert out.stat().st_size > 50_000


def test_the_seed_is_what_the_address_asks_for():
    """The moment in the address is the one that the seeds are made for."""
    assert dt.datetime.fromtimestamp(NOW, dt.UTC).isoformat() == "2024-09-30T10:00:00+00:00"
