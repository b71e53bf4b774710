"""What the whole-pipeline tests share: checks of what is stored, and runs beside each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from rig import Rig, eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.verify import verify
from streams.clickhouse.unit_days import stale_days

#: For replays at full speed beside other tests: a worker must not take a busy machine for sleep.
BUSY = {"IOC_WORKER_SESSION_TIMEOUT_SECONDS": "10"}
Result = TypeVar("Result")
State = Mapping[str, list[tuple[Any, ...]]]

_CELLS = {
    "dossier_days": "day, receiver, authority, handler, field, channel",
    "province_days": "day",
    "open_dossiers": (
        "authority, receiver, handler, field, channel, phase, apologised, alarm_minute"
    ),
    "national_days": "receiver, authority, handler, received_day, late_from",
    "leg_days": "day, unit, field",
    "open_legs": "unit, field, alarm_minute",
    "unit_days": "day, role, unit",
}
#: What shows a table's cells one by one, where its rows gather many.
_VIEWS = {"open_dossiers": "open_cells"}


@contextmanager
def own_rig(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, folder: Path, **options: Any
) -> Iterator[Rig]:
    """Give a rig; its workers are gone afterwards, whatever happened."""
    rig = Rig(kafka, clickhouse, folder, **options)
    try:
        yield rig
    finally:
        rig.close()


def wait_walls(rig: Rig) -> None:
    """Wait until the walls' table shows what the cells show; after a crash that needs a worker."""
    eventually(lambda: not stale_days(rig.client), "the walls' tables follow the cells", 400, 0.5)


def check_verified(rig: Rig) -> None:
    """Assert that every stored figure follows from the audit log."""
    wait_walls(rig)
    report = verify(rig.client, database=rig.database)
    assert report.difference_count == 0, "\n".join(map(str, report.differences[:20]))
    assert not report.notes, report.notes
    for table in ("dossiers", *_CELLS):
        assert report.checked[table] > 0, f"nothing was verified in {table}"


def state_of(rig: Rig) -> State:
    """Return what the pipeline concluded, without how it came to it.

    A named projection: versions, positions and histories differ between two runs of the same
    events in another order; cells that are empty may be there as zeros or not at all.
    """
    state = {
        "dossiers": rig.rows(
            "SELECT * EXCEPT (version, position, history) FROM dossiers FINAL"
            " ORDER BY shard, dossier_id"
        )
    }
    for table, keys in _CELLS.items():
        shard = "" if table == "unit_days" else "shard, "
        rows = rig.rows(
            f"SELECT {shard}{keys}, * EXCEPT ({'' if not shard else 'shard, '}{keys}, version)"
            f" FROM {_VIEWS.get(table, f'{table} FINAL')} ORDER BY {shard}{keys}"
        )
        width = len((shard + keys).split(","))
        state[table] = [row for row in rows if any(row[width:])]
    return state


def check_same(state: State, expected: State) -> None:
    """Assert that two runs concluded the same; says the first rows that differ."""
    assert state.keys() == expected.keys()
    for table, rows in expected.items():
        found = state[table]
        if found != rows:
            more, less = set(map(repr, found)), set(map(repr, rows))
            raise AssertionError(
                f"{table}: {len(more - less)} rows differ:\n"
                + "\n".join([*sorted(more - less)[:3], "instead of", *sorted(less - more)[:3]])
            )


class Beside:
    """Runs that mostly wait (for sessions to end, for processes to start), some at a time.

    Each has topics and a database of its own. A test takes the result of its run, or its error.
    """

    def __init__(self, runs: Iterable[tuple[str, Callable[[], Result]]], at_once: int) -> None:
        self._threads = ThreadPoolExecutor(at_once)
        self._futures: dict[str, Future[Any]] = {
            name: self._threads.submit(run) for name, run in runs
        }

    def result(self, name: str, timeout_seconds: float = 240) -> Any:
        return self._futures[name].result(timeout_seconds)

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
