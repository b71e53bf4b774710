"""Stores 500 events a second as they happen: the rows of a worker's groups, and its refresh.

A process of its own (`python -m benchmarks.scale_writer`), configured by IOC_CLICKHOUSE_… and
BENCH_NOW (epoch seconds of the province's moment); says READY with its first group and ends by
SIGTERM. The events are made up; how many rows go to which
table, and how often, is what counts here.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import os
import random
import signal
import sys
import threading
import time
from typing import Any

from ioc.warehouse import connect_writer
from schemas.calendar.local_time import day_of_date
from schemas.events.shard import SHARDS, shard_of
from schemas.reference import ProcedureRegistry, UnitRegistry
from schemas.settings import ClickHouseSettings
from streams.clickhouse.inserting import Inserter
from streams.clickhouse.store import INSERT_SETTINGS
from streams.clickhouse.touched_rows import refresh_touched
from streams.pipeline.day_refresher import REST_IN_PEACE
from streams.pipeline.policy import PipelinePolicy
from streams.pipeline.touched import TouchedRows

EVENTS_PER_SECOND = 500
#: What the province's wall shows first; the rest of the rows follows once a second.
_GROUPS_PER_SECOND = 5
#: As in the real month: 444,701 events of 94,804 dossiers.
_EVENTS_OF_A_DOSSIER = 4.7
_DAY_NAMES = "shard day receiver authority handler field channel version registered received due"
_NATIONAL_NAMES = "shard receiver authority handler received_day late_from version n"


@dataclasses.dataclass(frozen=True, slots=True)
class _Dossier:
    name: str
    unit: str
    field: str
    channel: int
    came: int
    due: int

    @property
    def shard(self) -> int:
        return shard_of(self.name)


class Writer:
    """Makes and stores groups; `refresh` runs in a thread of its own."""

    def __init__(self, settings: ClickHouseSettings, today: int, now: int) -> None:
        self._settings, self._today, self._now = settings, today, now
        self._client: Any = connect_writer(settings)
        self._inserter = Inserter(INSERT_SETTINGS)
        units = UnitRegistry.load(None).at(dt.date(1970, 1, 1) + dt.timedelta(days=today))
        self._units = [unit.code for unit in units]
        self._fields = [field.code for field in ProcedureRegistry.load(None).fields]
        self._rng = random.Random(1)
        self._numbers = itertools.count(1)
        self._open: list[_Dossier] = []
        self._position = 2 << 40
        self._days: list[Any] = []
        self._national: list[Any] = []
        self._touched = TouchedRows()
        self._touching = threading.Lock()

    def store_group(self, events: int) -> None:
        """Store what the province's wall shows of some events, table after table; blocks."""
        rng, today = self._rng, self._today
        stamp = dt.datetime.now(dt.UTC)
        self._position += events
        audit, dossiers, days, live, national = [], [], [], [], []
        for _ in range(events):
            number = next(self._numbers)
            each, is_live = self._next_dossier(number)
            name, unit, field, channel = each.name, each.unit, each.field, each.channel
            shard, came, due = each.shard, each.came, each.due
            audit.append((shard, name, "mot-cua", "1", number, self._position, stamp, 4, stamp,
                          unit, unit, unit, field, channel))  # fmt: skip
            dossiers.append((shard, name, number, self._position, "processing" if is_live else
                             "resolved", 4 if is_live else 9, int(is_live), 1, unit, unit, unit,
                             field, channel, came * 86400, came * 86400, due * 86400,
                             (due + 1) * 86400 if is_live else 0, self._now))  # fmt: skip
            key = (unit, unit, unit, field, channel)
            days.append((shard, today, *key, self._position, 1, 1, 0))
            days.append((shard, due, *key, self._position, 0, 0, 1))
            if not is_live:
                days.append((shard, came, *key, self._position, 1, 1, 0))
            cells = rng.randint(1, 4)
            live.append((shard, unit, self._position, [unit] * cells, [unit] * cells,
                         [field] * cells, [channel] * cells, ["processing"] * cells, [0] * cells,
                         [(due + 1) * 86400] * cells, [1] * cells))  # fmt: skip
            national.append((shard, unit, unit, unit, came, 65_535, self._position, 1))
        self._insert("dossier_events", audit, "shard dossier_id source event_id content_hash"
                     " position log_at status occurred_at receiver authority handler field"
                     " channel")  # fmt: skip
        self._insert("dossiers", dossiers, "shard dossier_id version position phase status live"
                     " received receiver authority handler field channel registered_at"
                     " received_at due_at alarm_at last_event_at")  # fmt: skip
        touched = {(row[0], row[1]) for row in days}
        self._insert("province_days", [(*key, self._position, 1) for key in touched],
                     "shard day version received")  # fmt: skip
        self._insert("open_dossiers", live, "shard authority version receiver handler field"
                     " channel phase apologised alarm_minute n")  # fmt: skip
        self._days += days
        self._national += national

    def _next_dossier(self, number: int) -> tuple[_Dossier, bool]:
        """Return whose event comes next, and whether it is open after it; as many end as begin."""
        rng = self._rng
        if not self._open or rng.random() < 1 / _EVENTS_OF_A_DOSSIER:
            new = _Dossier(
                name=f"000.99.H28-live-{number}",
                unit=rng.choice(self._units),
                field=rng.choice(self._fields),
                channel=rng.choices((1, 2, 3), (11, 88, 1))[0],
                came=self._today - rng.randint(0, 15),
                due=self._today + rng.randint(0, 20),
            )
            self._open.append(new)
            return new, True
        # The last one takes the place of whichever is chosen.
        at = rng.randrange(len(self._open))
        self._open[at], self._open[-1] = self._open[-1], self._open[at]
        if rng.random() < 1 / (_EVENTS_OF_A_DOSSIER - 1):
            return self._open.pop(), False
        return self._open[-1], True

    def store_rest(self) -> None:
        """Store the finer cells of the last second and where it ended; blocks."""
        stamp = dt.datetime.now(dt.UTC)
        days, self._days = self._days, []
        national, self._national = self._national, []
        self._insert("dossier_days", days, _DAY_NAMES)
        self._insert("national_days", national, _NATIONAL_NAMES)
        self._insert("sources", [("mot-cua", 0, stamp, stamp)],
                     "source shard last_log_at last_occurred_at")  # fmt: skip
        self._insert("checkpoints", [(shard, self._position, 2, self._position & 0xFFFFFFFF, stamp)
                                     for shard in range(SHARDS)],
                     "shard position epoch partition_offset log_at")  # fmt: skip
        with self._touching:
            self._touched.takes("dossier_days", _columns(days, _DAY_NAMES))
            self._touched.takes("national_days", _columns(national, _NATIONAL_NAMES))

    def refresh_for_ever(self) -> None:
        """Keep the walls' tables up row by row, at the pace of a worker that is not busy."""
        client, policy = connect_writer(self._settings), PipelinePolicy()
        while True:
            started = time.monotonic()
            with self._touching:
                touched = self._touched.take(started)
            refresh_touched(client, touched)
            took = time.monotonic() - started
            time.sleep(max(policy.refresh_seconds, took * REST_IN_PEACE))

    def _insert(self, table: str, rows: list[Any], names: str) -> None:
        # As a worker does: `Client.insert` asks for the table's columns each time.
        self._inserter.insert(self._client, table, _columns(rows, names))


def _columns(rows: list[Any], names: str) -> dict[str, Any]:
    return dict(zip(names.split(), zip(*rows, strict=True), strict=True))


def main() -> None:
    """Store groups until told to stop."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    now = int(os.environ["BENCH_NOW"])
    today = day_of_date(dt.datetime.fromtimestamp(now, dt.timezone(dt.timedelta(hours=7))).date())
    writer = Writer(ClickHouseSettings(), today, now)
    threading.Thread(target=writer.refresh_for_ever, daemon=True).start()
    due = time.monotonic()
    for number in itertools.count():
        writer.store_group(EVENTS_PER_SECOND // _GROUPS_PER_SECOND)
        if number % _GROUPS_PER_SECOND == 0:
            writer.store_rest()
        if number == 0:
            sys.stdout.write("\nREADY\n")
            sys.stdout.flush()
        due += 1 / _GROUPS_PER_SECOND
        late = time.monotonic() - due
        if late > 0:
            sys.stdout.write(f"BEHIND {late:.2f}\n")
            sys.stdout.flush()
        time.sleep(max(0.0, -late))


if __name__ == "__main__":
    main()
