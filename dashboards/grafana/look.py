"""How values look: units, decimals, thresholds, colours, names of codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models import dashboard as model

from dashboards.grafana.texts import GrafanaText
from dashboards.panel import Column, Level, Threshold, Unit

#: Two hues that colour-blind people can tell apart; calm has none. A sign stands beside them.
COLOURS = {Level.CALM: "transparent", Level.NOTICE: "#e69f00", Level.ALARM: "#c4162a"}
NEUTRAL = "#56b4e9"

#: `locale` is the one unit that writes numbers as the reader's browser does (88.646 in Vietnamese).
_UNITS: Mapping[str, str] = {
    Unit.DOSSIERS: "locale",
    Unit.RECORDS: "locale",
    Unit.SHARE: "percentunit",
    "change": "percentunit",
    Unit.POINTS: "locale",
    Unit.SECONDS: "s",
    Unit.INSTANT: "time:HH:mm:ss DD/MM/YYYY",
    Unit.DAY: "time:DD/MM/YYYY",
}
_SUFFIXES = {
    Unit.PER_SECOND: GrafanaText.SUFFIX_PER_SECOND,
    Unit.WORKING_HOURS: GrafanaText.SUFFIX_WORKING_HOURS,
}
_DECIMALS: Mapping[str, int] = {
    Unit.DOSSIERS: 0,
    Unit.RECORDS: 0,
    Unit.SHARE: 2,
    "change": 1,
    Unit.POINTS: 2,
    Unit.PER_SECOND: 1,
    Unit.SECONDS: 1,
    Unit.WORKING_HOURS: 1,
}


def grafana_unit(unit: Unit, language: str) -> str | None:
    """Return Grafana's name of a unit; None where values are written as they are."""
    if unit in _SUFFIXES:
        return f"suffix:{_SUFFIXES[unit].in_language(language)}"
    return _UNITS.get(unit)


def decimals(unit: Unit) -> int | None:
    """Return how many decimals a unit has; None where that makes no sense."""
    return _DECIMALS.get(unit)


def thresholds(
    levels: Iterable[Threshold], calm: str = COLOURS[Level.CALM]
) -> build.ThresholdsConfig:
    """Return Grafana's rising steps of the catalogue's thresholds ("the last that fits wins").

    Args:
        levels: in rising order of attention.
        calm: the colour of what asks for no attention.
    """
    given = tuple(levels)
    colours = {**COLOURS, Level.CALM: calm}
    bounds = sorted({each.at for each in given})
    steps = [model.Threshold(value=None, color=colours[_level(given, None)])]
    steps += [model.Threshold(value=at, color=colours[_level(given, at)]) for at in bounds]
    return build.ThresholdsConfig().mode(model.ThresholdsMode.ABSOLUTE).steps(steps)


def labels(column: Column, language: str) -> list[model.ValueMapping]:
    """Return the names of a column's codes as value mappings."""
    if not column.labels:
        return []
    named = {
        value: model.ValueMappingResult(text=text.en if language == "en" else text.vi, index=number)
        for number, (value, text) in enumerate(column.labels.items())
    }
    return [model.ValueMap(options=named)]


def _level(levels: tuple[Threshold, ...], value: float | None) -> Level:
    # None stands for whatever lies under every bound.
    found = Level.CALM
    for each in levels:
        below = value is None or value < each.at
        if below == each.below:
            found = each.level
    return found
