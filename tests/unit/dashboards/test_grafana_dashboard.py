"""The JSON of the dashboards: stable, complete, and what Grafana expects."""

from __future__ import annotations

import json
import re
import runpy
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.models.dashboard import Dashboard
from grafana_kit import panels_of, statements

from dashboards.board import Board, Variable
from dashboards.catalogue.boards import BOARDS
from dashboards.grafana.alerts import AlertLimits, render_rules
from dashboards.grafana.dashboard import render_board
from dashboards.grafana.look import COLOURS, thresholds
from dashboards.grafana.options import RenderOptions
from dashboards.grafana.raw_sql import raw_sql
from dashboards.grafana.texts import GrafanaText
from dashboards.panel import Column, Figure, Kind, Level, Link, Panel, Place, Threshold, Unit
from dashboards.query import Query
from schemas.messages import Message

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "grafana"
LANGUAGES = ("vi", "en")
RENDERED = {
    (board.id, language): render_board(board, BOARDS, RenderOptions(language=language))
    for board in BOARDS
    for language in LANGUAGES
}
each_dashboard = pytest.mark.parametrize("key", RENDERED, ids="-".join)


def _strings(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [text for value in data.values() for text in _strings(value)]
    if isinstance(data, list):
        return [text for value in data for text in _strings(value)]
    return [data] if isinstance(data, str) else []


MADE = runpy.run_path(str(ROOT / "scripts" / "make_dashboards.py"))["golden_files"]()


@pytest.mark.parametrize("name", MADE)
def test_golden_files(name: str):
    """After a wanted change: python scripts/make_dashboards.py, and read the difference."""
    assert MADE[name] == (GOLDEN / name).read_text(encoding="utf-8")


def test_no_golden_file_is_missing_or_left_over():
    assert {file.name for file in GOLDEN.glob("*.json")} == set(MADE)
    assert {file.removesuffix(".json") for file in MADE} == {b.id for b in BOARDS} | {"rules"}


@each_dashboard
def test_the_sdk_reads_what_it_wrote(key):
    dashboard = {**RENDERED[key], "panels": []}  # it has no reader for the plugin's queries
    read = Dashboard.from_json(json.loads(json.dumps(dashboard)))
    assert read.uid == f"ioc-{key[0]}-{key[1]}"
    assert len(read.uid) <= 40
    assert read.timezone == "Asia/Ho_Chi_Minh"


@each_dashboard
def test_panels_have_ids_of_their_own_and_do_not_overlap(key):
    panels = list(panels_of(RENDERED[key]))
    ids = [panel["id"] for panel in panels]
    assert len(set(ids)) == len(ids)
    assert all(0 < number < 2**31 for number in ids)

    def cells(place: dict[str, int]) -> set[tuple[int, int]]:
        return {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }

    for one, other in combinations(panels, 2):
        assert not cells(one["gridPos"]) & cells(other["gridPos"]), (one["title"], other["title"])
    assert all(place["x"] + place["w"] <= 24 for place in (panel["gridPos"] for panel in panels))


@each_dashboard
def test_every_panel_has_a_title_a_definition_and_the_plugins_query(key):
    for panel in panels_of(RENDERED[key]):
        assert panel["title"].strip()
        assert panel["description"].strip()
        (target,) = panel["targets"]
        assert target["datasource"] == {
            "type": "grafana-clickhouse-datasource",
            "uid": "ioc-clickhouse",
        }
        assert target["queryType"] == target["editorType"] == "sql"
        assert target["format"] in (0, 1)
        assert target["refId"] == "A"


@each_dashboard
def test_no_parameter_and_no_placeholder_is_left(key):
    for _, statement in statements(RENDERED[key]):
        assert not re.search(r"(?<!\$)\{\w+:\w+\}", statement)
        assert "--" not in statement
    for panel in panels_of(RENDERED[key]):
        assert not re.search(r"\{\w+\}", panel["title"] + panel["description"])


@each_dashboard
def test_nothing_is_fetched_from_outside(key):
    for text in _strings(RENDERED[key]):
        assert not re.search(r"https?://", text)


@each_dashboard
def test_links_lead_to_dashboards_that_exist(key):
    uids = {f"ioc-{board.id}-{language}" for board in BOARDS for language in LANGUAGES}
    for text in _strings(RENDERED[key]):
        for uid in re.findall(r"/d/([\w-]+)", text):
            assert uid in uids


@each_dashboard
def test_english_dashboards_speak_english(key):
    if key[1] == "en":
        said = [text for text in _strings(RENDERED[key]) if not text.startswith("Tiếng Việt")]
        for text in said:
            assert not re.search(r"[ăâđêôơưạ-ỹ]", text), text


@each_dashboard
def test_periods_are_whole_and_relative(key):
    picker = RENDERED[key]["timepicker"]["quick_ranges"]
    assert len({each["display"] for each in picker}) == len(picker) >= 6
    assert RENDERED[key]["time"] == {"from": "now/M", "to": "now/M"}
    for each in picker:
        assert each["from"].startswith("now")
        assert re.search(r"/[dwMQy]", each["to"]), "an end in the middle of a day"


def _ranges(options: RenderOptions) -> dict[str, tuple[str, str]]:
    dashboard = render_board(BOARDS[0], BOARDS, options)
    ranges = dashboard["timepicker"]["quick_ranges"]
    return {each["display"]: (each["from"], each["to"]) for each in ranges}


def test_reporting_periods_of_the_settings():
    options = RenderOptions(reporting_day=21, reporting_month=12)
    ranges = _ranges(options)
    assert ranges["Tháng này"] == ("now-20d/M+20d", "now-20d/M+20d")
    assert ranges["Tháng trước"] == ("now-20d-1M/M+20d", "now-20d-1M/M+20d")
    assert ranges["Quý này"] == ("now-20d/fQ+20d", "now-20d/fQ+20d")
    assert ranges["6 tháng cuối năm"] == ("now-20d/fy+6M+20d", "now-20d/fy+20d")
    # The year's first month, December, begins in November.
    assert render_board(BOARDS[0], BOARDS, options)["fiscalYearStartMonth"] == 10


def test_calendar_periods():
    ranges = _ranges(RenderOptions())
    assert ranges["Quý này"] == ("now/Q", "now/Q")
    assert ranges["6 tháng đầu năm"] == ("now/y", "now/y-6M/Q")


T = Message("Tên", "Name")


def _panel(kind: Kind, *columns: Column, link: Link | None = None) -> Panel:
    return Panel("p", T, T, "levels", kind, Place(0, 0, 12, 8), columns, link=link)


def _board(name: str, *panels: Panel, variables: tuple[Variable, ...] = ()) -> Board:
    return Board(name, T, T, panels, variables)


ROWS = (Column("unit", Unit.TEXT), Column("name", Unit.TEXT, T), Column("share", Unit.SHARE, T))


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.FIGURES, Kind.FACTS)])
def test_every_kind_is_drawn(kind: Kind):
    columns = ROWS
    if kind is Kind.MAP:
        columns = (*ROWS, Column("n", title=T), Column("latitude", Unit.DEGREES),
                   Column("longitude", Unit.DEGREES))  # fmt: skip
    if kind is Kind.SERIES:
        columns = (Column("at", Unit.INSTANT), Column("n", title=T))
    board = _board("b", _panel(kind, *columns))
    (panel,) = render_board(board, [board], RenderOptions())["panels"]
    types = {Kind.BALANCE: "stat", Kind.SERIES: "timeseries", Kind.BARS: "barchart",
             Kind.MAP: "geomap"}  # fmt: skip
    assert panel["type"] == types.get(kind, "table")


