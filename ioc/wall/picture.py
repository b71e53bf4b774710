"""Takes pictures of a running wall: `python -m ioc.wall.picture --url … --out …`.

With `--boards` the file's name gets each board's id behind it. A name and a password (from a file)
are needed where a board shows single dossiers.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from schemas.settings import read_secret

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_TIMEOUT_MS = 30_000
#: A chart without data says so and draws nothing.
_DRAWN = """() => [...document.querySelectorAll('.panel.series, .panel.map')].every((panel) =>
    panel.querySelector('canvas') || panel.querySelector('.empty:not([hidden])'))"""


def main(arguments: list[str] | None = None) -> int:
    """Take the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m ioc.wall.picture", description=__doc__)
    parser.add_argument("--url", required=True, help="of the wall, with period and language")
    parser.add_argument("--out", required=True, type=Path, help="PNG file to write")
    parser.add_argument("--boards", default="", help="ids of boards, comma separated")
    parser.add_argument("--name", default="", help="account to sign in with")
    parser.add_argument("--password-file", type=Path, help="file with its password")
    parser.add_argument("--width", type=int, default=1920)
    parser.add_argument("--height", type=int, default=1080)
    asked = parser.parse_args(arguments)
    boards = [board for board in asked.boards.split(",") if board]
    pictures = [(asked.url, asked.out)]
    if boards:
        pictures = [
            (board_url(asked.url, board), asked.out.with_stem(f"{asked.out.stem}-{board}"))
            for board in boards
        ]
    password = read_secret(asked.password_file).get_secret_value() if asked.password_file else ""
    with _page(asked.width, asked.height) as page:
        if asked.name:
            sign_in(page, asked.url, asked.name, password)
        take_pictures(page, pictures)
    for _, out in pictures:
        sys.stdout.write(f"{out}\n")
    return 0


def board_url(url: str, board: str) -> str:
    """Return a wall's address with another board."""
    return urlunsplit(urlsplit(url)._replace(path=f"/board/{board}"))


@contextmanager
def _page(width: int, height: int) -> Iterator[Page]:
    """A page of Chromium; needs Playwright (the extra `dev`)."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - of the extra `dev`

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_OPTIONS))
        try:
            yield browser.new_page(viewport={"width": width, "height": height})
        finally:
            browser.close()


def sign_in(page: Page, url: str, name: str, password: str) -> None:
    """Sign in; raises Playwright's time-out when the wall does not let the account in."""
    page.goto(urlunsplit(urlsplit(url)._replace(path="/login", query="")), timeout=_TIMEOUT_MS)
    page.fill("[name=name]", name)
    page.fill("[name=password]", password)
    page.click("button")
    page.wait_for_selector("html[data-shown]", timeout=_TIMEOUT_MS)


def take_pictures(page: Page, pictures: Sequence[tuple[str, Path]]) -> None:
    """Open each address, wait until figures and charts stand, and write the PNG.

    Blocks for some seconds each. Raises Playwright's errors when a page does not come.
    """
    for url, out in pictures:
        out.parent.mkdir(parents=True, exist_ok=True)
        page.goto(url, timeout=_TIMEOUT_MS)
        page.wait_for_selector("html[data-shown]", timeout=_TIMEOUT_MS)
        page.wait_for_function(_DRAWN, timeout=_TIMEOUT_MS)
        page.evaluate("document.fonts.ready")
        shown = page.get_attribute("html", "data-shown")
        page.wait_for_function(
            "shown => document.documentElement.dataset.shown !== shown", arg=shown
        )
        page.screenshot(path=out)


if __name__ == "__main__":
    sys.exit(main())
