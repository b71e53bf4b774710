"""Every panel's query at ten million dossiers, idle and while events are being stored."""

from __future__ import annotations

import datetime as dt
import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from benchmarks.child import running
from benchmarks.scale_seed import seed
from dashboards.catalogue.boards import BOARDS
from dashboards.query import load_query
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.prepare import prepare_warehouse
from ioc.wall.period import VIETNAM
from ioc.wall.reporting import Reporting
from ioc.warehouse import connect_reader, connect_writer
from schemas.calendar.local_time import day_end, day_of_date, day_start
from schemas.settings import ClickHouseSettings

DOSSIERS = 10_000_000
RUNS = 100
#: As many as the wall has.
_THREADS = 4
#: A working day late in the three years.
NOW = dt.datetime(2026, 11, 20, 10, 30, tzinfo=VIETNAM)
_SETTLE_SECONDS = 90.0
_SEEDED_IN_EQUAL_PARTS = (
    "dossiers", "dossier_days", "national_days", "dossier_events", "alerts", "alert_cases",
    "alert_times", "alert_states",
)  # fmt: skip
#: What an onlooker chose, by board; the first one is what a board opens with.
CHOICES: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "province": ({}, {"period": "year"}),
    "province-detail": ({}, {"period": "year"}),
    "unit": (
        {},
        {"unit": "25", "period": "year"},
        {"unit": "04795-2025"},
        {"unit": "25", "field": "dat-dai", "channel": 2, "period": "year"},
        {"level": "commune", "channel": 2},
    ),
    "leaders": ({}, {"unit": "04795-2025"}, {"field": "dat-dai"}),
}


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one query, or of a whole board."""

    p50: float
    p95: float
    rows: int = 0


@dataclass
class ScaleRun:
    """Timings by state (`idle`, `writing`) and by what was asked."""

    dossiers: int
    dossier: str
    tables: dict[str, int] = field(default_factory=dict)
    queries: dict[str, dict[str, Timing]] = field(default_factory=dict)
    boards: dict[str, dict[str, Timing]] = field(default_factory=dict)
    writer_behind_seconds: float = 0.0

    def worst(self, state: str) -> float:
        """Return the largest p95 of a panel's query."""
        return max(timing.p95 for timing in self.queries[state].values())

    def as_json(self) -> dict[str, Any]:
        """Return all figures."""
        return {
            "dossiers": self.dossiers,
            "tables": self.tables,
            "worst_ms": {state: self.worst(state) for state in self.queries},
            "province_ms": {state: found["province"].p95 for state, found in self.boards.items()},
            "writer_behind_seconds": self.writer_behind_seconds,
            "queries": {
                state: {name: vars(timing) for name, timing in found.items()}
                for state, found in self.queries.items()
            },
            "boards": {
                state: {name: vars(timing) for name, timing in found.items()}
                for state, found in self.boards.items()
            },
        }


def measure_scale(folder: Path, dossiers: int, say: Callable[[str], None]) -> ScaleRun:
    """Seed an engine of its own in a folder and measure; blocks for many minutes."""
    with EmbeddedClickHouse(folder / "clickhouse") as engine:
        settings = ClickHouseSettings(
            url=engine.url,
            username=engine.username,
            password=SecretStr(engine.password),
            read_username=engine.read_username,
            read_password=SecretStr(engine.read_password),
            timeout_seconds=600.0,
        )
        prepare_warehouse(settings)
        client = connect_writer(settings)
        if not client.command("SELECT count() FROM dossiers"):
            seed(client, settings.database, dossiers, NOW, lambda what: say(f"seeded: {what}"))
        result = ScaleRun(dossiers, dossier=_some_dossier(client))
        settle(client)
        result.tables = dict(
            client.query(
                "SELECT table, toUInt64(sum(rows)) FROM system.parts"
                " WHERE active AND database = currentDatabase() GROUP BY table"
            ).result_rows
        )
        measure(settings, result, "idle")
        with storing(settings, folder) as writer:
            measure(settings, result, "writing")
            writer.check()
            behind = [float(line.split()[1]) for line in writer.output.decode().splitlines()
                      if line.startswith("BEHIND")]  # fmt: skip
            result.writer_behind_seconds = max(behind, default=0.0)
        client.close()
        return result


def _some_dossier(client: Any) -> str:
    """Return a dossier whose audit log was seeded: its timeline is one of the queries."""
    return str(client.command("SELECT max(dossier_id) FROM dossier_events WHERE shard = 0"))


