"""The catalogue agrees with itself: places, texts, columns, parameters."""

from __future__ import annotations

import inspect
import re
from importlib import resources
from itertools import combinations

import pytest

import schemas.events.decode
import streams.pipeline.intake
import streams.pipeline.letters
from dashboards.board import Board, Variable
from dashboards.catalogue.boards import BOARDS, board
from dashboards.describe import describe_panels
from dashboards.panel import GRID_COLUMNS, GRID_ROWS, Kind, Panel
from dashboards.query import load_query
from dashboards.texts import WallText
from schemas.messages import Message

#: What the wall binds; a new parameter must be bound there and in the Grafana renderer.
PARAMETERS = {
    "from_day": "Date", "to_day": "Date", "before_from_day": "Date", "before_to_day": "Date",
    "from_at": "Int64", "until_at": "Int64", "now": "Int64", "today": "Date",
    "units_on": "Date",
    "due_soon_until": "Int64", "step": "String", "minimum": "UInt32", "rows": "UInt16",
    "unit": "String", "level": "String", "field": "String", "channel": "UInt8",
    "dossier": "String", "shift_at": "Int64", "working_now": "UInt8",
}  # fmt: skip
#: Asked for by the wall itself, outside of any panel.
BESIDE_PANELS = {"span", "province"}
PLACEHOLDER = re.compile(r"\{(\w+)\}")
PANELS = tuple(panel for each in BOARDS for panel in each.panels)
each_board = pytest.mark.parametrize("each", BOARDS, ids=lambda each: each.id)
each_panel = pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.id)


def _texts(panel: Panel) -> list[Message]:
    texts = [panel.title, panel.definition]
    for column in panel.columns:
        texts += [*column.labels.values(), *([column.title] if column.title else [])]
    for figure in panel.figures:
        texts += [figure.title, figure.definition, *([figure.note] if figure.note else [])]
    return texts


def test_ids_are_unique():
    assert len({panel.id for panel in PANELS}) == len(PANELS)


@each_board
def test_panels_fill_the_grid_without_overlapping(each: Board):
    def cells(panel: Panel) -> set[tuple[int, int]]:
        place = panel.place
        return {
            (column, row)
            for column in range(place.column, place.column + place.width)
            for row in range(place.row, place.row + place.height)
        }

    for one, other in combinations(each.panels, 2):
        assert not cells(one) & cells(other), (one.id, other.id)
    covered = set().union(*(cells(panel) for panel in each.panels))
    assert covered == {(c, r) for c in range(GRID_COLUMNS) for r in range(GRID_ROWS)}


def test_boards_have_ids_of_their_own_and_are_found_by_them():
    assert len({each.id for each in BOARDS}) == len(BOARDS)
    assert {"province", "unit", "leaders", "pipeline"} <= {each.id for each in BOARDS}
    for each in BOARDS:
        assert board(each.id) is each
        for words in (*each.title, *each.definition):
            assert words.strip()
    with pytest.raises(KeyError):
        board("nothing")


@each_panel
def test_links_lead_to_boards_and_set_variables_that_they_know(panel: Panel):
    if panel.link is None:
        return
    target = board(panel.link.board)
    names = {column.name for column in panel.columns}
    for variable, column in panel.link.sets.items():
        assert Variable(variable) in target.variables
        assert column in names


def test_figures_lead_to_boards_that_exist():
    links = [figure.link for panel in PANELS for figure in panel.figures if figure.link]
    assert {link.board for link in links} == {"unit", "leaders", "pipeline", "province-detail"}
    for link in links:
        assert board(link.board)
        assert not link.sets, "one row of sums has nothing to hand on"


def test_what_is_read_first_leads_to_what_is_behind_it():
    """The main wall's figures and lists: nobody may have to look for the file behind a number."""
    for panel in board("province").panels:
        for figure in panel.figures:
            if panel.kind is Kind.FIGURES:
                assert figure.link, (panel.id, figure.column)
        if panel.kind in (Kind.RANKING, Kind.FEED):
            assert panel.link, panel.id


def test_unreadable_records_are_told_in_words():
    """Every code that a worker files a letter under has a name."""
    (column,) = [each for each in board("pipeline").panels if each.id == "rejects"]
    labels = next(each.labels for each in column.columns if each.name == "code")
    sources = [schemas.events.decode, streams.pipeline.intake, streams.pipeline.letters]
    raised = set()
    for module in sources:
        text = inspect.getsource(module)
        raised |= set(re.findall(r'RejectError\(\s*"(\w+)"', text))
        raised |= set(re.findall(r'\bcode\b[^=\n]*= .*?"(\w+)"', text))
        raised |= set(re.findall(r'"((?:bad|missing)_\w+)"', text))
    assert {"not_json", "bad_time", "bad_status", "unknown_unit", "unexpected"} <= raised
    assert raised - {"missing"} == set(labels)


