"""A calendar that changes: every figure follows, whatever dies on the way.

An announced day off used to be taken into account for what came after it only: a file's next event
took its new figures out of cells that held the old ones.
"""

from __future__ import annotations

import datetime as dt
import signal
from collections.abc import Iterator
from pathlib import Path

from live_events import UNIT, now, record
from pipeline_kit import check_verified, own_rig
from rig import Rig, eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.replay.outgoing import OutgoingRecord, outgoing
from ioc.scenarios.catalogue import scenario
from ioc.verify import verify
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.events.shard import SHARDS
from schemas.reference import ProcedureRegistry, UnitRegistry
from schemas.tables.publish import publish_reference
from streams.pipeline.failpoints import REFOLD_POINTS

#: The files are old news here: their source is not waited for.
SETTINGS = {
    "IOC_WORKER_SESSION_TIMEOUT_SECONDS": "4",
    "IOC_WORKER_SOURCE_WAIT_SECONDS": "0",
}
#: No day off by the calendar that is shipped.
WEDNESDAY = dt.datetime.fromisoformat("2025-11-12T10:00:00+07:00")
#: The first dies in its second partition, the others in the first that is left to them.
POINTS = ("after-refolded-dossiers:2", "after-refolded-cells", "after-refolded-checkpoint")
PAUSED = [f"PAUSE-{number:03d}" for number in range(40)]


def before_the_news() -> Iterator[OutgoingRecord]:
    """Files that rested over a Wednesday, half of them finished by now, the others overdue."""
    day = dt.timedelta(days=1)
    for number, dossier_id in enumerate(PAUSED):
        said = {"dossier_id": dossier_id, "receiver": UNIT, "channel": 2}
        start = WEDNESDAY - day
        yield record(
            **said, event_id="1", status=1, occurred_at=(start - day).isoformat(),
        )  # fmt: skip
        yield record(
            **said, event_id="2", status=2, occurred_at=start.isoformat(),
            received_at=start.isoformat(), due_at=(WEDNESDAY + day).isoformat(),
            limit_unit="working_days", leg={"number": 1, "unit": UNIT},
        )  # fmt: skip
        yield record(**said, event_id="5", status=5, occurred_at=start.isoformat())
        back = WEDNESDAY + day
        yield record(**said, event_id="4", status=4, occurred_at=back.isoformat())
        if number % 2:
            done = WEDNESDAY + 2 * day
            yield record(**said, event_id="9", status=9, occurred_at=done.isoformat())


def after_the_news() -> Iterator[OutgoingRecord]:
    """Word of every file: results of the open ones, hand-overs of the others."""
    for number, dossier_id in enumerate(PAUSED):
        status = 10 if number % 2 else 9
        said = {"dossier_id": dossier_id, "event_id": "last", "status": status}
        yield record(**said, occurred_at=now().isoformat())


def days_file(folder: Path) -> Path:
    path = folder / "days.csv"
    path.write_text(
        f"date,kind,reason\n{WEDNESDAY.date()},off,Ngày hội của tỉnh\n", encoding="utf-8"
    )
    return path


def publish(rig: Rig, days: Path | None) -> None:
    """As `ioc migrate` does."""
    publish_reference(
        rig.client,
        rig.database,
        calendar=WorkingCalendar(CalendarSettings(_env_file=None, days_file=days)),
        units=UnitRegistry.load(None),
        procedures=ProcedureRegistry.load(None),
    )


def overdue_alerts(rig: Rig) -> list[tuple[str, int]]:
    return rig.rows(
        "SELECT alert_id, digest FROM alerts FINAL WHERE rule = 'overdue'"
        " AND startsWith(dossier_id, 'PAUSE') ORDER BY alert_id"
    )


def test_a_new_day_off_reaches_every_figure(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path: Path
) -> None:
    """Also if workers die between any two writes on the way."""
    stream = list(outgoing(scenario("small").events()))
    half = len(stream) // 2
    with own_rig(kafka, clickhouse, tmp_path, env=SETTINGS) as rig:
        worker = rig.start_worker()
        rig.replay(stream[:half])
        rig.replay(before_the_news())
        rig.settle()
        check_verified(rig)
        open_files = len(PAUSED) // 2
        eventually(lambda: len(overdue_alerts(rig)) == open_files, "the alerts before")
        before = rig.rows("SELECT dossier_id, due_at FROM dossiers FINAL ORDER BY dossier_id")
        assert worker.stop() == 0

        days = days_file(tmp_path)
        publish(rig, days)
        rig.env["IOC_CALENDAR_DAYS_FILE"] = str(days)
        for point in POINTS:
            doomed = rig.start_worker(ready=False, IOC_WORKER_FAIL_POINT=point)
            assert doomed.process.wait(180) == -signal.SIGKILL, "".join(doomed.output[-60:])
        worker = rig.start_worker(ready=False)
        worker.wait_ready(180)
        # Before any word of a file: the figures of all are those of the new calendar.
        check_verified(rig)
        after = rig.rows("SELECT dossier_id, due_at FROM dossiers FINAL ORDER BY dossier_id")
        assert len(after) == len(before)
        changed = {old[0] for old, new in zip(before, after, strict=True) if old != new}
        assert changed >= set(PAUSED), "the day off changes nothing: the test proves nothing"
        told = "".join(worker.output)
        assert "the rules have changed" in told
        # What is long past is for the digest, also under its new due time.
        eventually(lambda: len(overdue_alerts(rig)) == 2 * open_files, "the alerts afterwards")
        assert all(digest for _, digest in overdue_alerts(rig))

        rig.replay(after_the_news())
        rig.replay(stream[half:])
        rig.settle()
        check_verified(rig)
        negative = (
            "SELECT count() FROM open_cells WHERE toInt32(n) < 0"
            " UNION ALL SELECT count() FROM national_days FINAL WHERE toInt32(n) < 0"
        )
        assert rig.rows(negative) == [(0,), (0,)]
        assert worker.stop() == 0
        # Once is enough.
        again = rig.start_worker(ready=False)
        again.wait_ready(180)
        assert "the rules have changed" not in "".join(again.output)
        assert again.stop() == 0


def test_a_forgotten_machine_does_not_bring_the_old_calendar_back(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path: Path
) -> None:
    """Two machines with different files would fold everything anew by turns."""
    with own_rig(kafka, clickhouse, tmp_path, env=SETTINGS) as rig:
        old = rig.start_worker()
        rig.replay(outgoing(scenario("small").events()))
        rig.replay(before_the_news())
        rig.settle()
        days = days_file(tmp_path)
        publish(rig, days)
        new = rig.start_worker(ready=False, IOC_CALENDAR_DAYS_FILE=str(days))
        new.wait_ready(180)
        # The old one has seen it with its next group, or its next partition.
        rig.replay(after_the_news())
        assert old.process.wait(120) == 70, "".join(old.output[-40:])
        rig.workers.remove(old)
        forgotten = rig.start_worker(ready=False)
        assert forgotten.process.wait(120) != 0
        rig.workers.remove(forgotten)
        assert "older than those in force" in "".join(forgotten.output)
        rig.settle()
        report = verify(rig.client, database=rig.database, shards=range(SHARDS))
        assert report.difference_count == 0, report.differences[:20]
        assert report.checked["dossiers"] > len(PAUSED)
        assert new.stop() == 0


def test_every_point_is_passed() -> None:
    assert [point.partition(":")[0] for point in POINTS] == list(REFOLD_POINTS)
