"""The catalogue agrees with itself: places, texts, columns, parameters."""

from __future__ import annotations

import re
from importlib import resources
from itertools import combinations

import pytest

from dashboards.catalogue.first_page import PANELS
from dashboards.describe import describe_panels
from dashboards.panel import GRID_COLUMNS, GRID_ROWS, Kind, Panel
from dashboards.query import load_query
from dashboards.texts import WallText
from schemas.messages import Message

#: What the wall binds; a new parameter must be bound there and in the Grafana renderer.
PARAMETERS = {
    "from_day", "to_day", "today", "from_at", "until_at", "now", "due_soon_until", "step",
    "minimum", "rows",
}  # fmt: skip
#: Asked for by the wall itself, outside of any panel.
BESIDE_PANELS = {"span", "province"}
PLACEHOLDER = re.compile(r"\{(\w+)\}")
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


def test_panels_fill_the_grid_without_overlapping():
    def cells(panel: Panel) -> set[tuple[int, int]]:
        place = panel.place
        return {
            (column, row)
            for column in range(place.column, place.column + place.width)
            for row in range(place.row, place.row + place.height)
        }

    for one, other in combinations(PANELS, 2):
        assert not cells(one) & cells(other), (one.id, other.id)
    covered = set().union(*(cells(panel) for panel in PANELS))
    assert covered == {(c, r) for c in range(GRID_COLUMNS) for r in range(GRID_ROWS)}


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
        assert query.parameters <= PARAMETERS, name
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
