"""Channels that fail under a whole alert process, and what is written down of every message."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from alert_rig import AlertRig, alert_rig, dossier_in
from alert_servers import HttpFaults, MailFaults, Receiver, receiver
from live_events import accepted, now, overdue_id, result
from pipeline_kit import own_rig

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka

SETTINGS = {"IOC_WORKER_DUE_SOON_WORKING_SECONDS": "0", "IOC_WORKER_SESSION_TIMEOUT_SECONDS": "10"}
#: The lead of the first has mail and, if that fails, a gateway; that of the other mail alone.
BOTH, MAIL_ONLY = "04792-2025", "04795-2025"
PEOPLE = f"""
version: 1
people:
  - {{id: both, title: both, posts: [{{role: handler_lead, unit: "{BOTH}"}}],
     contacts: {{email: both@ioc.example, zalo: "+84 912 000 000"}}}}
  - {{id: mail-only, title: mail, posts: [{{role: handler_lead, unit: "{MAIL_ONLY}"}}],
     contacts: {{email: mail-only@ioc.example}}}}
"""
REPEAT = "Gửi lại, có thể trùng"
Line = tuple[str, str, int, int, str]


@dataclass
class Stage:
    alerts: AlertRig
    gateway: Receiver

    def raise_late(self, name: str, unit: str, due: dt.datetime | None = None) -> str:
        """Let a file be late; returns the id of its alert."""
        due = due or now() - dt.timedelta(seconds=1)
        self.alerts.rig.replay([accepted(name, due, receiver=unit)])
        return overdue_id(name, due)

    def wait_taken(self, known: int) -> None:
        """Wait until the mail server has taken one more."""
        self.alerts.wait_for(lambda: len(self.alerts.mails) > known, "it is taken")

    def audit(self, alert_id: str) -> list[Line]:
        """Every step of every message about it: channel, state, repeat, attempts, problem."""
        rows = self.alerts.rig.rows(
            "SELECT channel, toString(state), repeat, attempts, problem FROM alert_audit FINAL"
            " WHERE has(alert_ids, {alert:String}) ORDER BY at, channel, version",
            alert=alert_id,
        )
        return [tuple(row) for row in rows]

    def outcomes(self, alert_id: str) -> list[tuple[str, ...]]:
        """Kind, channel, state of the message, and of the alert."""
        rows = self.alerts.rig.rows(
            "SELECT toString(kind), channel, delivery_state, state FROM alert_outcomes"
            " WHERE alert_id = {alert:String} ORDER BY at, channel",
            alert=alert_id,
        )
        return [tuple(row) for row in rows]

    def wait_outcomes(self, alert_id: str, *expected: tuple[str, ...]) -> None:
        self.alerts.wait_for(
            lambda: self.outcomes(alert_id) == list(expected),
            f"{expected}, it is {self.outcomes(alert_id)}",
        )

    def listed(self) -> str:
        """What `ioc alerts list` prints."""
        done = subprocess.run(
            [sys.executable, "-m", "ioc.cli", "alerts", "list"],
            env={**os.environ, **self.alerts.env, "COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout


@pytest.fixture
def stage(kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path: Path) -> Iterator[Stage]:
    with own_rig(kafka, clickhouse, tmp_path, env=SETTINGS) as rig, receiver() as gateway:
        key, file = tmp_path / "zalo.key", tmp_path / "webhooks.yaml"
        for path, text in (
            (key, "k" * 32),
            (file, f"webhooks: {{zalo: {{url: '{gateway.url}/zalo', key_file: '{key}'}}}}\n"),
        ):
            path.write_text(text, encoding="utf-8")
            path.chmod(0o600)
        with alert_rig(
            rig,
            tmp_path,
            people=PEOPLE,
            IOC_ALERTS_CHANNELS_FILE=str(file),
            IOC_ALERTS_SMTP_TIMEOUT_SECONDS="2",
        ) as (alerts, _):
            rig.start_worker()
            alerts.start()
            yield Stage(alerts, gateway)


def test_a_plain_message_and_its_withdrawal_are_written_down(stage: Stage) -> None:
    due = now() + dt.timedelta(seconds=5)
    alert = stage.raise_late("PLAIN-1", MAIL_ONLY, due)
    stage.wait_outcomes(alert, ("single", "email", "sent", "open"))
    steps: list[Line] = [
        ("email", "planned", 0, 0, ""),
        ("email", "sending", 0, 1, ""),
        ("email", "sent", 0, 1, ""),
    ]
    assert stage.audit(alert) == steps
    stage.alerts.rig.replay([result("PLAIN-1", due - dt.timedelta(seconds=1))])
    stage.wait_outcomes(
        alert,
        ("single", "email", "sent", "withdrawn"),
        ("withdrawal", "email", "sent", "withdrawn"),
    )
    assert stage.audit(alert) == 2 * steps


def test_a_mail_that_was_taken_without_an_answer_goes_again_and_says_so(stage: Stage) -> None:
    """The server cuts the connection after DATA; then it hangs there."""
    server = stage.alerts.server
    for number, faults in enumerate((MailFaults(drop_after_data=True), MailFaults(hang=True))):
        name, known = f"DOUBT-{number}", len(stage.alerts.mails)
        server.faults = faults
        alert = stage.raise_late(name, MAIL_ONLY)
        stage.wait_taken(known)
        server.faults = MailFaults()
        stage.wait_outcomes(alert, ("single", "email", "sent", "open"))
        mails = [m for m in stage.alerts.told("mail-only") if dossier_in(m.text) == [name]]
        marks = [REPEAT in mail.subject + mail.text for mail in mails]
        assert marks[0] is False
        assert all(marks[1:]) and len(marks) > 1
        audit = stage.audit(alert)
        assert audit[:3] == [
            ("email", "planned", 0, 0, ""),
            ("email", "sending", 0, 1, ""),
            ("email", "waiting", 1, 1, "unknown_outcome"),
        ]
        assert audit[-1] == ("email", "sent", 1, len(marks), "")


def test_a_refused_mail_goes_by_the_next_channel_which_may_fail_for_a_while(stage: Stage) -> None:
    """500, then no answer at all, then it takes it."""
    stage.alerts.server.faults = MailFaults(rcpt="550 5.1.1 unknown")
    stage.gateway.faults = HttpFaults(status=500)
    alert = stage.raise_late("NEXT-1", BOTH)
    posted = stage.gateway.posted
    stage.alerts.wait_for(lambda: posted, "the gateway is asked")
    stage.gateway.faults = HttpFaults(drop=True)
    known = len(posted)
    stage.alerts.wait_for(lambda: len(posted) > known, "the gateway is asked again")
    stage.gateway.faults = HttpFaults()
    stage.wait_outcomes(
        alert, ("single", "email", "given_up", "open"), ("single", "zalo", "sent", "open")
    )
    audit = stage.audit(alert)
    assert audit[:3] == [
        ("email", "planned", 0, 0, ""),
        ("email", "sending", 0, 1, ""),
        ("email", "given_up", 0, 1, "address_refused"),
    ]
    zalo = [line for line in audit if line[0] == "zalo"]
    assert [line[1] for line in (zalo[0], zalo[-1])] == ["planned", "sent"]
    assert zalo[-1][2:4] == (1, len(posted)), "it may have arrived before"
    assert {line[1] for line in zalo[1:-1]} == {"sending", "waiting"}


def test_what_nobody_could_be_told_is_listed(stage: Stage) -> None:
    stage.alerts.server.faults = MailFaults(rcpt="550 5.1.1 unknown")
    alert = stage.raise_late("LOST-1", MAIL_ONLY)
    stage.wait_outcomes(alert, ("single", "email", "given_up", "open"))
    listed = stage.listed()
    assert "LOST-1" in listed
    assert "mail-only" in listed
    assert "address_refused" in listed
    assert stage.alerts.told() == []
