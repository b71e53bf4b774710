"""`kill -9` anywhere: nothing is lost, nothing counts twice, every figure follows."""

from __future__ import annotations

import datetime as dt
import signal
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from input_recount import InputRecount
from live_events import UNIT, accepted, now, overdue_id
from pipeline_kit import Beside, check_verified, own_rig
from rig import eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.replay.outgoing import outgoing
from ioc.replay.sender import send_records
from ioc.scenarios.catalogue import scenario
from ioc.scenarios.spoiling import Spoiling
from schemas.errors import RetryError
from streams.pipeline.failpoints import FAIL_POINTS

#: Die at the second pass, when a group is stored already, where more than one is sure.
PASSES = dict.fromkeys(FAIL_POINTS, 2) | {
    "before-forward": 1,
    "before-dead-letter": 1,
    "after-leg_days": 1,
    "after-open_legs": 1,
    "before-alert": 1,
    "after-alert": 1,
}
#: Four lives of a pipeline; in each every fourth point kills a worker, one after the other.
CHAINS = {"+".join(FAIL_POINTS[i::4]): FAIL_POINTS[i::4] for i in range(4)}
#: Small chunks and groups, so that the stream takes many; a short session, so that the dead
#: worker's partitions are free soon.
SETTINGS = {
    "IOC_WORKER_CHUNK_MAX_RECORDS": "30",
    "IOC_WORKER_GROUP_MAX_EVENTS": "100",
    "IOC_WORKER_SESSION_TIMEOUT_SECONDS": "4",
}


def die_and_go_on(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, folder: Path, points: Sequence[str]
) -> None:
    """Let workers die one after the other while events go on; the last one finishes."""
    recount = InputRecount()
    spoiling = Spoiling(duplicates=0.05, garbage=0.05, wrong_partitions=0.2, partitions=4)
    stream = list(recount.watch(spoiling.apply(outgoing(scenario("small").events()))))
    part = len(stream) // len(points) + 1
    expected = []
    with own_rig(kafka, clickhouse, folder, env=SETTINGS) as rig:
        for number, point in enumerate(points):
            due = now() - dt.timedelta(minutes=1)
            late = [f"LIVE-{point}-{i}" for i in range(8)]
            leg = {"number": 1, "unit": UNIT, "started_at": due.isoformat()}
            rig.replay(stream[number * part : (number + 1) * part])
            rig.replay(recount.watch(accepted(name, due, leg=leg) for name in late))
            expected += [(overdue_id(name, due),) for name in late]
            doomed = rig.start_worker(ready=False, IOC_WORKER_FAIL_POINT=f"{point}:{PASSES[point]}")
            code = doomed.process.wait(90)
            assert code == -signal.SIGKILL, f"{point}: {''.join(doomed.output[-60:])}"
        worker = rig.start_worker()
        rig.settle()
        letters = "SELECT count() FROM dead_letters FINAL"
        eventually(lambda: rig.rows(letters)[0][0] >= spoiling.tally.garbage, "all dead letters")
        assert rig.rows(letters) == [(spoiling.tally.garbage,)]
        alerts = "SELECT alert_id FROM alerts FINAL WHERE rule = 'overdue' ORDER BY alert_id"
        eventually(lambda: len(rig.rows(alerts)) >= len(expected), "all alerts")
        assert rig.rows(alerts) == sorted(expected)
        recount.check(rig)
        check_verified(rig)
        assert worker.stop() == 0


@pytest.fixture(scope="module")
def deaths(
    kafka: EmbeddedKafka,
    clickhouse: EmbeddedClickHouse,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Beside]:
    folder = tmp_path_factory.mktemp("deaths")
    beside = Beside(
        [
            (name, lambda points=points: die_and_go_on(kafka, clickhouse, folder, points))
            for name, points in CHAINS.items()
        ],
        at_once=4,
    )
    yield beside
    beside.close()


@pytest.mark.parametrize("points", CHAINS)
def test_workers_die_between_any_two_writes(deaths: Beside, points: str) -> None:
    deaths.result(points)


def test_clickhouse_dies_in_the_middle_of_inserts(kafka: EmbeddedKafka, tmp_path: Path) -> None:
    """The worker waits, goes on by itself and does not even restart."""
    recount = InputRecount()
    with (
        EmbeddedClickHouse(tmp_path / "clickhouse") as clickhouse,
        own_rig(
            kafka,
            clickhouse,
            tmp_path,
            env={"IOC_WORKER_GROUP_MAX_EVENTS": "2000", "IOC_WORKER_RETRY_MAX_SECONDS": "0.5"},
        ) as rig,
    ):
        rig.replay(recount.watch(outgoing(scenario("tan-lac-2020").events())))
        worker = rig.start_worker()
        audited = "SELECT count() FROM dossier_events"
        total = len(recount.payloads)
        inserting = "SELECT query FROM system.processes WHERE query LIKE 'INSERT INTO%'"
        for part in (0.1, 0.4, 0.7):
            eventually(lambda part=part: rig.rows(audited)[0][0] > part * total, "progress")
            refused = count_retries(worker.output)
            eventually(lambda: rig.rows(inserting), "an insert is under way", every=0.001)
            clickhouse.kill()
            eventually(
                lambda refused=refused: count_retries(worker.output) > refused,
                "the worker notices",
            )
            clickhouse.start()
        rig.settle()
        assert rig.rows(audited)[0][0] >= total
        recount.check(rig)
        check_verified(rig)
        assert worker.alive, "the worker must outlive its warehouse"
        assert worker.stop() == 0


def count_retries(output: Iterable[str]) -> int:
    return sum("trying again" in line for line in list(output))


def test_kafka_dies_under_load(clickhouse: EmbeddedClickHouse, tmp_path: Path) -> None:
    recount = InputRecount()
    events = list(outgoing(scenario("tan-lac-2020").events()))
    with (
        EmbeddedKafka(tmp_path / "kafka") as kafka,
        own_rig(kafka, clickhouse, tmp_path) as rig,
    ):
        worker = rig.start_worker()

        def send() -> None:
            """As `ioc replay` does: what Kafka did not confirm is sent again, all of it."""
            while True:
                try:
                    send_records(events, rig.kafka_settings, rate=8_000)
                except RetryError:
                    time.sleep(0.2)
                else:
                    return

        sender = threading.Thread(target=send, daemon=True)
        sender.start()
        audited = "SELECT count() FROM dossier_events"
        for part in (0.1, 0.5):
            eventually(lambda part=part: rig.rows(audited)[0][0] > part * len(events), "progress")
            kafka.kill()
            kafka.start()
            if not worker.alive:  # as its supervisor would
                rig.workers.remove(worker)
                worker = rig.start_worker(ready=False)
        for _ in recount.watch(events):
            pass
        sender.join(120)
        assert not sender.is_alive(), "the replay never ended"

        def is_up() -> bool:
            nonlocal worker
            if not worker.alive:
                assert worker.process.returncode not in (0, None), "it ended as if all were well"
                rig.workers.remove(worker)
                worker = rig.start_worker()
            rig.expect_all()
            stored = rig.stored_offsets()
            return all(stored.get(p, -1) >= o for p, o in rig.sent_offsets.items())

        eventually(is_up, "everything stored", 120, every=0.5)
        rig.settle()
        recount.check(rig)
        check_verified(rig)
        assert worker.stop() == 0
