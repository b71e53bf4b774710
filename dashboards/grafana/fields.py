"""Overrides of single columns: title, unit, decimals, names of codes, links."""

from __future__ import annotations

from collections.abc import Iterable

from grafana_foundation_sdk.models import dashboard as model

from dashboards.grafana.context import Context
from dashboards.grafana.look import decimals, grafana_unit, labels
from dashboards.panel import Column, Unit

Property = model.DynamicConfigValue


def column_properties(column: Column, context: Context) -> list[Property]:
    """Return how a column's values are named and written."""
    found: list[Property] = []
    if column.title is not None:
        found.append(Property("displayName", context.say(column.title)))
    unit = grafana_unit(column.unit, context.options.language)
    if unit is not None:
        found.append(Property("unit", unit))
    places = decimals(column.unit)
    if places is not None:
        found.append(Property("decimals", places))
    mappings = labels(column, context.options.language)
    if column.unit is Unit.INSTANT:
        # Instants are milliseconds; 0 = never.
        never = model.ValueMappingResult(text="–", index=0)
        mappings = [model.ValueMap(options={"0": never}), *mappings]
    if mappings:
        found.append(Property("mappings", mappings))
    return found


def titled(columns: Iterable[Column]) -> list[Column]:
    """Return the columns that are shown by themselves."""
    return [column for column in columns if column.title is not None]


def numbers(columns: Iterable[Column]) -> list[Column]:
    """Return those that hold numbers."""
    kept = {Unit.TEXT, Unit.DAY, Unit.INSTANT, Unit.DEGREES}
    return [column for column in columns if column.unit not in kept]
