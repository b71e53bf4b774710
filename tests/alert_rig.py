"""People, rules, a real mail server and real alert processes around a `Rig`."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from alert_servers import MailServer, mail_server
from rig import Rig, WorkerProcess, eventually

#: The province of today, and the commune of `live_events`.
PROVINCE, UNIT = "25", "04792-2025"

RULES = """
version: 1
delivery: {group_above: 3, settle_seconds: 0.5, longest_settle_seconds: 2,
           rate: {messages: 1000, per_hours: 1}}
rules:
  - {id: receipt, what: receipt_overdue, tell: [desk_lead], urgent: true}
  - {id: late, what: overdue, tell: [handler_lead], urgent: true,
     escalate: {after_working_hours: 8, levels: 4}}
  - {id: leg, what: leg_overdue, tell: [handler_lead, authority_head], urgent: true}
"""

PEOPLE = """
version: 1
people:
  - id: lead
    title: Phụ trách bộ phận
    posts: [{role: handler_lead, unit: "UNIT"}, {role: technician, unit: "PROVINCE"}]
    contacts: {email: lead@ioc.example}
  - id: head
    title: Thủ trưởng cơ quan
    posts: [{role: authority_head, unit: "UNIT"}]
    contacts: {email: head@ioc.example}
  - id: leader
    title: Lãnh đạo tỉnh
    posts: [{role: province_leader, unit: "PROVINCE"}]
    contacts: {email: leader@ioc.example}
"""


@dataclass(frozen=True)
class Mail:
    """One message that the server took."""

    to: str
    message_id: str
    subject: str
    text: str
    html: str
    attached: tuple[str, ...]

    @property
    def links(self) -> list[str]:
        return re.findall(r"https?://[^\s<>]+", self.text)


def mail_of(recipient: str, message: EmailMessage) -> Mail:
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    return Mail(
        recipient,
        str(message["Message-ID"]),
        str(message["Subject"]),
        plain.get_content() if plain else "",
        html.get_content() if html else "",
        tuple(part.get_filename() or "" for part in message.iter_attachments()),
    )


class AlertRig:
    """Alert processes of one rig; `close` ends them."""

    def __init__(
        self, rig: Rig, server: MailServer, folder: Path,
        *, rules: str = RULES, people: str = PEOPLE, **settings: str,
    ) -> None:  # fmt: skip
        self.rig, self.server = rig, server
        self.processes: list[WorkerProcess] = []
        self._clock_file = folder / "clock"
        rules_file, people_file = folder / "rules.yaml", folder / "people.yaml"
        rules_file.write_text(rules, encoding="utf-8")
        own = people.replace("PROVINCE", PROVINCE).replace("UNIT", UNIT)
        people_file.write_text(own, encoding="utf-8")
        people_file.chmod(0o600)
        self.env = {
            **rig.env,
            "IOC_KAFKA_ALERTS_GROUP": f"{rig.database}.alerts",
            "IOC_ALERTS_RULES_FILE": str(rules_file),
            "IOC_ALERTS_PEOPLE_FILE": str(people_file),
            "IOC_ALERTS_DATA": str(folder / "alerts-data"),
            "IOC_ALERTS_SMTP_HOST": "127.0.0.1",
            "IOC_ALERTS_SMTP_PORT": str(server.port),
            "IOC_ALERTS_SMTP_SECURITY": "none",
            "IOC_ALERTS_MAIL_FROM": "ioc@ioc.example",
            # As long as Faust allows: a pause of the machine must not end a process.
            "IOC_ALERTS_SESSION_TIMEOUT_SECONDS": "10",
            "IOC_ALERTS_FOR_TESTS": "1",
            "IOC_ALERTS_CLOCK_FILE": str(self._clock_file),
            "IOC_ALERTS_TICK_SECONDS": "0.2",
            # A desk of few files has nothing to send after a deadline; waiting is tried by itself.
            "IOC_ALERTS_WAIT_FOR_DESKS": "false",
            "IOC_ALERTS_RETRY_MIN_SECONDS": "1",
            "IOC_ALERTS_RETRY_MAX_SECONDS": "2",
            **settings,
        }

    def move_clock(self, to: int) -> None:
        """Let it be this instant (epoch seconds) for the alert processes."""
        fresh = self._clock_file.with_suffix(".new")
        fresh.write_text(str(to - time.time()), "ascii")
        fresh.replace(self._clock_file)

    @property
    def mails(self) -> list[Mail]:
        server = self.server
        return [mail_of(*pair) for pair in zip(server.recipients, list(server.mails), strict=False)]

    def told(self, to: str = "") -> list[Mail]:
        return [mail for mail in self.mails if mail.to.startswith(to)]

    def start(self, *, ready: bool = True, **settings: str) -> WorkerProcess:
        process = WorkerProcess({**self.env, **settings}, "ioc.alerts")
        self.processes.append(process)
        if ready:
            process.wait_ready(90)
        return process

    def close(self) -> None:
        for process in self.processes:
            process.kill()

    def case_states(self) -> dict[str, tuple[str, str]]:
        return {
            row[0]: (row[1], row[2])
            for row in self.rig.rows("SELECT alert_id, toString(state), why FROM alert_cases FINAL")
        }

    def written_down(self, files: int) -> bool:
        """Whether that many files were told of, and the ledger knows every message as sent."""
        ledger = self.deliveries()
        told = {alert_id for *_, ids in ledger for alert_id in ids}
        return len(told) == files and {row[2] for row in ledger} == {"sent"}

    def deliveries(self) -> list[tuple[Any, ...]]:
        return self.rig.rows(
            "SELECT kind, person, toString(state), repeat, alert_ids FROM alert_deliveries FINAL"
            " ORDER BY due_at, delivery_id"
        )

    def wait_for(self, condition: Callable[[], Any], what: str) -> Any:
        """Wait for something, as long as no process has died."""

        def met() -> Any:
            for process in (*self.processes, *self.rig.workers):
                assert process.alive or process.process.returncode in (0, -9), (
                    f"a process died: {''.join(process.output[-80:])}"
                )
            return condition()

        return eventually(met, lambda: f"{what}; {self.describe()}", 90)

    def describe(self) -> str:
        """Say how far everything has come, for whoever looks into a test that failed."""
        cases = self.rig.rows(
            "SELECT alert_id, toString(state), unit, handler, told_at, unknown_since, digest, level"
            " FROM alert_cases FINAL ORDER BY raised_at"
        )
        sent = [row[:4] for row in self.deliveries()]
        subjects = [mail.subject for mail in self.mails]
        ended = [
            f"{process.process.args} ended with {process.process.returncode}: "
            f"{''.join(process.output[-20:])}"
            for process in (*self.processes, *self.rig.workers)
            if not process.alive
        ]
        return f"cases {cases}, messages {sent}, mails {subjects}, {ended or 'all live'}"

    def wait_mails(self, count: int, to: str = "") -> list[Mail]:
        self.wait_for(lambda: len(self.told(to)) >= count, f"{count} mails to {to or 'anybody'}")
        return self.told(to)


def dossier_in(text: str) -> list[str]:
    """The test dossiers that a message names."""
    # A link's token may look like one.
    return sorted(set(re.findall(r"[A-Z]+-\d+", re.sub(r"https?://\S+", "", text))))


@contextmanager
def alert_rig(rig: Rig, folder: Path, **options: Any) -> Iterator[tuple[AlertRig, MailServer]]:
    with mail_server() as server:
        alerts = AlertRig(rig, server, folder, **options)
        try:
            yield alerts, server
        finally:
            alerts.close()
