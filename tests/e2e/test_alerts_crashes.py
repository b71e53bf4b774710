"""Killed at every step of a delivery, put to sleep, run twice: nobody is told twice or never."""

from __future__ import annotations

import datetime as dt
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_rig import AlertRig, alert_rig, dossier_in
from live_events import accepted, now
from pipeline_kit import own_rig
from rig import eventually

from ioc.alerts.failpoints import FAIL_POINTS
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka

SETTINGS = {"IOC_WORKER_DUE_SOON_WORKING_SECONDS": "0", "IOC_WORKER_SESSION_TIMEOUT_SECONDS": "10"}
REPEAT = "Gửi lại, có thể trùng"


@pytest.fixture
def alerts(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path: Path
) -> Iterator[AlertRig]:
    with (
        own_rig(kafka, clickhouse, tmp_path, env=SETTINGS) as rig,
        alert_rig(rig, tmp_path) as (alerts, _),
    ):
        yield alerts


def mails_by_file(alerts: AlertRig) -> dict[str, list[bool]]:
    """File -> for each mail about it, whether it says that it may be a repeat."""
    told: dict[str, list[bool]] = {}
    for mail in alerts.told():
        for name in dossier_in(mail.text):
            told.setdefault(name, []).append(REPEAT in mail.subject + mail.text)
    return told


def test_killed_at_every_step_nobody_is_forgotten_and_repeats_say_so(alerts: AlertRig) -> None:
    """Each process begins a group of its own: it reads the topic from its start once more, so
    every record is also replayed, as after the topic was made anew."""
    rig = alerts.rig
    rig.start_worker()
    expected: list[str] = []
    for number, point in enumerate(FAIL_POINTS):
        names = [f"STEP-{number}{letter}" for letter in (0, 1)]
        expected += names
        late = now() - dt.timedelta(seconds=1)
        rig.replay(accepted(name, late) for name in names)
        process = alerts.start(
            ready=False,
            IOC_ALERTS_FAIL_POINT=point,
            IOC_KAFKA_ALERTS_GROUP=f"{rig.database}.alerts-{number}",
        )
        assert process.wait_end() == -signal.SIGKILL, "".join(process.output[-40:])
    alerts.start(IOC_KAFKA_ALERTS_GROUP=f"{rig.database}.alerts-last")
    eventually(lambda: mails_by_file(alerts).keys() == set(expected), "everybody hears", 90)
    eventually(
        lambda: {row[2] for row in alerts.deliveries()} == {"sent"}, "all is written down", 60
    )
    told = mails_by_file(alerts)
    again = {name for name, marks in told.items() if len(marks) > 1}
    for name, marks in told.items():
        assert marks.count(False) <= 1, f"{name}: a second message must say that it is one"
        assert len(marks) <= 2, f"{name}: {marks}"
    # Only a kill between sending and recording may repeat, and that one message alone.
    kills_after_send = FAIL_POINTS.index("after-send")
    assert len(again) <= 1, again
    assert again <= {f"STEP-{n}{letter}" for n in range(kills_after_send + 1) for letter in (0, 1)}


def test_of_two_processes_one_delivers_and_a_sleeper_never_wakes_to_send(
    alerts: AlertRig,
) -> None:
    rig = alerts.rig
    rig.start_worker()
    # Long enough for a machine that pauses, short enough to wait for.
    session = {"IOC_ALERTS_SESSION_TIMEOUT_SECONDS": "6"}
    alerts.start(**session)
    alerts.start(**session)
    late = now() - dt.timedelta(seconds=1)
    rig.replay(accepted(f"BOTH-{number}", late) for number in range(3))
    # A mail that arrived may not be written down yet: frozen in between, it is rightly repeated.
    eventually(lambda: alerts.written_down(3), "the first three are written down", 90)
    leader = _leader(alerts)
    leader.process.send_signal(signal.SIGSTOP)
    try:
        late = now() - dt.timedelta(seconds=1)
        rig.replay(accepted(f"ASLEEP-{number}", late) for number in range(3))
        eventually(lambda: alerts.written_down(6), "the other takes over", 90)
    finally:
        leader.process.send_signal(signal.SIGCONT)
    assert leader.wait_end() == 70, "it may not go on as if nothing had been"
    rig.replay(accepted(f"AFTER-{number}", late) for number in range(3))
    eventually(lambda: alerts.written_down(9), "the last three", 90)
    counts = Counter(len(marks) for marks in mails_by_file(alerts).values())
    assert counts == {1: 9}, mails_by_file(alerts)


def _leader(alerts: AlertRig):
    ((owner,),) = alerts.rig.rows("SELECT argMax(owner, turn) FROM alert_turns")
    pid = int(owner.rpartition("/")[2])
    return next(each for each in alerts.processes if each.process.pid == pid)


def test_a_mail_server_that_is_away_is_waited_for(alerts: AlertRig) -> None:
    """What it refused surely did not arrive, so nothing is marked as a repeat."""
    rig = alerts.rig
    rig.start_worker()
    alerts.server.faults.rcpt = "451 try again later"
    alerts.start()
    rig.replay(accepted(f"AWAY-{n}", now() - dt.timedelta(seconds=1)) for n in range(2))
    eventually(lambda: {row[2] for row in alerts.deliveries()} == {"waiting"}, "it waits", 60)
    alerts.server.faults.rcpt = ""
    eventually(lambda: alerts.written_down(2), "they come", 90)
    assert mails_by_file(alerts) == {"AWAY-0": [False], "AWAY-1": [False]}
