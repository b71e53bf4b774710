"""Workers come, go, die and freeze under load: every figure stays right."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest
from input_recount import InputRecount
from kafka import KafkaAdminClient
from pipeline_kit import check_verified, own_rig
from rig import Rig, WorkerProcess, eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.replay.outgoing import OutgoingRecord, outgoing
from ioc.replay.sender import send_records
from ioc.scenarios.catalogue import scenario
from ioc.topics import create_topics

#: A short session, so that a dead worker is missed soon.
SETTINGS = {"IOC_WORKER_SESSION_TIMEOUT_SECONDS": "4", "IOC_WORKER_TOPIC_CHECK_SECONDS": "1"}
AUDITED = "SELECT count() FROM dossier_events"


@pytest.fixture
def rig(kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path: Path) -> Iterator[Rig]:
    with own_rig(kafka, clickhouse, tmp_path, env=SETTINGS) as rig:
        yield rig


class Load:
    """Sends a stream at a pace in the background, as a desk's feed does."""

    def __init__(self, rig: Rig, records: list[OutgoingRecord], rate: float) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._sending = self._thread.submit(send_records, records, rig.kafka_settings, rate=rate)

    def join(self) -> None:
        self._sending.result(120)
        self._thread.shutdown()


class Supervisor:
    """Starts workers afresh that ended themselves, as `ioc up` does."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self.ended: list[int] = []

    def look(self) -> None:
        for worker in [worker for worker in self._rig.workers if not worker.alive]:
            code = worker.process.returncode
            assert code != 0, "it ended as if it had been asked to"
            self.ended.append(code)
            self._rig.workers.remove(worker)
            self._rig.start_worker(ready=False)

    def wait_all_stored(self) -> None:
        def all_stored() -> bool:
            self.look()
            self._rig.expect_all()
            stored = self._rig.stored_offsets()
            return all(stored.get(p, -1) >= o for p, o in self._rig.sent_offsets.items())

        # What is forwarded is in Kafka before its chunk is stored: the second look sees it.
        eventually(lambda: all_stored() and all_stored(), "all events stored", 180, every=0.5)


def load_of(name: str, most: int | None = None) -> tuple[list[OutgoingRecord], InputRecount]:
    """The first events of a scenario."""
    recount = InputRecount()
    events = islice(scenario(name).events(), most)
    return list(recount.watch(outgoing(events))), recount


def wait_share(rig: Rig, part: float, total: int) -> None:
    eventually(lambda: rig.rows(AUDITED)[0][0] > part * total, f"{part:.0%} are stored", 120)


def test_workers_join_die_and_leave_under_load(rig: Rig) -> None:
    records, recount = load_of("tan-lac-2020", 23_000)
    first = rig.start_worker(ready=False)
    second = rig.start_worker(ready=False)
    first.wait_ready()
    second.wait_ready()
    load = Load(rig, records, rate=2_000)
    wait_share(rig, 0.1, len(records))
    third = rig.start_worker()
    wait_share(rig, 0.3, len(records))
    second.kill()
    wait_share(rig, 0.6, len(records))
    assert first.stop() == 0
    load.join()
    rig.settle()
    assert third.alive
    recount.check(rig)
    check_verified(rig)
    assert third.stop() == 0


def test_partitions_grow_under_load(rig: Rig) -> None:
    """Those who knew the old count end by themselves; what lies in its old place is forwarded."""
    records, recount = load_of("tan-lac-2020", 23_000)
    for worker in [rig.start_worker(ready=False) for _ in range(2)]:
        worker.wait_ready()
    supervisor = Supervisor(rig)
    # The sender keeps the old count to its end, as a feed does that runs for weeks.
    load = Load(rig, records[:-3_000], rate=2_000)
    wait_share(rig, 0.1, len(records))
    rig.grow(8)
    eventually(lambda: (supervisor.look(), len(supervisor.ended) >= 2)[1], "both ended", 60)
    load.join()
    rig.replay(records[-3_000:])
    supervisor.wait_all_stored()
    assert 0 not in supervisor.ended
    homes = "SELECT uniqExact(shard % 8) FROM checkpoints WHERE epoch = 2"
    assert rig.rows(homes) == [(8,)], "every new partition is in use"
    recount.check(rig)
    check_verified(rig)
    assert [worker.stop() for worker in rig.workers] == [0, 0]


def test_a_frozen_worker_ends_itself_when_it_wakes_up(rig: Rig) -> None:
    records, recount = load_of("tan-lac-2020", 23_000)
    zombie = rig.start_worker()
    load = Load(rig, records, rate=1_500)
    wait_share(rig, 0.1, len(records))
    other = rig.start_worker()
    wait_share(rig, 0.2, len(records))
    zombie.process.send_signal(signal.SIGSTOP)
    stopped_at = time.monotonic()
    try:
        name = f"/{other.process.pid}"

        def is_alone() -> bool:
            rows = rig.rows("SELECT worker FROM pipeline FINAL WHERE at > now64(3) - 2.5")
            return len(rows) == 4 and all(worker.endswith(name) for (worker,) in rows)

        eventually(is_alone, "the other one has all partitions", 60)
        eventually(lambda: time.monotonic() - stopped_at > 10, "ten seconds", 11)
    finally:
        zombie.process.send_signal(signal.SIGCONT)
    assert zombie.process.wait(10) == 70, "".join(zombie.output[-40:])
    rig.workers.remove(zombie)
    load.join()
    rig.settle()
    recount.check(rig)
    check_verified(rig)
    assert other.stop() == 0


def test_a_topic_that_is_made_anew_is_noticed(rig: Rig) -> None:
    """Same name, other topic: its offsets begin anew, and must not be taken for old ones."""
    records, recount = load_of("small")
    worker = rig.start_worker()
    rig.replay(records[:900])
    rig.settle()
    recreate(rig)
    code = wait_end(worker)
    assert code not in (0, -signal.SIGKILL), "".join(worker.output[-40:])
    rig.workers.remove(worker)
    # Some are told again, some are new: both from the first offsets on.
    rig.replay(records[600:])
    worker = rig.start_worker()
    rig.settle()
    assert rig.rows("SELECT max(epoch) FROM topic_epochs") == [(2,)]
    recount.check(rig)
    check_verified(rig)
    assert worker.stop() == 0


def recreate(rig: Rig) -> None:
    name = rig.kafka_settings.events_topic
    admin = KafkaAdminClient(bootstrap_servers=rig.kafka.bootstrap)
    try:
        admin.delete_topics([name])
        eventually(lambda: name not in admin.list_topics(), "the topic is gone", 30)
    finally:
        admin.close()
    assert create_topics(rig.kafka_settings) == [name]


def wait_end(worker: WorkerProcess) -> int:
    return worker.process.wait(20)
