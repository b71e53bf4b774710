"""How soon the province wall stands in a browser that has never seen it."""

from __future__ import annotations

import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.wall_place import running_wall
from ioc.wall.picture import CHROMIUM, CHROMIUM_OPTIONS

_DOSSIERS = 100_000
_TIMES = 9
#: Runs in the page: milliseconds from the navigation's begin to figures, and to drawn charts.
_STOPWATCH = """
(() => {
  const marks = window.__marks = {};
  const drawn = (panel) => panel.querySelector('canvas')
    || panel.querySelector('.empty:not([hidden])');
  const look = () => {
    if (!marks.figures && document.documentElement.dataset.shown) marks.figures = performance.now();
    const charts = [...document.querySelectorAll('.panel.series, .panel.map')];
    if (marks.figures && charts.length && charts.every(drawn)) {
      marks.charts = performance.now();
    } else {
      requestAnimationFrame(look);
    }
  };
  requestAnimationFrame(look);
})();
"""


@dataclass(frozen=True)
class PaintRun:
    """Milliseconds from the first request: median and largest of all visits."""

    figures_ms: tuple[float, float]
    charts_ms: tuple[float, float]

    def as_json(self) -> dict[str, Any]:
        """Return all figures."""
        return vars(self)


def measure_paint() -> PaintRun:
    """Visit a wall of its own with an empty cache, some times; blocks for half a minute."""
    figures, charts = [], []
    with (
        tempfile.TemporaryDirectory(prefix="ioc-bench-") as name,
        running_wall(Path(name), _DOSSIERS) as place,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_OPTIONS))
        for _ in range(_TIMES + 1):
            context = browser.new_context(viewport={"width": 1920, "height": 1080})
            page = context.new_page()
            page.add_init_script(_STOPWATCH)
            page.goto(place.url + "/board/province")
            page.wait_for_function("() => window.__marks.charts", timeout=30_000)
            marks = page.evaluate("() => window.__marks")
            figures.append(marks["figures"])
            charts.append(marks["charts"])
            context.close()
        browser.close()
    # The first visit makes the browser and the wall's first frame as well.
    return PaintRun(_told(figures[1:]), _told(charts[1:]))


def _told(values: list[float]) -> tuple[float, float]:
    return statistics.median(values), max(values)
