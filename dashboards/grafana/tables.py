"""Rows: rankings, tables, lists of dossiers, feeds, timelines."""

from __future__ import annotations

from grafana_foundation_sdk.builders import table
from grafana_foundation_sdk.models import common as shared

from dashboards.grafana.context import Context, grid_position, panel_id
from dashboards.grafana.fields import Property, column_properties, titled
from dashboards.grafana.look import NEUTRAL
from dashboards.grafana.target import ClickHouseTarget, datasource
from dashboards.grafana.texts import GrafanaText
from dashboards.panel import Column, Kind, Panel, Unit


def table_panel(panel: Panel, context: Context) -> table.Panel:
    """Return a table of the titled columns; in a ranking the share is a bar as well."""
    made = (
        table.Panel()
        .id(panel_id(panel.id))
        .title(context.say(panel.title))
        .description(context.say(panel.definition))
        .grid_pos(grid_position(panel.place))
        .datasource(datasource())
        .with_target(ClickHouseTarget(context.statement(panel)))
        .no_value(context.own(GrafanaText.EMPTY))
        .show_header(True)
        .cell_height(shared.TableCellHeight.SM)
    )
    shown = titled(panel.columns)
    link = context.link(panel)
    for column in panel.columns:
        if column.title is None:
            # Hidden, not removed: links take values from it.
            made.override_by_name(column.name, [Property("custom.hidden", True)])
            continue
        properties = column_properties(column, context)
        # An empty cell is no empty table.
        properties.append(Property("noValue", context.own(GrafanaText.NOTHING)))
        if panel.kind is Kind.RANKING and column.unit is Unit.SHARE:
            properties += _bar(column)
        if link is not None and column is shown[0]:
            properties.append(Property("links", [link]))
        made.override_by_name(column.name, properties)
    return made


def _bar(column: Column) -> list[Property]:
    del column
    return [
        Property(
            "custom.cellOptions", {"type": "gauge", "mode": "basic", "valueDisplayMode": "text"}
        ),
        Property("min", 0),
        Property("max", 1),
        Property("color", {"mode": "fixed", "fixedColor": NEUTRAL}),
    ]
