"""Writes the golden files of the Grafana renderer: python scripts/make_dashboards.py.

Run it after a change of the catalogue, read the difference, commit both together.
"""

from __future__ import annotations

from pathlib import Path

from dashboards.catalogue.boards import BOARDS
from dashboards.grafana.alerts import AlertLimits, render_rules
from dashboards.grafana.dashboard import render_board, to_text
from dashboards.grafana.options import RenderOptions

FOLDER = Path(__file__).parents[1] / "tests" / "golden" / "grafana"


def golden_files() -> dict[str, str]:
    """Return file name to text: one dashboard a board, and the alert rules."""
    options = RenderOptions()
    files = {f"{board.id}.json": to_text(render_board(board, BOARDS, options)) for board in BOARDS}
    files["rules.json"] = to_text({"rules": render_rules(options, AlertLimits(), "IOC")})
    return files


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    files = golden_files()
    for old in FOLDER.glob("*.json"):
        if old.name not in files:
            old.unlink()
    for name, text in files.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"wrote {name}")
