"""Every panel of every dashboard gives the rows of the built-in wall's bound query."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import wall_seed
from grafana_kit import Look, defaults, period_before, statements
from warehouse_kit import clickhouse_settings

from dashboards.board import Board, Variable
from dashboards.catalogue.boards import BOARDS
from dashboards.grafana.alerts import AlertLimits, render_rules
from dashboards.grafana.context import panel_id
from dashboards.grafana.dashboard import render_board
from dashboards.grafana.options import RenderOptions
from dashboards.panel import Kind, Panel, Unit
from dashboards.query import load_query
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.wall.period import Period
from ioc.warehouse import connect_reader, connect_server, connect_writer
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.tables.migrate import migrate

HANOI = dt.timezone(dt.timedelta(hours=7))
NOW = dt.datetime.fromtimestamp(wall_seed.NOW, HANOI)
CALENDAR = WorkingCalendar(CalendarSettings(_env_file=None))
OPTIONS = {
    language: RenderOptions(language=language, ranking_minimum=3) for language in ("vi", "en")
}
DASHBOARDS = {
    (board.id, language): render_board(board, BOARDS, options)
    for board in BOARDS
    for language, options in OPTIONS.items()
}
#: A source that is heard; the seeds' own one is silent since 2024.
LIVELY, SILENT = "cong-tinh", "mot-cua"
MONTH = (dt.date(2024, 9, 1), dt.date(2024, 9, 30))
PERIODS = {
    "month": MONTH,
    "day": (dt.date(2024, 9, 3), dt.date(2024, 9, 3)),
    "half-year": (dt.date(2024, 5, 1), dt.date(2024, 10, 31)),
    "two-years": (dt.date(2023, 1, 15), dt.date(2024, 10, 15)),
}
CHOICES: tuple[Mapping[str, str], ...] = (
    {},
    {"unit": "148"},
    {
        "unit": "04792",
        "level": "commune",
        "field": "dat-dai",
        "channel": "2",
        "dossier": wall_seed.STORY,
    },
    {"unit": "' OR 1 = 1 --", "dossier": "\\"},
)
#: What is chosen matters only where a board has variables; all periods only where nothing is.
LOOKS = [
    (board, days, chosen)
    for board in BOARDS
    for number, chosen in enumerate(CHOICES)
    for days in PERIODS
    if number == 0 or (days == "month" and len(board.variables) > 1)
]


@dataclass
class Warehouse:
    """One database, asked as the read-only user."""

    client: Any

    def expanded(self, raw_sql: str, look: Look) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        return self._ask(look.expand(raw_sql))

    def bound(self, name: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        query = load_query(name)
        columns, rows = self._ask(query.text, {each: values[each] for each in query.parameters})
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def _ask(self, text: str, values: Any = None) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        answer = self.client.query(text, parameters=values)
        return tuple(answer.column_names), [tuple(row) for row in answer.result_rows]


def _seed_what_reads_the_servers_clock(writer: Any) -> None:
    """Habits of the last days, a source heard just now, and minutes of 2024 that may stay."""
    today = dt.datetime.now(HANOI).date()
    habits = [
        {"day": today - dt.timedelta(days=back), "role": "receiver", "unit": unit, "version": 1,
         "received": 20}
        for back in range(1, 8) for unit in ("04792", "04795")
    ]  # fmt: skip
    wall_seed.insert(writer, "unit_days", habits)
    heard = dt.datetime.now(dt.UTC)
    source = {"source": LIVELY, "shard": 1, "last_log_at": heard, "last_occurred_at": heard}
    wall_seed.insert(writer, "sources", [source])
    writer.command("ALTER TABLE stored_minutes REMOVE TTL")
    writer.command(
        "INSERT INTO stored_minutes SELECT toStartOfMinute(fromUnixTimestamp("
        f"{wall_seed.NOW - 600} + 60 * toInt64(number % 3))) AS minute, count(),"
        " quantilesTDigestState(0.5, 0.99)(toFloat32(number / 10)) FROM numbers(30) GROUP BY minute"
    )


@contextmanager
def _warehouse(engine: EmbeddedClickHouse, *, seeded: bool) -> Iterator[Warehouse]:
    database = f"grafana_{uuid.uuid4().hex}"
    settings = clickhouse_settings(engine, database)
    server = connect_server(settings)
    migrate(server, database)
    writer = connect_writer(settings)
    if seeded:
        wall_seed.seed_reference(writer, database)
        wall_seed.seed_figures(writer)
        wall_seed.seed_lists(writer)
        wall_seed.tell_reconciliation(writer, "mot-cua", wall_seed.NOW, 2)
        wall_seed.tell_epoch(writer)
        wall_seed.tell_status(writer, NOW, lag=12)
        _seed_what_reads_the_servers_clock(writer)
    writer.close()
    reader = connect_reader(settings)
    try:
        yield Warehouse(reader)
    finally:
        reader.close()
        server.command(f"DROP DATABASE {database} SYNC")
        server.close()


@pytest.fixture(scope="module")
def seeded(clickhouse: EmbeddedClickHouse) -> Iterator[Warehouse]:
    with _warehouse(clickhouse, seeded=True) as warehouse:
        yield warehouse


@pytest.fixture(scope="module")
def empty(clickhouse: EmbeddedClickHouse) -> Iterator[Warehouse]:
    with _warehouse(clickhouse, seeded=False) as warehouse:
        yield warehouse


def _look(dashboard: Mapping[str, Any], days: tuple[dt.date, dt.date], **chosen: str) -> Look:
    start = dt.datetime.combine(days[0], dt.time(), HANOI)
    end = dt.datetime.combine(days[1], dt.time(23, 59, 59, 999_000), HANOI)
    at = NOW.strftime("%Y-%m-%dT%H:%M:%S")
    return Look(start, end, defaults(dashboard, at=at, **chosen))


def _bound(
    board: Board, days: tuple[dt.date, dt.date], chosen: Mapping[str, str]
) -> dict[str, Any]:
    """What the wall binds for the same look."""
    first, last = days
    period = Period("range", first, last)
    from_at, until_at = period.seconds
    now, lead = wall_seed.NOW, OPTIONS["vi"].due_soon_working_seconds
    values = {name: chosen.get(name, "") for name in ("unit", "level", "field", "dossier")}
    values = {name: text if name in board.variables else "" for name, text in values.items()}
    with_channel = Variable.CHANNEL in board.variables
    before = period_before(OPTIONS["vi"], first, last)
    return {
        "from_day": first,
        "to_day": last,
        "before_from_day": before[0],
        "before_to_day": before[1],
        "from_at": from_at,
        "until_at": until_at,
        "now": now,
        "today": NOW.date(),
        "units_on": min(last, NOW.date()),
        "due_soon_until": CALENDAR.add_working_seconds(now, lead + 1) - 1,
        "step": period.step,
        "minimum": OPTIONS["vi"].ranking_minimum,
        "rows": OPTIONS["vi"].ranking_rows,
        "shift_at": int(NOW.replace(hour=7, minute=0, second=0).timestamp()),
        "working_now": int(CALENDAR.working_seconds(now, now + 1) > 0),
        "channel": int(chosen.get("channel", "0")) if with_channel else 0,
        **values,
    }


def _catalogue_panels(board: Board) -> dict[int, tuple[Panel, str]]:
    """Grafana's panel id -> the panel that it shows, and the figure if it shows only one."""
    found = {panel_id(panel.id): (panel, "") for panel in board.panels}
    for panel in board.panels:
        for figure in panel.figures:
            found[panel_id(f"{panel.id}/{figure.column}")] = (panel, figure.column)
    return found


