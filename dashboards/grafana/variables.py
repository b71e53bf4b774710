"""The catalogue's variables as Grafana's; the period is Grafana's own time picker."""

from __future__ import annotations

from collections.abc import Mapping

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.cog import builder as cogbuilder
from grafana_foundation_sdk.models import dashboard as model

from dashboards.board import Board, Variable
from dashboards.grafana.notes import literal
from dashboards.grafana.options import RenderOptions
from dashboards.grafana.own_query import own_query
from dashboards.grafana.parameters import ALL, AT, panel_parameters
from dashboards.grafana.raw_sql import raw_sql
from dashboards.grafana.target import datasource
from dashboards.grafana.texts import GrafanaText

VariableBuilder = cogbuilder.Builder[model.VariableModel]

_QUERIES = {
    Variable.UNIT: ("variable_units", GrafanaText.UNIT),
    Variable.FIELD: ("variable_fields", GrafanaText.FIELD),
}
_CHOICES: Mapping[Variable, tuple[GrafanaText, Mapping[str, GrafanaText]]] = {
    Variable.LEVEL: (
        GrafanaText.LEVEL,
        {
            "province": GrafanaText.LEVEL_PROVINCE,
            "department": GrafanaText.LEVEL_DEPARTMENT,
            "district": GrafanaText.LEVEL_DISTRICT,
            "commune": GrafanaText.LEVEL_COMMUNE,
        },
    ),
    Variable.CHANNEL: (
        GrafanaText.CHANNEL,
        {
            "1": GrafanaText.CHANNEL_COUNTER,
            "2": GrafanaText.CHANNEL_ONLINE,
            "3": GrafanaText.CHANNEL_POSTAL,
        },
    ),
}


def variables(board: Board, options: RenderOptions) -> list[VariableBuilder]:
    """Return the variables of a board in its order, and the hidden moment of a past view."""
    found: list[VariableBuilder] = []
    for name in board.variables:
        if name in _QUERIES:
            found.append(_from_query(name, board, options))
        elif name in _CHOICES:
            found.append(_from_list(name, options))
        elif name is not Variable.PERIOD:
            text = GrafanaText[name.name] if name.name in GrafanaText.__members__ else None
            label = text.in_language(options.language) if text else str(name)
            found.append(_text_box(str(name), label))
    moment = _text_box(AT, GrafanaText.AT.in_language(options.language))
    return [*found, moment.hide(model.VariableHide.HIDE_VARIABLE)]


def _from_query(name: Variable, board: Board, options: RenderOptions) -> VariableBuilder:
    file, text = _QUERIES[name]
    everything = GrafanaText.ALL.in_language(options.language)
    expressions = {
        **panel_parameters(board, options),
        "all": literal(ALL),
        "all_text": literal(everything),
        "english": str(int(options.language == "en")),
    }
    return (
        build.QueryVariable(str(name))
        .label(text.in_language(options.language))
        .datasource(datasource())
        # The plugin takes the first column as the value and the second as its text.
        .query(
            {
                "editorType": "sql",
                "queryType": "sql",
                "format": 1,
                "rawSql": raw_sql(own_query(file), expressions),
                "refId": f"variable-{name}",
            }
        )
        .refresh(model.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(model.VariableSort.DISABLED)
        .multi(False)
        .include_all(False)
        .current(model.VariableOption(selected=True, text=everything, value=ALL))
    )


def _from_list(name: Variable, options: RenderOptions) -> VariableBuilder:
    label, named = _CHOICES[name]
    texts = {ALL: GrafanaText.ALL, **named}
    choices = [
        model.VariableOption(
            selected=value == ALL, text=text.in_language(options.language), value=value
        )
        for value, text in texts.items()
    ]
    # A comma within a text must not end it.
    listed = ",".join(f"{choice.text} : {choice.value}".replace(",", "\\,") for choice in choices)
    return (
        build.CustomVariable(str(name))
        .label(label.in_language(options.language))
        .values(listed)
        .options(choices)
        .multi(False)
        .include_all(False)
        .current(choices[0])
    )


def _text_box(name: str, label: str) -> build.TextBoxVariable:
    return (
        build.TextBoxVariable(name)
        .label(label)
        .default_value("")
        .current(model.VariableOption(selected=True, text="", value=""))
    )