def test_a_link_keeps_the_time_range_and_the_variables_that_both_boards_know():
    link = Link("target", {"unit": "unit"})
    both = (Variable.PERIOD, Variable.UNIT, Variable.FIELD)
    source = _board(
        "source", _panel(Kind.RANKING, *ROWS, link=link), variables=(*both, Variable.LEVEL)
    )
    target = _board("target", variables=(*both, Variable.CHANNEL))
    (panel,) = render_board(source, [source, target], RenderOptions(language="en"))["panels"]
    properties = {
        override["matcher"]["options"]: {
            each["id"]: each.get("value") for each in override["properties"]
        }
        for override in panel["fieldConfig"]["overrides"]
    }
    (made,) = properties["name"]["links"]
    assert made["url"] == (
        "/d/ioc-target-en?${__url_time_range}&${field:queryparam}&${at:queryparam}"
        "&var-unit=${__data.fields.unit:percentencode}"
    )
    assert properties["unit"] == {"custom.hidden": True}, "hidden, but there for the link"
    assert properties["share"]["custom.cellOptions"]["type"] == "gauge"


def test_a_link_to_a_board_that_is_not_there_is_left_out():
    board = _board("b", _panel(Kind.TABLE, *ROWS, link=Link("nowhere")))
    assert "/d/" not in json.dumps(render_board(board, [board], RenderOptions())["panels"])


