"""Series over time, and bars."""

from __future__ import annotations

from grafana_foundation_sdk.builders import barchart, common, timeseries
from grafana_foundation_sdk.models import common as shared
from grafana_foundation_sdk.models import dashboard as model

from dashboards.grafana.context import Context, grid_position, panel_id
from dashboards.grafana.fields import Property, column_properties, numbers, titled
from dashboards.grafana.look import thresholds
from dashboards.grafana.parameters import FROM_DAY
from dashboards.grafana.target import ClickHouseTarget, Format, datasource
from dashboards.grafana.texts import GrafanaText
from dashboards.panel import Column, Panel, Unit
from dashboards.query import load_query

_HIDDEN = Property("custom.hideFrom", {"legend": True, "tooltip": True, "viz": True})


def series(panel: Panel, context: Context) -> timeseries.Panel:
    """Return lines over time; the first column is the time axis."""
    axis = panel.columns[0]
    made = (
        timeseries.Panel()
        .id(panel_id(panel.id))
        .title(context.say(panel.title))
        .description(context.say(panel.definition))
        .grid_pos(grid_position(panel.place))
        .datasource(datasource())
        .with_target(ClickHouseTarget(_within_period(panel, context), _format(panel)))
        .no_value(context.own(GrafanaText.EMPTY))
        .thresholds(thresholds(()))
        .line_width(2)
        .fill_opacity(8)
        .show_points(shared.VisibilityMode.AUTO)
        .axis_soft_min(0)
        .legend(_legend())
        .tooltip(
            common.VizTooltipOptions()
            .mode(shared.TooltipDisplayMode.MULTI)
            .sort(shared.SortOrder.NONE)
        )
    )
    if axis.unit is Unit.INSTANT:
        # Milliseconds are a number until Grafana is told otherwise.
        made.with_transformation(
            model.DataTransformerConfig(
                id_val="convertFieldType",
                options={"conversions": [{"targetField": axis.name, "destinationType": "time"}]},
            )
        )
    for column in panel.columns[1:]:
        made.override_by_name(column.name, _shown_or_hidden(column, context))
    return made


def bars(panel: Panel, context: Context) -> barchart.Panel:
    """Return bars of counts (of shares where there are no counts), one group a row."""
    shown = titled(panel.columns)
    axis = next((each for each in shown if each not in numbers(shown)), shown[0])
    counts = [each for each in numbers(shown) if each.unit is not Unit.SHARE]
    drawn = counts or numbers(shown)
    made = (
        barchart.Panel()
        .id(panel_id(panel.id))
        .title(context.say(panel.title))
        .description(context.say(panel.definition))
        .grid_pos(grid_position(panel.place))
        .datasource(datasource())
        .with_target(ClickHouseTarget(context.statement(panel)))
        .no_value(context.own(GrafanaText.EMPTY))
        .thresholds(thresholds(()))
        .x_field(axis.name)
        .orientation(shared.VizOrientation.HORIZONTAL)
        .show_value(shared.VisibilityMode.ALWAYS)
        .legend(_legend())
        .tooltip(
            common.VizTooltipOptions()
            .mode(shared.TooltipDisplayMode.MULTI)
            .sort(shared.SortOrder.NONE)
        )
    )
    link = context.link(panel)
    for column in panel.columns:
        if column is axis:
            made.override_by_name(column.name, column_properties(column, context))
        elif column in drawn:
            properties = column_properties(column, context)
            if link is not None:
                properties.append(Property("links", [link]))
            made.override_by_name(column.name, properties)
        else:
            made.override_by_name(column.name, [_HIDDEN])
    return made


def _format(panel: Panel) -> Format:
    # One row per time and name must become one column per name; the plugin calls an empty answer an
    # error then, so other series stay the tables that they are.
    is_long = any(column.unit is Unit.TEXT for column in panel.columns)
    return Format.TIME_SERIES if is_long else Format.TABLE


def _within_period(panel: Panel, context: Context) -> str:
    statement = context.statement(panel)
    axis = panel.columns[0]
    if axis.unit is not Unit.DAY or "step" not in load_query(panel.sql).parameters:
        return statement
    # A week or month that begins before the period would lie left of the axis, unseen.
    name = f"`{axis.name}`"
    return (
        f"SELECT * REPLACE (greatest({name}, {FROM_DAY}) AS {name})\n"
        f"FROM\n(\n{statement}\n)\nORDER BY {name}"
    )


def _shown_or_hidden(column: Column, context: Context) -> list[Property]:
    return [_HIDDEN] if column.title is None else column_properties(column, context)


def _legend() -> common.VizLegendOptions:
    return (
        common.VizLegendOptions()
        .display_mode(shared.LegendDisplayMode.LIST)
        .placement(shared.LegendPlacement.BOTTOM)
        .show_legend(True)
        .calcs([])
    )
