"""The alerts topic with several partitions, shared by two processes, one of which is put to sleep,
and made anew: everybody is told once, and nobody is forgotten.

One set of processes goes through all of it, in the order of the file.
"""

from __future__ import annotations

import datetime as dt
import signal
from collections import Counter
from collections.abc import Iterator

import pytest
from alert_rig import AlertRig, alert_rig, dossier_in
from live_events import accepted, now
from pipeline_kit import own_rig
from rig import WorkerProcess, eventually

from ioc.topics import admin, topic_id

SETTINGS = {
    "IOC_WORKER_DUE_SOON_WORKING_SECONDS": "0",
    "IOC_WORKER_SESSION_TIMEOUT_SECONDS": "10",
    "IOC_WORKER_TOPIC_CHECK_SECONDS": "1",
    # Long enough for a machine that pauses, short enough to wait for.
    "IOC_ALERTS_SESSION_TIMEOUT_SECONDS": "8",
}
PARTITIONS = 3


@pytest.fixture(scope="module")
def alerts(kafka, clickhouse, tmp_path_factory) -> Iterator[AlertRig]:
    folder = tmp_path_factory.mktemp("topic")
    with (
        own_rig(kafka, clickhouse, folder, env=SETTINGS) as rig,
        alert_rig(rig, folder, **SETTINGS) as (alerts, _),
    ):
        make_anew(alerts)
        rig.start_worker(ready=False)
        alerts.start(ready=False)
        alerts.start(ready=False)
        for process in (*rig.workers, *alerts.processes):
            process.wait_ready(90)
        yield alerts


def make_anew(alerts: AlertRig) -> None:
    """Delete the topic and create it, with all its records gone."""
    settings = alerts.rig.kafka_settings
    name = settings.alerts_topic
    with admin(settings) as client:
        if topic_id(settings, name):
            client.delete_topics([name])
            eventually(lambda: not topic_id(settings, name), "the topic is gone", 60)

        def created() -> bool:
            made = client.create_topics(
                {name: {"num_partitions": PARTITIONS, "replication_factor": 1}}, raise_errors=False
            )
            return made["topics"][0]["error_code"] == 0

        eventually(created, "the topic is there", 60)
        client.wait_for_topics([name])


def raise_late(alerts: AlertRig, *names: str) -> None:
    late = now() - dt.timedelta(seconds=1)
    alerts.rig.replay(accepted(name, late) for name in names)


def told(alerts: AlertRig) -> Counter[str]:
    return Counter(name for mail in alerts.told() for name in dossier_in(mail.text))


def leader_of(alerts: AlertRig) -> WorkerProcess:
    ((owner,),) = alerts.rig.rows("SELECT argMax(owner, turn) FROM alert_turns")
    pid = int(owner.rpartition("/")[2])
    return next(each for each in alerts.processes if each.process.pid == pid)


def test_of_two_processes_one_delivers_for_all_partitions(alerts: AlertRig) -> None:
    spread = [f"SPREAD-{number}" for number in range(12)]
    raise_late(alerts, *spread)
    eventually(lambda: alerts.written_down(12), alerts.describe, 90)
    assert told(alerts) == Counter(spread)


def test_a_sleeper_never_wakes_to_send(alerts: AlertRig) -> None:
    """A mail that arrived and is not written down yet is rightly repeated by whoever takes over:
    the one that is frozen has written down everything (the test before waited for it)."""
    leader = leader_of(alerts)
    leader.process.send_signal(signal.SIGSTOP)
    try:
        raise_late(alerts, *(f"ASLEEP-{number}" for number in range(3)))
        eventually(lambda: alerts.written_down(15), alerts.describe, 120)
    finally:
        leader.process.send_signal(signal.SIGCONT)
    assert leader.wait_end() == 70, "it may not go on as if nothing had been"
    raise_late(alerts, "AFTER-1")
    eventually(lambda: alerts.written_down(16), alerts.describe, 90)
    assert set(told(alerts).values()) == {1}


def test_a_topic_made_anew_repeats_and_forgets_nothing(alerts: AlertRig) -> None:
    rig = alerts.rig
    (left,) = [process for process in alerts.processes if process.alive]
    make_anew(alerts)
    assert left.wait_end() == rig.workers[-1].wait_end() == 70, "they begin anew"
    # What is raised now and goes with the topic before anybody read it stands in a table.
    rig.start_worker()
    raise_late(alerts, "LOST-1")
    raised = "SELECT count() FROM alerts WHERE dossier_id = 'LOST-1'"
    eventually(lambda: rig.rows(raised)[0][0] == 1, "a worker raised it", 90)
    make_anew(alerts)
    assert rig.workers[-1].wait_end() == 70
    rig.start_worker(ready=False)
    alerts.start()
    eventually(lambda: alerts.written_down(17), alerts.describe, 90)
    raise_late(alerts, "NEXT-1")
    eventually(lambda: alerts.written_down(18), alerts.describe, 90)
    counts = told(alerts)
    assert counts["LOST-1"] == counts["NEXT-1"] == 1
    assert set(counts.values()) == {1} and len(counts) == 18
    assert not any("có thể trùng" in mail.subject + mail.text for mail in alerts.told())