def _expected(panel: Panel, figure: str, rows: list[dict[str, Any]], first: dt.date) -> list[Any]:
    if figure:
        return [(row[figure],) for row in rows[:1]]
    axis = panel.columns[0]
    if panel.kind is Kind.SERIES and axis.unit is Unit.DAY and "step" in load_query(
        panel.sql
    ).parameters:  # fmt: skip
        rows = [{**row, axis.name: max(row[axis.name], first)} for row in rows]
    return [tuple(row.values()) for row in rows]


@pytest.mark.parametrize(
    ("board", "period", "chosen"),
    LOOKS,
    ids=[f"{board.id}-{days}-{chosen}" for board, days, chosen in LOOKS],
)
def test_same_rows_as_the_built_in_wall(seeded: Warehouse, board: Board, period: str, chosen):
    days = PERIODS[period]
    dashboard = DASHBOARDS[board.id, "vi"]
    look, values = _look(dashboard, days, **chosen), _bound(board, days, chosen)
    panels = _catalogue_panels(board)
    compared = set()
    for drawn, raw_sql in statements(dashboard):
        panel, figure = panels[drawn["id"]]
        columns, rows = seeded.expanded(raw_sql, look)
        if figure:
            assert columns[0] == figure
            rows = [row[:1] for row in rows]
        elif rows:  # an empty answer comes without its columns
            assert columns == tuple(column.name for column in panel.columns)
        assert rows == _expected(panel, figure, seeded.bound(panel.sql, values), days[0]), panel.id
        compared.add(panel.id)
    assert compared == {panel.id for panel in board.panels}


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.id)
def test_every_panel_is_compared_with_rows(seeded: Warehouse, board: Board):
    """Two empty answers agree as well: for most lists that once was the whole comparison."""
    dashboard, panels = DASHBOARDS[board.id, "vi"], _catalogue_panels(board)
    filled = set()
    for chosen in CHOICES:
        look = _look(dashboard, MONTH, **chosen)
        for drawn, raw_sql in statements(dashboard):
            _, rows = seeded.expanded(raw_sql, look)
            if any(value for row in rows for value in row):
                filled.add(panels[drawn["id"]][0].id)
    assert filled == {panel.id for panel in board.panels}