@each_board
def test_a_board_knows_every_variable_that_its_queries_depend_on_or_leaves_it_open(each: Board):
    """A panel may ask for a variable that its board leaves at "all", but a dossier is chosen."""
    for panel in each.panels:
        if "dossier" in load_query(panel.sql).parameters:
            assert Variable.DOSSIER in each.variables
    for panel in each.panels:
        if panel.link is not None and panel.link.board == each.id:
            assert set(panel.link.sets) <= set(each.variables)


@each_panel
def test_only_people_who_signed_in_see_single_dossiers(panel: Panel):
    text = load_query(panel.sql).text
    names_dossiers = any(column.name == "dossier" for column in panel.columns)
    assert panel.signed_in == (names_dossiers or panel.kind is Kind.TIMELINE)
    assert (panel.kind in (Kind.DOSSIERS, Kind.TIMELINE)) == panel.signed_in
    if not panel.signed_in:
        assert "dossier_id" not in re.sub(r"--[^\n]*", "", text)


def test_only_the_single_dossier_reads_the_audit_log_and_reads_it_by_key():
    for name in {panel.sql for panel in PANELS}:
        text = re.sub(r"--[^\n]*", "", load_query(name).text)
        tables = set(re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", text))
        if name != "dossier_timeline":
            assert not tables & {"dossier_events", "dossiers", "dossier_days"}
        # An older row of the same cells must not count.
        assert text.count("open_dossiers") == len(
            re.findall(r"open_dossiers FINAL\s+ARRAY JOIN .*\bn\n", text)
        )
    text = load_query("dossier_timeline").text
    assert text.count("WHERE shard = home AND dossier_id = {dossier:String}") == 2


@each_panel
def test_texts_exist_in_both_languages_with_the_same_placeholders(panel: Panel):
    for text in _texts(panel):
        assert text.vi.strip()
        assert text.en.strip()
        assert set(PLACEHOLDER.findall(text.vi)) == set(PLACEHOLDER.findall(text.en)), text


@each_panel
def test_figures_and_their_notes_name_columns_of_the_query(panel: Panel):
    columns = {column.name for column in panel.columns}
    assert bool(panel.figures) == (panel.kind in (Kind.FIGURES, Kind.FACTS))
    for figure in panel.figures:
        assert figure.column in columns
        if figure.note:
            assert set(PLACEHOLDER.findall(figure.note.vi)) <= columns


@each_panel
def test_definitions_are_one_sentence(panel: Panel):
    for text in (panel.definition, *(figure.definition for figure in panel.figures)):
        for words in text:
            assert words.endswith(".")
            assert ". " not in words


def test_panels_that_share_a_query_declare_the_same_columns():
    for one, other in combinations(PANELS, 2):
        if one.sql == other.sql:
            assert one.columns == other.columns


def test_every_file_is_used_and_binds_only_what_is_bound():
    folder = resources.files("dashboards").joinpath("sql")
    names = {file.name.removesuffix(".sql") for file in folder.iterdir()}
    assert names == {panel.sql for panel in PANELS} | BESIDE_PANELS
    for name in names:
        query = load_query(name)
        typed = dict(re.findall(r"\{(\w+):(\w+)\}", query.text))
        assert typed.items() <= PARAMETERS.items(), name
        assert query.text.startswith("-- ")
        assert max(map(len, query.text.splitlines())) <= 100, name
        # One statement; no value but by a typed parameter.
        assert ";" not in query.text
        assert set(re.findall(r"\{(\w+)", query.text)) == query.parameters


@pytest.mark.parametrize("text", WallText, ids=lambda text: text.name)
def test_the_walls_own_texts(text: WallText):
    vi, en = text.value
    # A month is written by number in one language and by name in the other.
    ignored = {"month", "monthName"}
    assert set(PLACEHOLDER.findall(vi)) - ignored == set(PLACEHOLDER.findall(en)) - ignored


def test_described_panels_are_in_one_language():
    (vi, *_), (en, *_) = describe_panels(PANELS, "vi"), describe_panels(PANELS, "en")
    assert vi["figures"][0]["title"] == "Tiếp nhận"
    assert en["figures"][0]["title"] == "Received"
    assert vi["place"] == en["place"] == {"column": 0, "row": 0, "width": 15, "height": 6}
