"""`verify`: recompute every figure from the audit log, calendar and units, and compare."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ioc.verify.derived import DERIVED_TABLES, verify_derived
from ioc.verify.result import Findings, VerifyReport
from ioc.verify.scratch import Scratch, scratch_database
from ioc.verify.shards import fill_calendar, verify_shards
from schemas.calendar.settings import CalendarSettings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

#: Audit rows of one batch; bounds the memory of the server (about 1 GB).
BATCH_EVENTS = 500_000

OnProgress = Callable[[int, int], None]


def verify(
    client: Client,
    *,
    database: str,
    shards: Iterable[int] | None = None,
    on_progress: OnProgress | None = None,
    calendar: CalendarSettings | None = None,
    looks: int = 3,
    settle_seconds: float = 1.0,
    derived_looks: int = 20,
) -> VerifyReport:
    """Check every derived table against the audit log, by SQL that shares nothing with the worker.

    May run while events flow. A difference in a shard whose checkpoint covers all its rows is
    final; a shard with newer rows (inserts under way, or a repair after a crash) is looked at
    again before its differences count.

    Blocks for some seconds for each million audit rows, and `settle_seconds` between looks.

    Args:
        client: of an account that may read the database and create and drop another one, the
            scratch database; connected to one server, not to a load balancer.
        database: name of the database to verify.
        shards: only these; then the derived tables, which belong to no shard, are left out.
        on_progress: called with (shards done, shards in all) after each batch.
        calendar: for the two limits that are no rows: the receipt limit and the same-day cut-off.
        looks: how often a shard is looked at while inserts are under way.
        settle_seconds: pause between two looks.
        derived_looks: looks in a row at which no derived row moves until an old one is wrong.

    Raises:
        clickhouse_connect.driver.exceptions.Error: the server refused a statement or went away.
    """
    rules = calendar or CalendarSettings()
    cutoff = rules.same_day_cutoff
    parameters = {
        "receipt_limit_seconds": rules.receipt_limit_working_seconds,
        "same_day_cutoff_seconds": cutoff.hour * 3600 + cutoff.minute * 60 + cutoff.second,
    }

    def wait() -> None:
        time.sleep(settle_seconds)

    with scratch_database(client, database, parameters) as scratch:
        fill_calendar(scratch)
        sizes: dict[int, int] = {shard: rows for shard, rows in scratch.read("shard_sizes")}  # noqa: C416
        if shards is not None:
            sizes = {shard: sizes.get(shard, 0) for shard in sorted(set(shards))}
        collected = _Collected()
        _verify_all(scratch, sizes, collected, looks, wait, on_progress)
        if shards is None:
            for table in DERIVED_TABLES:
                derived = verify_derived(scratch, table, looks=derived_looks, wait=wait)
                collected.checked[table] = derived.checked
                collected.derived.add(derived.findings.differences, derived.findings.count)
                if derived.changing:
                    collected.notes.append(
                        f"{table}: {derived.changing} values kept changing and were not compared"
                    )
    return collected.report()


class _Collected:
    """Results of the batches, the last look at each shard counting."""

    def __init__(self) -> None:
        self.findings: dict[int, Findings] = {}
        self.derived = Findings()
        self.checked: Counter[str] = Counter()
        self.positions: dict[int, int] = {}
        self.notes: list[str] = []
        self.looks = 1

    def report(self) -> VerifyReport:
        everything = Findings()
        for found in (*(self.findings[shard] for shard in sorted(self.findings)), self.derived):
            everything.add(found.differences, found.count)
        return VerifyReport(
            differences=tuple(everything.differences),
            difference_count=everything.count,
            checked=dict(self.checked),
            positions=self.positions,
            notes=tuple(self.notes),
            looks=self.looks,
        )


def _verify_all(
    scratch: Scratch,
    sizes: Mapping[int, int],
    collected: _Collected,
    looks: int,
    wait: Callable[[], None],
    on_progress: OnProgress | None,
) -> None:
    pending = list(sizes)
    moving: set[int] = set()
    unmarked: set[int] = set()
    for look in range(1, looks + 1):
        collected.looks = look
        again: list[int] = []
        done = len(sizes) - len(pending)
        for batch in _batches(pending, sizes):
            result = verify_shards(scratch, batch)
            for shard in batch:
                collected.findings.pop(shard, None)
            collected.findings.update(result.findings)
            collected.positions.update(result.positions)
            if look == 1:
                collected.checked.update(result.checked)
            moving = (moving - set(batch)) | result.moving
            unmarked = (unmarked - set(batch)) | result.unmarked
            again += [shard for shard in batch if shard in result.findings and shard in moving]
            done += len(batch)
            if on_progress is not None and look == 1:
                on_progress(done, len(sizes))
        pending = again
        if not pending:
            break
        if look < looks:
            wait()
    if moving:
        collected.notes.append(
            f"rows newer than the checkpoint in {len(moving)} shards: {_listed(moving)} "
            "(inserts under way, or a worker that stopped before its checkpoint)"
        )
    if unmarked:
        collected.notes.append(f"no checkpoint yet in {len(unmarked)} shards: {_listed(unmarked)}")


def _batches(shards: Sequence[int], sizes: Mapping[int, int]) -> Iterable[list[int]]:
    batch: list[int] = []
    events = 0
    for shard in shards:
        if batch and events + sizes[shard] > BATCH_EVENTS:
            yield batch
            batch, events = [], 0
        batch.append(shard)
        events += sizes[shard]
    if batch:
        yield batch


def _listed(shards: Iterable[int]) -> str:
    return ", ".join(str(shard) for shard in sorted(shards))
