"""TVs come back by themselves: after a stop, a kill, a hang, and a proxy's error page."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
import wall_rows
import wall_seed
from browser import Watched, chromium, watched_page
from playwright.sync_api import Browser, Page, Route
from wall_kit import Wall, until
from wall_stage import SEPTEMBER, fresh_status, migrated, running, show, stretched, wait_until

from ioc.embedded.clickhouse import EmbeddedClickHouse

#: What the wall promises: figures on the screen so long after the server answers again.
BACK_SECONDS = 5.0
TV = f"/tv?boards=province,pipeline&every=5s&{SEPTEMBER}"
LOST = "document.querySelector('#banner').innerText.includes('mất kết nối')"
BACK = "document.querySelector('#banner').hidden"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def client(clickhouse: EmbeddedClickHouse) -> Iterator[Any]:
    with migrated(clickhouse, "wall_outages") as client:
        wall_seed.seed_figures(client)
        wall_rows.seed_rows(client)
        with fresh_status(client):
            yield client


@pytest.fixture
def wall(clickhouse: EmbeddedClickHouse, client, tmp_path) -> Iterator[Wall]:
    with running(Wall(clickhouse, client.database, tmp_path)) as wall:
        yield wall


class Proxy:
    """Stands before a wall as a web server does; answers 503 pages when told so."""

    def __init__(self, wall: Wall) -> None:
        self.is_down = False
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if proxy.is_down:
                    self._refuse()
                    return
                url = wall.url + self.path
                with httpx.stream("GET", url, timeout=60) as answer:
                    self.send_response(answer.status_code)
                    for name in ("content-type", "content-encoding", "cache-control"):
                        if name in answer.headers:
                            self.send_header(name, answer.headers[name])
                    self.end_headers()
                    for piece in answer.iter_raw():
                        if proxy.is_down:
                            return
                        self.wfile.write(piece)

            def _refuse(self) -> None:
                self.send_response(503)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b"<h1>503 Service Unavailable</h1>")

            def log_message(self, *_: object) -> None:
                """Quiet."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A browser that goes away is no error."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @contextmanager
    def running(self) -> Iterator[Proxy]:
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()


def _back_within(page: Page, bring_back: Callable[[], None]) -> None:
    """Bring the server back once the page knows that it is away, and wait for the page.

    The clock starts when the server answers: after a stop and a kill with the first 200 of
    `/alive` (`Wall.start` waits for it), after a hang with the signal that lets it go on, after
    error pages with the last one. It ends when the page has a frame and takes its banner away.
    """
    wait_until(page, LOST, 20)
    bring_back()
    started = time.monotonic()
    wait_until(page, BACK, 60)
    took = time.monotonic() - started
    assert took < stretched(BACK_SECONDS)


def _is_as_before(watched: Watched) -> None:
    """Neither a page loaded anew nor an error page in its place."""
    assert watched.loads == 1
    assert watched.page.locator(".grid:not(.behind) .number").count() > 3


def test_boards_take_turns_and_nothing_can_be_clicked(browser, wall):
    with watched_page(browser) as watched:
        page = show(watched, wall, TV)
        assert page.locator("button, a").count() == 0
        assert page.evaluate("getComputedStyle(document.querySelector('.panel')).cursor") == "none"
        seen = []
        for board in ("province", "pipeline", "province"):
            wait_until(page, f"document.documentElement.dataset.board === '{board}'", 20)
            shown = page.locator(".grid:not(.behind)")
            assert shown.count() == 1
            assert shown.get_attribute("data-board") == board
            seen.append(page.inner_text("#turn"))
        assert seen == ["Màn hình 1/2", "Màn hình 2/2", "Màn hình 1/2"]
        assert until(lambda: wall.get("/health")["screens"] <= 2, "closed streams")
        assert watched.loads == 1
        assert watched.errors == []


