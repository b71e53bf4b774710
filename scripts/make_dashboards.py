"""Writes the golden files of the Grafana renderer: python scripts/make_dashboards.py.

Run it after a change of the catalogue, read the difference, commit both together. A statement that
comes from a file of the catalogue is named instead of repeated: tests run it on the real engine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dashboards.board import Board
from dashboards.catalogue.boards import BOARDS
from dashboards.grafana.alerts import AlertLimits, render_rules, rule_parameters
from dashboards.grafana.dashboard import render_board, to_text
from dashboards.grafana.options import RenderOptions
from dashboards.grafana.parameters import panel_parameters
from dashboards.grafana.raw_sql import raw_sql
from dashboards.query import load_query

FOLDER = Path(__file__).parents[1] / "tests" / "golden" / "grafana"


def golden_files() -> dict[str, str]:
    """Return file name to text: one dashboard a board, and the alert rules."""
    options = RenderOptions()
    files = {f"{board.id}.json": to_text(_board(board, options)) for board in BOARDS}
    rules = render_rules(options, AlertLimits(), "IOC")
    for rule in rules:
        model = rule["data"][0]["model"]
        for name in ("units_overdue", "pipeline"):
            statement = rule_parameters(options)[name]
            model["rawSql"] = model["rawSql"].replace(statement, f"<{name}.sql>")
    files["rules.json"] = to_text({"rules": rules})
    return files


def _board(board: Board, options: RenderOptions) -> dict[str, Any]:
    dashboard = render_board(board, BOARDS, options)
    expressions = panel_parameters(board, options)
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            for name in board.queries:
                statement = raw_sql(load_query(name), expressions)
                target["rawSql"] = target["rawSql"].replace(statement, f"<{name}.sql>")
    return dashboard


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    files = golden_files()
    for old in FOLDER.glob("*.json"):
        if old.name not in files:
            old.unlink()
    for name, text in files.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"wrote {name}")
