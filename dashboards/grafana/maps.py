"""Units as bubbles on their coordinates, without map tiles: nothing is fetched from outside."""

from __future__ import annotations

from grafana_foundation_sdk.builders import common, geomap
from grafana_foundation_sdk.models import common as shared
from grafana_foundation_sdk.models import geomap as maps

from dashboards.grafana.context import Context, grid_position, panel_id
from dashboards.grafana.fields import Property, column_properties, numbers, titled
from dashboards.grafana.look import NEUTRAL, thresholds
from dashboards.grafana.target import ClickHouseTarget, datasource
from dashboards.grafana.texts import GrafanaText
from dashboards.panel import Panel, Unit

#: Grafana has no empty base layer, and one without an address falls back to a public server: a
#: tile layer whose every tile is one transparent pixel of its own.
_NO_TILES = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
_CIRCLE = "img/icons/marker/circle.svg"


def map_panel(panel: Panel, context: Context) -> geomap.Panel:
    """Return markers whose size is the first count and whose colour the column with thresholds."""
    degrees = [column.name for column in panel.columns if column.unit is Unit.DEGREES]
    latitude = next(name for name in degrees if name.startswith("lat"))
    longitude = next(name for name in degrees if name.startswith("lon"))
    counts = [each for each in numbers(panel.columns) if each.unit is not Unit.SHARE]
    size = next(iter(titled(counts)), counts[0])
    coloured = next((column for column in panel.columns if column.thresholds), None)
    location = (
        common.FrameGeometrySource()
        .mode(shared.FrameGeometrySourceMode.COORDS)
        .latitude(latitude)
        .longitude(longitude)
    )
    markers = (
        common.MapLayerOptions()
        .type("markers")
        .name(context.say(panel.title))
        .location(location)
        .tooltip(True)
        .config(
            {
                "showLegend": coloured is not None,
                "style": {
                    "color": {"fixed": NEUTRAL, **({"field": coloured.name} if coloured else {})},
                    "opacity": 0.6,
                    "size": {"field": size.name, "fixed": 5, "min": 4, "max": 28},
                    "symbol": {"fixed": _CIRCLE, "mode": "fixed"},
                },
            }
        )
    )
    empty = common.MapLayerOptions().type("xyz").name("").config({"url": _NO_TILES})
    made = (
        geomap.Panel()
        .id(panel_id(panel.id))
        .title(context.say(panel.title))
        .description(context.say(panel.definition))
        .grid_pos(grid_position(panel.place))
        .datasource(datasource())
        .with_target(ClickHouseTarget(context.statement(panel)))
        .no_value(context.own(GrafanaText.EMPTY))
        .thresholds(thresholds(()))
        .basemap(empty)
        .layers([markers])
        .view(geomap.MapViewConfig().id("fit").all_layers(True).padding(8).lat(0).lon(0).zoom(9))
        .controls(geomap.ControlsOptions().show_zoom(True).mouse_wheel_zoom(False))
        .tooltip(geomap.TooltipOptions().mode(maps.TooltipMode.DETAILS))
    )
    link = context.link(panel)
    for column in panel.columns:
        properties = column_properties(column, context)
        if column.thresholds:
            properties += [
                Property("color", {"mode": "thresholds"}),
                Property("thresholds", thresholds(column.thresholds, calm=NEUTRAL).build()),
            ]
        if link is not None and column in titled(panel.columns):
            properties.append(Property("links", [link]))
        if properties:
            made.override_by_name(column.name, properties)
    return made