def test_the_month_has_the_figures_known_by_hand(seeded: Warehouse):
    """Without this, two empty answers would agree as well."""
    dashboard = DASHBOARDS["province", "vi"]
    look = _look(dashboard, MONTH)
    board = next(board for board in BOARDS if board.id == "province")
    panels = _catalogue_panels(board)
    seen = {}
    for drawn, raw_sql in statements(dashboard):
        _, figure = panels[drawn["id"]]
        if figure:
            _, ((number, *_),) = seeded.expanded(raw_sql, look)
            seen[figure] = number
    for name in ("received", "resolved", "open", "overdue", "due_soon", "paused"):
        if name in seen:
            assert seen[name] == wall_seed.EXPECTED[name], name
    assert {"received", "open", "overdue"} <= set(seen)


@pytest.mark.parametrize(
    ("language", "note"),
    [("vi", "88,74\u00a0%"), ("en", "88.74%")],
)  # fmt: skip
def test_a_note_is_written_as_people_write_numbers(seeded: Warehouse, language: str, note: str):
    dashboard = DASHBOARDS["province", language]
    received = [raw_sql for panel, raw_sql in statements(dashboard) if "`received`,\n" in raw_sql]
    answers = [seeded.expanded(raw_sql, _look(dashboard, MONTH)) for raw_sql in received]
    notes = [rows[0][1] for columns, rows in answers if columns == ("received", "note")]
    assert any(note in each for each in notes), notes
    assert not any("{" in each for each in notes)


@pytest.mark.parametrize("key", DASHBOARDS, ids=str)
def test_empty_tables_are_no_error(empty: Warehouse, key):
    dashboard = DASHBOARDS[key]
    for panel, raw_sql in statements(dashboard):
        empty.expanded(raw_sql, _look(dashboard, MONTH))
        assert panel["fieldConfig"]["defaults"]["noValue"] in ("Không có dữ liệu", "No data")


@pytest.mark.parametrize("key", DASHBOARDS, ids=str)
def test_time_series_come_sorted_with_a_time_column_first(seeded: Warehouse, key):
    """The plugin fails on a long time series that does not."""
    dashboard = DASHBOARDS[key]
    for days in (MONTH, PERIODS["half-year"]):
        for panel, raw_sql in statements(dashboard):
            if panel["type"] == "timeseries":
                _, rows = seeded.expanded(raw_sql, _look(dashboard, days))
                times = [row[0] for row in rows]
                assert times == sorted(times), panel["title"]


@pytest.mark.parametrize("key", DASHBOARDS, ids=str)
def test_lists_of_variables_run_and_offer_everything_first(
    seeded: Warehouse, empty: Warehouse, key
):
    dashboard = DASHBOARDS[key]
    for variable in dashboard["templating"]["list"]:
        if variable["type"] != "query":
            continue
        for warehouse in (seeded, empty):
            look = _look(dashboard, MONTH)
            columns, rows = warehouse.expanded(variable["query"]["rawSql"], look)
            assert columns == ("value", "text")
            assert rows[0] == ("all", "All" if key[1] == "en" else "Tất cả")
        assert len(rows) == 1
        values = [row[0] for row in seeded.expanded(variable["query"]["rawSql"], look)[1]]
        assert len(values) == len(set(values)) > 1
        if variable["name"] == "unit":
            assert {"04792", "148", "H28.01"} <= set(values), "a link's target must be offered"


