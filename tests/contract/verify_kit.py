"""Hand-made audit rows, and what the SQL fold makes of them."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import clickhouse_connect

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.verify.scratch import scratch_database
from ioc.verify.shards import fill_calendar, verify_shards
from schemas.calendar import WorkingCalendar
from schemas.calendar.settings import CalendarSettings
from schemas.events.shard import SHARDS, shard_of
from schemas.tables.migrate import migrate

LOCAL = dt.timezone(dt.timedelta(hours=7))
HOURS, WORKING_DAYS, DAYS, MONTHS = range(4)
PARAMETERS = {"receipt_limit_seconds": 8 * 3600, "same_day_cutoff_seconds": 15 * 3600}

_COLUMNS = [
    *("shard", "dossier_id", "source", "event_id", "content_hash", "position", "log_at", "status"),
    *("occurred_at", "sequence", "receiver", "authority", "handler", "procedure", "field"),
    *("channel", "registered_at", "received_at", "due_at", "limit_unit", "explicit_due_at"),
    *("apology_at", "leg_number", "leg_unit", "leg_started_at", "leg_due_at", "leg_limit_unit"),
    "leg_ended_at",
]
_TIMES = {
    *("registered_at", "received_at", "due_at", "explicit_due_at", "apology_at"),
    *("leg_started_at", "leg_due_at", "leg_ended_at"),
}


def at(text: str) -> int:
    """Epoch seconds of a local time such as "2024-03-04 08:00" (0 for "")."""
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=LOCAL).timestamp()) if text else 0


def event(status: int, when: str, **said: Any) -> dict[str, Any]:
    """One audit row; times in local text, everything not named is not said."""
    return {"status": status, "occurred_at": when, **said}


@dataclass
class AuditLog:
    """Audit rows of many dossiers, with positions in the order of adding."""

    rows: list[list[Any]] = field(default_factory=list)
    newest: dict[int, int] = field(default_factory=dict)
    _positions: Iterator[int] = field(default_factory=lambda: itertools.count((1 << 40) + 1))

    def add(self, dossier_id: str, *events: dict[str, Any]) -> int:
        """Append the events of a dossier; returns its shard."""
        shard = shard_of(dossier_id)
        for number, said in enumerate(events):
            occurred = dt.datetime.fromisoformat(said["occurred_at"]).replace(tzinfo=LOCAL)
            position = next(self._positions)
            row = {
                "source": "desk",
                "event_id": f"e{number}",
                "content_hash": 1,
                "log_at": occurred + dt.timedelta(minutes=1),
                "leg_number": 0,
                **{k: at(v) if k in _TIMES and v is not None else v for k, v in said.items()},
                "shard": shard,
                "dossier_id": dossier_id,
                "position": position,
                "occurred_at": occurred,
            }
            self.rows.append([row.get(column) for column in _COLUMNS])
            self.newest[shard] = position
        return shard

    def store(self, client: Any) -> None:
        """Insert what was added since the last call, and the checkpoints after it."""
        client.insert("dossier_events", self.rows, column_names=_COLUMNS)
        self.rows.clear()
        self.store_checkpoints(client)

    def store_checkpoints(self, client: Any) -> None:
        now = dt.datetime(2024, 3, 1, tzinfo=LOCAL)
        client.insert(
            "checkpoints",
            [[shard, position, 1, position, now] for shard, position in self.newest.items()],
            column_names=["shard", "position", "epoch", "partition_offset", "log_at"],
        )


@contextlib.contextmanager
def warehouse(engine: EmbeddedClickHouse) -> Iterator[Any]:
    """A client of a migrated database with the calendar, some units and some procedures."""
    name = f"test_{uuid.uuid4().hex}"
    account = {
        "host": engine.host,
        "port": engine.port,
        "username": engine.username,
        "password": engine.password,
    }
    with contextlib.closing(clickhouse_connect.get_client(**account)) as first:
        migrate(first, name)
        try:
            with contextlib.closing(
                clickhouse_connect.get_client(**account, database=name)
            ) as client:
                _store_reference(client)
                yield client
        finally:
            first.command(f"DROP DATABASE {name} SYNC")


@dataclass(frozen=True)
class Recomputed:
    """The facts of each dossier and the cells, by column."""

    facts: dict[str, dict[str, Any]]
    cells: dict[tuple[str, str], list[int]]


def recompute(client: Any) -> Recomputed:
    """Run the fold in SQL over the stored audit log and return its intermediate results."""
    with scratch_database(client, client.database, PARAMETERS) as scratch:
        name = scratch._parameters["scratch"]
        fill_calendar(scratch)
        verify_shards(scratch, range(SHARDS))
        facts = list(client.query(f"SELECT * FROM {name}.facts").named_results())
        cells = client.query(
            f"SELECT cells, key, sumForEach(measures) FROM {name}.true_cells GROUP BY ALL"
        )
        return Recomputed(
            {row["dossier_id"]: row for row in facts},
            {(table, key): measures for table, key, measures in cells.result_rows},
        )


def _store_reference(client: Any) -> None:
    calendar = WorkingCalendar(CalendarSettings())
    intervals = [[7, start, end] for start, end in calendar.interval_rows()]
    # An older calendar without any rest must not be used.
    intervals.append([6, 0, at("2030-01-01")])
    client.insert("working_intervals", intervals)
    forever = dt.date(2149, 6, 6)
    merged = dt.date(2025, 7, 1)
    units = [
        ("old", merged, "new"),
        ("older", dt.date(2020, 1, 1), "old"),
        ("closed", merged, ""),  # no longer valid, nobody succeeds it
        ("astray", merged, "unlisted"),
        ("new", forever, ""),
    ]
    client.insert(
        "units",
        [[code, until, successor, 1] for code, until, successor in units],
        column_names=["code", "valid_to", "successor", "version"],
    )
    procedures = [
        ("hours-4", 4, "working_hours"),
        ("hours-0", 0, "working_hours"),
        ("workdays-3", 3, "working_days"),
        ("days-5", 5, "days"),
        ("months-1", 1, "months"),
        ("same-day", 0, "working_days"),
    ]
    client.insert(
        "procedures",
        [[*procedure, 1] for procedure in procedures],
        column_names=["procedure_id", "limit_value", "limit_unit", "version"],
    )
