"""Large numbers: one stat panel a figure, or one panel for figures that stand close together."""

from __future__ import annotations

from collections.abc import Iterator

from grafana_foundation_sdk.builders import common, stat
from grafana_foundation_sdk.models import common as shared
from grafana_foundation_sdk.models import dashboard as model

from dashboards.grafana.context import Context, grid_position, panel_id
from dashboards.grafana.fields import Property, column_properties, titled
from dashboards.grafana.look import COLOURS, decimals, grafana_unit, thresholds
from dashboards.grafana.notes import figure_sql
from dashboards.grafana.target import ClickHouseTarget, datasource
from dashboards.grafana.texts import GrafanaText
from dashboards.panel import Column, Figure, Level, Panel, Place, Threshold

#: A stat panel that is narrower shows nothing but dots.
_NARROWEST = 3
_UNBALANCED = (Threshold(0, Level.ALARM, below=True), Threshold(1, Level.ALARM))


def figures(panel: Panel, context: Context) -> Iterator[stat.Panel]:
    """Yield the panels of kind `figures`, side by side on the panel's place."""
    count = len(panel.figures)
    if panel.place.width < count * _NARROWEST:
        yield facts(panel, context)
        return
    for number, figure in enumerate(panel.figures):
        left = panel.place.width * number // count
        right = panel.place.width * (number + 1) // count
        place = Place(panel.place.column + left, panel.place.row, right - left, panel.place.height)
        yield _one(panel, figure, place, context)


def facts(panel: Panel, context: Context) -> stat.Panel:
    """Return one panel with all figures, one below the other."""
    columns = {column.name: column for column in panel.columns}
    made = _many(panel, context, [columns[figure.column] for figure in panel.figures])
    for figure in panel.figures:
        properties = [
            *column_properties(columns[figure.column], context),
            Property("displayName", context.say(figure.title)),
            Property("thresholds", thresholds(figure.thresholds).build()),
            *_links(figure, context),
        ]
        made.override_by_name(figure.column, properties)
    told = [f"{context.say(each.title)}: {context.say(each.definition)}" for each in panel.figures]
    return made.description("\n\n".join(told))


def balance(panel: Panel, context: Context) -> stat.Panel:
    """Return the terms of a report and, last, by how much it does not balance."""
    difference = panel.columns[-1]
    shown = [column for column in titled(panel.columns) if column is not difference]
    made = _many(panel, context, [*shown, difference])
    for column in shown:
        made.override_by_name(column.name, column_properties(column, context))
    title = context.own(GrafanaText.DIFFERENCE)
    return made.override_by_name(
        difference.name,
        [
            Property("displayName", title),
            *column_properties(difference, context),
            Property("thresholds", thresholds(_UNBALANCED).build()),
        ],
    )


def _one(panel: Panel, figure: Figure, place: Place, context: Context) -> stat.Panel:
    (column,) = [each for each in panel.columns if each.name == figure.column]
    statement = figure_sql(context.statement(panel), figure, panel.columns, context.options)
    mode = shared.BigValueTextMode
    made = (
        _stat(context)
        .id(panel_id(f"{panel.id}/{figure.column}"))
        .title(context.say(figure.title))
        .description(context.say(figure.definition))
        .grid_pos(grid_position(place))
        .with_target(ClickHouseTarget(statement))
        .text_mode(mode.VALUE_AND_NAME if figure.note is not None else mode.VALUE)
        .thresholds(thresholds(figure.thresholds))
        # Every row: only then the note becomes the name.
        .reduce_options(common.ReduceDataOptions().values(True).limit(1).fields(""))
    )
    unit = grafana_unit(column.unit, context.options.language)
    places = decimals(column.unit)
    if unit is not None:
        made.unit(unit)
    if places is not None:
        made.decimals(places)
    if links := _links(figure, context):
        made.override_by_name(column.name, links)
    return made


def _links(figure: Figure, context: Context) -> list[Property]:
    link = context.figure_link(figure)
    return [] if link is None else [Property("links", [link])]


def _many(panel: Panel, context: Context, columns: list[Column]) -> stat.Panel:
    names = [column.name for column in columns]
    return (
        _stat(context)
        .id(panel_id(panel.id))
        .title(context.say(panel.title))
        .description(context.say(panel.definition))
        .grid_pos(grid_position(panel.place))
        .with_target(ClickHouseTarget(context.statement(panel)))
        .with_transformation(
            model.DataTransformerConfig(
                id_val="filterFieldsByName", options={"include": {"names": names}}
            )
        )
        .text_mode(shared.BigValueTextMode.VALUE_AND_NAME)
        .thresholds(thresholds(()))
        .reduce_options(
            common.ReduceDataOptions().values(False).calcs(["lastNotNull"]).fields("/.*/")
        )
    )


def _stat(context: Context) -> stat.Panel:
    calm = COLOURS[Level.CALM]
    assert calm == "transparent"  # noqa: S101 - a colour would fill the whole panel
    return (
        stat.Panel()
        .datasource(datasource())
        .no_value(context.own(GrafanaText.EMPTY))
        .graph_mode(shared.BigValueGraphMode.NONE)
        .color_mode(shared.BigValueColorMode.BACKGROUND_SOLID)
        .justify_mode(shared.BigValueJustifyMode.AUTO)
        .orientation(shared.VizOrientation.AUTO)
    )
