"""The line below a figure, written by the server: Grafana has no place for a second text.

A stat panel that shows every row takes the one text column as the name of the one number, so the
statement of a figure gives two columns: its number and its note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from dashboards.grafana.look import decimals
from dashboards.grafana.options import RenderOptions
from dashboards.grafana.parameters import ZONE
from dashboards.grafana.texts import GrafanaText
from dashboards.grafana.words import said
from dashboards.panel import Column, Figure, Level, Threshold, Unit

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_SIGNS = {
    Level.ALARM: GrafanaText.ALARM_SIGN,
    Level.NOTICE: GrafanaText.NOTICE_SIGN,
}
_WHOLE = frozenset({Unit.DOSSIERS, Unit.RECORDS})


def figure_sql(
    statement: str, figure: Figure, answer: Iterable[Column], options: RenderOptions
) -> str:
    """Return a statement of one row with the figure's number and, if it has one, its note."""
    columns = {column.name: column for column in answer}
    chosen = [f"    `{figure.column}`"]
    if figure.note is not None:
        note = _note(said(figure.note, options), columns, options.language)
        sign = _sign(figure, options.language)
        chosen.append(f"    concat({sign}, {note}) AS note")
    selected = ",\n".join(chosen)
    return f"SELECT\n{selected}\nFROM\n(\n{statement}\n)"


def literal(text: str) -> str:
    """Return a string literal of ClickHouse."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _note(text: str, columns: Mapping[str, Column], language: str) -> str:
    parts = []
    for index, part in enumerate(_PLACEHOLDER.split(text)):
        if index % 2:
            parts.append(_written(columns[part], language))
        elif part:
            parts.append(literal(part))
    return ", ".join(parts)


def _written(column: Column, language: str) -> str:
    name = f"`{column.name}`"
    places = decimals(column.unit)
    if column.unit in _WHOLE:
        written = _whole(name, language)
    elif column.unit is Unit.SHARE:
        written = _share(name, language)
    elif column.unit is Unit.CHANGE:
        written = f"concat(if({name} > 0, '+', ''), {_fixed(f'{name} * 100', 1, language)}"
        written += f", {_percent(language)})"
    elif column.unit is Unit.INSTANT:
        moment = f"fromUnixTimestamp64Milli(toInt64({name}), {ZONE})"
        written = f"if({name} = 0, '–', formatDateTime({moment}, '%H:%i:%S %d/%m/%Y'))"
    elif column.unit is Unit.DAY:
        written = f"formatDateTime({name}, '%d/%m/%Y')"
    elif places:
        written = _fixed(name, places, language)
    else:
        written = f"toString({name})"
    return f"ifNull({written}, '–')"


def _fixed(number: str, places: int, language: str) -> str:
    digits = f"toDecimalString({number}, {places})"
    return digits if language == "en" else f"replaceOne({digits}, '.', ',')"


def _percent(language: str) -> str:
    return "'%'" if language == "en" else "'\u00a0%'"


def _whole(name: str, language: str) -> str:
    mark = "," if language == "en" else "."
    digits = f"toString(abs(toInt64(round({name}))))"
    grouped = f"replaceRegexpAll(reverse({digits}), '([0-9]{{3}})', '\\\\1{mark}')"
    return f"concat(if({name} < 0, '-', ''), trim(LEADING '{mark}' FROM reverse({grouped})))"


def _share(name: str, language: str) -> str:
    # "100 %" and "0 %" are said only where they are true, as on the built-in wall.
    rounded = f"round({name} * 100, 2)"
    honest = (
        f"multiIf({name} < 1 AND {rounded} = 100, 99.99, {name} > 0 AND {rounded} = 0, 0.01,"
        f" {rounded})"
    )
    return f"concat({_fixed(honest, 2, language)}, {_percent(language)})"


def _sign(figure: Figure, language: str) -> str:
    cases = [
        f"{_fits(figure.column, each)}, {literal(_sign_text(each.level, language))}"
        for each in reversed(figure.thresholds)  # the last that fits wins
    ]
    return f"multiIf({', '.join(cases)}, '')" if cases else "''"


def _sign_text(level: Level, language: str) -> str:
    return f"{_SIGNS[level].in_language(language)} · " if level in _SIGNS else ""


def _fits(column: str, threshold: Threshold) -> str:
    return f"`{column}` {'<' if threshold.below else '>='} {threshold.at:g}"
