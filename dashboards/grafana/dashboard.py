"""A board as a Grafana dashboard: JSON that is the same for the same catalogue and options."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.cog import builder as cogbuilder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard as model

from dashboards.board import Board
from dashboards.grafana.charts import bars, series
from dashboards.grafana.context import Context
from dashboards.grafana.figures import balance, facts, figures
from dashboards.grafana.links import board_links, dashboard_uid
from dashboards.grafana.maps import map_panel
from dashboards.grafana.options import RenderOptions
from dashboards.grafana.parameters import panel_parameters
from dashboards.grafana.tables import table_panel
from dashboards.grafana.texts import GrafanaText
from dashboards.grafana.times import default_range, fiscal_year_start_month, time_picker
from dashboards.grafana.variables import variables
from dashboards.grafana.words import said
from dashboards.panel import Kind, Panel

TAG = "ioc"
PanelBuilder = cogbuilder.Builder[model.Panel]

#: Every other kind is rows, and so a table.
_KINDS: Mapping[Kind, Callable[[Panel, Context], PanelBuilder]] = {
    Kind.FACTS: facts,
    Kind.BALANCE: balance,
    Kind.SERIES: series,
    Kind.BARS: bars,
    Kind.MAP: map_panel,
}


def render_board(board: Board, boards: Iterable[Board], options: RenderOptions) -> dict[str, Any]:
    """Return the dashboard of a board as plain data, without id and version.

    Raises:
        ConfigurationError: a query names a parameter without an expression.
    """
    all_boards = tuple(boards)
    context = Context(board, all_boards, options, panel_parameters(board, options))
    made = (
        build.Dashboard(GrafanaText.TITLE.in_language(
            options.language, board=said(board.title, options)
        ))
        .uid(dashboard_uid(board.id, options.language))
        .description(said(board.definition, options))
        .tags([TAG, options.language])
        .timezone("Asia/Ho_Chi_Minh")
        .week_start("monday")
        .fiscal_year_start_month(fiscal_year_start_month(options))
        .time(*default_range(options))
        .timepicker(time_picker(options))
        .refresh(options.refresh)
        .tooltip(model.DashboardCursorSync.CROSSHAIR)
        .readonly()
        .variables(variables(board, options))
        .links(board_links(board, all_boards, options))
    )  # fmt: skip
    for panel in board.panels:
        for each in _panels(panel, context):
            made.with_panel(each)
    data: dict[str, Any] = json.loads(json.dumps(made.build(), cls=JSONEncoder))
    return data


def to_text(data: Mapping[str, Any]) -> str:
    """Return JSON of which a difference is readable: sorted, indented, letters as they are."""
    return json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _panels(panel: Panel, context: Context) -> Iterable[PanelBuilder]:
    if panel.kind is Kind.FIGURES:
        return figures(panel, context)
    return [_KINDS.get(panel.kind, table_panel)(panel, context)]