def test_a_board_whose_figures_come_at_the_end_of_its_turn(browser, wall):
    """The next turn would begin while it settles: it gets its own turn all the same."""
    with watched_page(browser) as watched:
        page, held = watched.page, []

        def hold(route: Route) -> None:
            held.append(route)

        page.clock.install()
        page.route("**/events/pipeline*", hold)
        show(watched, wall, TV)
        page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 0.1)
        for _ in range(60):
            if held:
                break
            page.clock.run_for(100)
            page.wait_for_timeout(50)
        page.clock.run_for(4700)
        page.wait_for_timeout(50)
        held[-1].continue_()
        page.locator(".grid.behind .panel[aria-busy]").first.wait_for(state="attached")
        for _ in range(2):
            page.clock.run_for(350)
            assert page.locator(".grid:not(.behind)").count() == 1
        assert page.locator(".grid").count() == 1
        assert page.locator(".grid").get_attribute("data-board") == "pipeline"


def test_after_a_stop(browser, wall):
    with watched_page(browser) as watched:
        page = show(watched, wall, TV)
        assert wall.stop() == 0
        assert "Traceback" not in wall.output
        _back_within(page, wall.start)
        _is_as_before(watched)


def test_after_a_kill(browser, wall):
    with watched_page(browser) as watched:
        page = show(watched, wall, TV)
        wall.end()
        _back_within(page, wall.start)
        _is_as_before(watched)


def test_after_a_hang(browser, wall):
    """A server that stands still keeps its connections; the page must not believe in them."""
    with watched_page(browser) as watched:
        page = show(watched, wall, TV)
        assert wall.process is not None
        process = wall.process
        process.send_signal(signal.SIGSTOP)
        try:
            _back_within(page, lambda: process.send_signal(signal.SIGCONT))
        finally:
            process.send_signal(signal.SIGCONT)
        _is_as_before(watched)


def test_after_a_proxys_error_page(browser, wall):
    """An EventSource that gets a 503 gives up for good; the watchdog does not."""
    with watched_page(browser) as watched, Proxy(wall).running() as proxy:
        page = watched.page
        page.goto(proxy.url + TV)
        page.wait_for_selector("html[data-shown]", timeout=20_000)
        proxy.is_down = True
        _back_within(page, lambda: setattr(proxy, "is_down", False))
        _is_as_before(watched)


def test_another_release_behind_an_error_page(browser, wall):
    """The page loads anew only when there is a page to load."""
    with watched_page(browser) as watched, Proxy(wall).running() as proxy:
        page = watched.page
        page.goto(proxy.url + TV)
        page.wait_for_selector("html[data-shown]", timeout=20_000)
        build = page.get_attribute("html", "data-build")
        proxy.is_down = True
        wall.stop()
        wall.environment["IOC_WALL_RANKING_MINIMUM"] = "31"
        wall.start()
        wait_until(page, LOST, 20)
        proxy.is_down = False
        wait_until(page, f"document.documentElement.dataset.build !== '{build}'"
                         " && document.documentElement.dataset.shown", 20)  # fmt: skip
        assert page.locator(".grid .number").count() > 3


def test_a_part_that_cannot_be_read_says_so_and_since_when(browser, wall, client):
    """One broken table must not take the other panels down, nor show its old rows as live."""
    with watched_page(browser) as watched:
        page = show(watched, wall, f"/board/province?{SEPTEMBER}")
        client.command("RENAME TABLE alert_times TO alert_times_away")
        try:
            # A query that took long rests for a while; its panel may say so before it fails.
            fault = page.locator('[data-panel="feed"] .fault:visible')
            fault.filter(has_text="Không đọc được từ ").wait_for(timeout=30_000)
            assert page.locator('[data-panel="feed"].old').count() == 1
            page.locator('[data-panel="flow"]:not(.old)').wait_for(timeout=15_000)
            wait_until(page, BACK)
        finally:
            client.command("RENAME TABLE alert_times_away TO alert_times")
        fault.wait_for(state="hidden", timeout=30_000)
