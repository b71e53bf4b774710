"""From a deadline that passes to a mail at a real server, through real Kafka and ClickHouse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_rig import AlertRig, alert_rig, dossier_in
from live_events import SOURCE, accepted, now, overdue_id, resolved
from pipeline_kit import own_rig
from rig import eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.replay.outgoing import OutgoingRecord, outgoing

SETTINGS = {"IOC_WORKER_DUE_SOON_WORKING_SECONDS": "0", "IOC_WORKER_SESSION_TIMEOUT_SECONDS": "10"}


@pytest.fixture
def alerts(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path: Path
) -> Iterator[AlertRig]:
    with (
        own_rig(kafka, clickhouse, tmp_path, env=SETTINGS) as rig,
        alert_rig(rig, tmp_path) as (alerts, _),
    ):
        yield alerts


def resolved_at(dossier_id: str, at: dt.datetime) -> OutgoingRecord:
    """A result of which we hear only now."""
    (record,) = outgoing(
        [
            {
                "source": SOURCE,
                "event_id": f"{dossier_id}-9",
                "dossier_id": dossier_id,
                "status": 9,
                "occurred_at": at.isoformat(),
            }
        ]
    )
    return record


def test_a_late_file_reaches_its_lead_once_and_is_withdrawn(alerts: AlertRig) -> None:
    rig = alerts.rig
    rig.start_worker()
    alerts.start()
    due = now() + dt.timedelta(seconds=8)
    files = [accepted("LATE-1", due), accepted("LATE-2", due), accepted("DONE-1", due)]
    rig.replay([*files, resolved("DONE-1")])
    mails = alerts.wait_mails(2)
    assert sorted(name for mail in mails for name in dossier_in(mail.text)) == ["LATE-1", "LATE-2"]
    assert {mail.to for mail in mails} == {"lead@ioc.example"}
    # An event that comes late says that one was done in time: its alert is taken back.
    rig.replay([resolved_at("LATE-1", due - dt.timedelta(seconds=2))])
    (third,) = [mail for mail in alerts.wait_mails(3) if mail not in mails]
    assert dossier_in(third.text) == ["LATE-1"]
    assert "Rút cảnh báo" in third.subject + third.text
    # The other was done, late: the alert was right, and is over.
    rig.replay([resolved("LATE-2")])
    late_id = overdue_id("LATE-2", due)
    eventually(lambda: alerts.case_states()[late_id] == ("resolved", "done"), "it is over")
    assert alerts.case_states()[overdue_id("LATE-1", due)] == ("withdrawn", "done_in_time")
    assert len(alerts.mails) == 3
    states = {row[2] for row in alerts.deliveries()}
    eventually(lambda: {row[2] for row in alerts.deliveries()} == {"sent"}, f"all sent: {states}")
    assert rig.rows("SELECT count() FROM alert_audit WHERE state = 'sent'")[0][0] == 3