def settle(client: Any) -> None:
    """Bring the seed's parts into the state that years of small inserts leave.

    The seed comes shard by shard. So its parts are of equal size, and the next insert would begin a
    merge of all rows, as a province sees it once in months; and each holds alerts of all three
    years, where a province's parts follow one another in time.
    """
    for table in _SEEDED_IN_EQUAL_PARTS:
        client.command(f"OPTIMIZE TABLE {table} FINAL")
    deadline = time.monotonic() + _SETTLE_SECONDS
    while time.monotonic() < deadline and int(client.command("SELECT count() FROM system.merges")):
        time.sleep(0.5)


@contextmanager
def storing(settings: ClickHouseSettings, folder: Path) -> Iterator[Any]:
    """Have 500 events a second stored; ended on leaving."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("IOC_")},
        "IOC_CLICKHOUSE_URL": settings.url,
        "IOC_CLICKHOUSE_USERNAME": settings.username,
        "IOC_CLICKHOUSE_PASSWORD": settings.password.get_secret_value(),
        "BENCH_NOW": str(int(NOW.timestamp())),
    }
    with running("benchmarks.scale_writer", folder / "writer.log", environment) as child:
        child.wait_ready()
        yield child


def measure(settings: ClickHouseSettings, result: ScaleRun, state: str) -> None:
    """Ask every panel's query `RUNS` times, then each board as a whole, as the wall does."""
    queries = result.queries.setdefault(state, {})
    boards = result.boards.setdefault(state, {})
    asked = _asked(result.dossier)
    clients = [connect_reader(settings) for _ in range(_THREADS)]
    took: dict[str, list[float]] = {title: [] for title in asked}
    rows = {}
    # In turns, as a wall asks: all runs of one in a row would meet the same merge, or none.
    for _ in range(RUNS):
        for title, (name, bound) in asked.items():
            started = time.perf_counter()
            rows[title] = _ask(clients[0], name, bound)
            took[title].append((time.perf_counter() - started) * 1000)
    for title, found in took.items():
        queries[title] = Timing(statistics.median(found), _p95(found), rows[title])
    for board in BOARDS:
        boards[board.id] = _board(clients, sorted(set(board.queries)), _values({}, result.dossier))
    for each in clients:
        each.close()


def _asked(dossier: str) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Return every query of every board with what is bound to it, by its title in the table."""
    asked: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for board in BOARDS:
        for choice in CHOICES.get(board.id, ({},)):
            bound = _values(choice, dossier)
            chosen = " ".join(f"{key}={value}" for key, value in choice.items())
            for name in sorted(set(board.queries)):
                asked[f"{name} {chosen}".strip()] = (name, bound)
    return asked


def _ask(client: Any, name: str, bound: Mapping[str, Any]) -> int:
    query = load_query(name)
    values = {each: bound[each] for each in query.parameters}
    return len(client.query(query.text, parameters=values).result_rows)


def _board(clients: list[Any], names: list[str], bound: Mapping[str, Any]) -> Timing:
    free = list(clients)

    def ask(name: str) -> None:
        mine = free.pop()
        _ask(mine, name, bound)
        free.append(mine)

    took = []
    with ThreadPoolExecutor(len(clients)) as pool:
        for _ in range(RUNS):
            started = time.perf_counter()
            list(pool.map(ask, names))
            took.append((time.perf_counter() - started) * 1000)
    return Timing(statistics.median(took), _p95(took))


def _p95(took: list[float]) -> float:
    return sorted(took)[max(0, round(len(took) * 0.95) - 1)]


def _values(choice: Mapping[str, Any], dossier: str) -> dict[str, Any]:
    reporting, now = Reporting(), int(NOW.timestamp())
    period = choice.get("period", "month")
    first, last = reporting.days(period, NOW.date())
    before = reporting.before(period, first, last)
    midnight = day_start(day_of_date(NOW.date()))
    return {
        "from_day": first, "to_day": last, "before_from_day": before[0],
        "before_to_day": before[1], "from_at": day_start(day_of_date(first)),
        "until_at": day_end(day_of_date(last)), "now": now, "today": NOW.date(),
        "units_on": min(last, NOW.date()),
        "due_soon_until": now + 86_400, "step": "week" if period == "year" else "day",
        "minimum": 30, "rows": 7, "unit": "", "level": "", "field": "", "channel": 0,
        "dossier": dossier, "shift_at": reporting.shift_start(now, midnight),
        "working_now": 1, **{key: value for key, value in choice.items() if key != "period"},
    }  # fmt: skip
