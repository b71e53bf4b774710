"""A real Chromium that watches what a page does: console, errors, and every request it makes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from ioc.wall.picture import CHROMIUM, CHROMIUM_OPTIONS

WALL_SCREEN = {"width": 1920, "height": 1080}


@dataclass
class Watched:
    """A page and what it did."""

    page: Page
    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    loads: int = 0


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_OPTIONS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def watched_page(browser: Browser, viewport: dict[str, int] | None = None) -> Iterator[Watched]:
    context = browser.new_context(viewport=viewport or WALL_SCREEN)
    page = context.new_page()
    watched = Watched(page)

    def loaded(_: object) -> None:
        watched.loads += 1

    page.on("console", lambda message: message.type in ("error", "warning")
            and watched.errors.append(message.text))  # fmt: skip
    page.on("pageerror", lambda error: watched.errors.append(str(error)))
    page.on("request", lambda request: watched.hosts.add(urlsplit(request.url).hostname or ""))
    page.on("load", loaded)
    try:
        yield watched
    finally:
        context.close()