@pytest.mark.parametrize(
    ("at", "days", "offered", "missing"),
    [
        ("2025-06-30T17:00", (dt.date(2025, 6, 1), dt.date(2025, 6, 30)), "148", "04795-2025"),
        ("2025-07-10T17:00", (dt.date(2025, 7, 1), dt.date(2025, 7, 31)), "04795-2025", "148"),
        # A period that runs over the merger, looked at on either side of it.
        ("2025-06-30T17:00", (dt.date(2025, 6, 1), dt.date(2025, 12, 31)), "148", "04795-2025"),
        ("2025-07-10T17:00", (dt.date(2025, 6, 1), dt.date(2025, 12, 31)), "04795-2025", "148"),
    ],
)
def test_the_list_of_units_offers_those_of_the_day(
    seeded: Warehouse, at: str, days: tuple[dt.date, dt.date], offered: str, missing: str
):
    dashboard = DASHBOARDS["unit", "vi"]
    (unit,) = (each for each in dashboard["templating"]["list"] if each["name"] == "unit")
    look = _look(dashboard, days)
    values = {**look.variables, "at": at}
    _, rows = seeded.expanded(unit["query"]["rawSql"], Look(look.start, look.end, values))
    codes = [code for code, _ in rows]
    assert offered in codes
    assert missing not in codes


@pytest.mark.parametrize("rule", render_rules(OPTIONS["vi"], AlertLimits()), ids=lambda r: r["uid"])
def test_a_rules_condition_is_a_table_of_one_number_a_row(
    seeded: Warehouse, empty: Warehouse, rule
):
    """Grafana takes text columns as labels, which must tell the rows apart."""
    raw_sql = rule["data"][0]["model"]["rawSql"]
    never = Look(NOW, NOW)
    for warehouse in (seeded, empty):
        columns, rows = warehouse.expanded(raw_sql, never)
        assert not rows or columns[-1] == "value"
        labels = [row[:-1] for row in rows]
        assert len(labels) == len(set(labels))
        for row in rows:
            assert all(isinstance(label, str) for label in row[:-1])
            assert isinstance(row[-1], int | float)


def _firing(seeded: Warehouse) -> dict[str, dict[tuple[str, ...], float]]:
    """What Grafana would raise: rows beyond the threshold, by the rule's uid and their labels."""
    firing: dict[str, dict[tuple[str, ...], float]] = {}
    for rule in render_rules(OPTIONS["vi"], AlertLimits()):
        asked, threshold = rule["data"]
        assert threshold["refId"] == rule["condition"]
        (condition,) = threshold["model"]["conditions"]
        assert condition["evaluator"]["type"] == "gt"
        (limit,) = condition["evaluator"]["params"]
        _, rows = seeded.expanded(asked["model"]["rawSql"], Look(NOW, NOW))
        firing[rule["uid"]] = {tuple(row[:-1]): row[-1] for row in rows if row[-1] > limit}
    return firing


def test_rules_see_what_they_are_for(seeded: Warehouse):
    firing = _firing(seeded)
    # Against today's clock all that has a due time is overdue, and the ward's successor has it.
    shares = {code: share for (code, _), share in firing["ioc-overdue-share"].items()}
    assert shares["04792-2025"] == pytest.approx(220 / 620)
    assert firing["ioc-worker-gone"][()] > 86_400
    # Working hours of the last sixty days: the source that is heard has none of them.
    assert set(firing["ioc-silent-sources"]) == {(SILENT,)}
    assert firing["ioc-silent-sources"][SILENT,] > 100
    lag, letters = (
        seeded.expanded(rule["data"][0]["model"]["rawSql"], Look(NOW, NOW))[1]
        for uid in ("ioc-lag", "ioc-dead-letters")
        for rule in render_rules(OPTIONS["vi"], AlertLimits())
        if rule["uid"] == uid
    )
    assert (lag, letters) == ([(48,)], [(2,)])
