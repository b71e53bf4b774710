"""Takes a picture of a running wall: `python -m ioc.wall.picture --url … --out …`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

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


def main(arguments: list[str] | None = None) -> int:
    """Take the picture that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m ioc.wall.picture", description=__doc__)
    parser.add_argument("--url", required=True, help="of the wall, with period and language")
    parser.add_argument("--out", required=True, type=Path, help="PNG file to write")
    parser.add_argument("--width", type=int, default=1920)
    parser.add_argument("--height", type=int, default=1080)
    asked = parser.parse_args(arguments)
    take_picture(asked.url, asked.out, asked.width, asked.height)
    sys.stdout.write(f"{asked.out}\n")
    return 0


def take_picture(url: str, out: Path, width: int, height: int) -> None:
    """Open the page in Chromium, wait until figures and charts stand, and write the PNG.

    Needs Playwright (the extra `dev`) and Chromium; blocks for some seconds. Raises Playwright's
    errors when the page does not come.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - of the extra `dev`

    out.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_OPTIONS))
        try:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(url, timeout=_TIMEOUT_MS)
            page.wait_for_selector("html[data-shown]", timeout=_TIMEOUT_MS)
            page.wait_for_selector(".chart canvas", timeout=_TIMEOUT_MS)
            page.evaluate("document.fonts.ready")
            shown = page.get_attribute("html", "data-shown")
            page.wait_for_function(
                "shown => document.documentElement.dataset.shown !== shown", arg=shown
            )
            page.screenshot(path=out)
        finally:
            browser.close()


if __name__ == "__main__":
    sys.exit(main())
