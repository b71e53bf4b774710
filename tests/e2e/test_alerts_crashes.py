"""Killed at every step of a delivery: nobody is told twice or never."""

from __future__ import annotations

import datetime as dt
import signal
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