def test_a_figure_leads_to_another_board_and_not_to_its_own():
    columns = (Column("n"),)
    for kind in (Kind.FIGURES, Kind.FACTS):
        for here, leads in (("b", False), ("c", True)):
            figure = Figure("n", T, T, note=T, link=Link("b"))
            panel = Panel("p", T, T, "levels", kind, Place(0, 0, 6, 6), columns, (figure,))
            boards = [_board("b", panel), _board("c", panel)]
            shown = next(each for each in boards if each.id == here)
            made = render_board(shown, boards, RenderOptions())["panels"]
            assert ("/d/ioc-b-vi" in json.dumps(made)) == leads, (kind, here)


def _colours(*levels: Threshold) -> list[tuple[float | None, Level]]:
    names = {colour: level for level, colour in COLOURS.items()}
    return [(step.value, names[step.color]) for step in thresholds(levels).build().steps]


def test_thresholds_are_grafanas_rising_steps():
    assert _colours() == [(None, Level.CALM)]
    assert _colours(Threshold(1, Level.ALARM)) == [(None, Level.CALM), (1, Level.ALARM)]
    assert _colours(
        Threshold(0.95, Level.NOTICE, below=True), Threshold(0.9, Level.ALARM, below=True)
    ) == [(None, Level.ALARM), (0.9, Level.NOTICE), (0.95, Level.CALM)]
    assert _colours(Threshold(5, Level.NOTICE), Threshold(9, Level.ALARM)) == [
        (None, Level.CALM), (5, Level.NOTICE), (9, Level.ALARM),
    ]  # fmt: skip


def test_variables_offer_everything_first_and_keep_commas_together():
    board = _board("b", variables=tuple(Variable))
    made = render_board(board, [board], RenderOptions())["templating"]["list"]
    names = [each["name"] for each in made]
    assert names == ["unit", "level", "field", "channel", "dossier", "at"]
    level = made[1]
    # Grafana splits at commas that no backslash precedes.
    parts = [part.replace("\\,", ",") for part in re.findall(r"(?:\\,|[^,])+", level["query"])]
    assert parts[0] == "Tất cả : all"
    assert "Sở, ban, ngành : department" in parts
    assert len(parts) == 5
    assert made[-1]["hide"] == 2


def test_comments_go_and_literals_stay():
    text = "-- the period's end\nSELECT '--', 'it''s', '\\'--' -- it's\n, {now:Int64}\n"
    assert raw_sql(Query("q", text, frozenset()), {"now": "1"}) == (
        "SELECT '--', 'it''s', '\\'--'\n, 1"
    )


def test_rules_hold_no_sign_that_file_provisioning_replaces():
    for language in LANGUAGES:
        rules = render_rules(RenderOptions(language=language), AlertLimits(), "IOC")
        assert "$" not in json.dumps(rules)
        assert len({rule["uid"] for rule in rules}) == len(rules)
        for rule in rules:
            assert rule["folderUID"] == "ioc"
            assert rule["condition"] == "B"
            assert rule["notification_settings"]["receiver"] == "IOC"
    (rule, *_) = render_rules(RenderOptions(), AlertLimits(overdue_share=0.25))
    assert rule["data"][1]["model"]["conditions"][0]["evaluator"]["params"] == [0.25]
    assert "notification_settings" not in rule


def test_own_texts_are_in_both_languages():
    assert len(GrafanaText.__members__) == len(list(GrafanaText))
    for text in GrafanaText:
        assert text.value.vi.strip()
        assert text.value.en.strip()
