"""A preview over what the warehouse holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ioc.alerts.engine.planning import Planner
from ioc.alerts.preview.files import Files
from ioc.alerts.preview.report import Report
from ioc.alerts.preview.simulation import FeedsAt, Simulation, all_heard
from ioc.alerts.store.warehouse import statement
from schemas.alerting.names import AlertRule
from schemas.calendar.local_time import local_day
from schemas.events import EventRecord
from schemas.events.shard import SHARDS
from streams.fold import FoldRules
from streams.pipeline.folding import restore_dossier
from streams.ports import StoredDossier

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

#: How often the clock stands still to look: finer than people's working hours need.
STEP_SECONDS = 1_800
_RESTING_SECONDS = 3_600
KnownAt = Callable[[str, EventRecord], int]


def when_it_happened(dossier_id: str, event: EventRecord) -> int:
    """Let an event be known the moment it happens: what a preview assumes."""
    return event.occurred


def preview(
    client: Client,
    planner: Planner,
    rules: FoldRules,
    start: int,
    end: int,
    *,
    known_at: KnownAt = when_it_happened,
    feeds_at: FeedsAt = all_heard,
    finds: bool = True,
) -> Report:
    """Return what the rules would have sent in a period; blocks for up to a minute.

    Args:
        client: any account that reads the warehouse.
        planner: the rules and people to try.
        rules: of the fold.
        start: epoch seconds.
        end: epoch seconds, exclusive.
        known_at: when an event became known.
        feeds_at: what was heard of the feeds.
        finds: whether to look for what workers do not raise.
    """
    soon = planner.rules.of(AlertRule.DUE_SOON)
    files = Files(rules, planner.default_lead_seconds if soon else 0)
    for dossier_id, events in read_period(client, start, end):
        for event in events:
            files.expect(dossier_id, event, known_at(dossier_id, event))
    simulation = Simulation(planner, files, feeds_at, finds)
    return run(simulation, start, end)


def run(simulation: Simulation, start: int, end: int) -> Report:
    """Move the clock through a period."""
    report = Report()
    planner = simulation.planner
    calendar = planner.words.calendar
    # What was crossed before is old: it is known when the period begins, and told to nobody.
    simulation.files.arrive(start - 1)
    for _ in simulation.files.crossed(start - 1):
        pass
    rested = 0
    for now in range(start, end, STEP_SECONDS):
        # A limit of hours passes at its instant, which may lie between two looks.
        while (at := simulation.files.next_crossing()) is not None and at < now:
            _look(simulation, report, max(at, start), resting=False)
        if calendar.working_seconds(now - STEP_SECONDS, now + STEP_SECONDS) == 0:
            # Nobody is told; but what comes in the night is known then, and not on Monday.
            if simulation.files.has_arrivals(now):
                simulation.look(now, finds=False)
            continue
        resting = now - rested >= _RESTING_SECONDS
        rested = now if resting else rested
        _look(simulation, report, now, resting=resting)
        for digest in simulation.digests(now):
            report.add_digest(digest, local_day(now))
    return report


def _look(simulation: Simulation, report: Report, now: int, *, resting: bool) -> None:
    report.add(simulation.tick(now, resting=resting), local_day(now))
    delivery = simulation.planner.rules.file.delivery
    if delivery.settle_seconds:
        # The same look a little later: what gathered goes.
        later = now + int(delivery.longest_settle_seconds) + 1
        report.add(simulation.tick(later, resting=False), local_day(later))


def read_period(
    client: Client, start: int, end: int
) -> Iterator[tuple[str, tuple[EventRecord, ...]]]:
    """Yield the dossiers that could have an alert in a period, with their events."""
    for shard in range(SHARDS):
        parameters: dict[str, Any] = {"shard": shard, "start": start, "end": end}
        rows = client.query(statement("period_files"), parameters=parameters).result_rows
        for row in rows:
            yield row[1], tuple(restore_dossier(StoredDossier(*row)).events)
