"""People, rules, a real mail server and real alert processes around a `Rig`."""

from __future__ import annotations

import email
import email.message
import email.policy
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from rig import Rig, eventually

from ioc.embedded.ports import free_ports

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
    at: float


class MailServer:
    """A real SMTP server that keeps what it takes; `refuse` makes it answer 451 for a while."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.refuse = ""
        (self.port,) = free_ports(1)
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = message.get_body(("plain",))
        self.mails.append(
            Mail(
                envelope.rcpt_tos[0],
                str(message["Message-ID"]),
                str(message["Subject"]),
                body.get_content() if body else "",
                time.time(),
            )
        )
        return "250 taken"

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop(no_assert=True)

    def told(self, to: str = "") -> list[Mail]:
        return [mail for mail in list(self.mails) if mail.to.startswith(to)]


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()


class AlertProcess:
    """A real `python -m ioc.alerts`."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        self.output: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ioc.alerts"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output.append(line)
            self._lines.put(line)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def wait_ready(self, timeout_seconds: float = 90.0) -> None:
        deadline = time.monotonic() + timeout_seconds
        while True:
            try:
                line = self._lines.get(timeout=0.1)
            except queue.Empty:
                assert self.alive, f"the process died: {''.join(self.output[-60:])}"
                assert time.monotonic() < deadline, f"not ready: {''.join(self.output[-60:])}"
                continue
            if line.strip() == "READY":
                return

    def wait_end(self, timeout_seconds: float = 90.0) -> int:
        return self.process.wait(timeout_seconds)

    def stop(self, timeout_seconds: float = 30.0) -> int:
        if self.alive:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout_seconds)

    def kill(self) -> None:
        if self.alive:
            self.process.kill()
        self.process.wait()


class AlertRig:
    """Alert processes of one rig; `close` ends them."""

    def __init__(
        self, rig: Rig, server: MailServer, folder: Path,
        *, rules: str = RULES, people: str = PEOPLE, **settings: str,
    ) -> None:  # fmt: skip
        self.rig, self.server = rig, server
        self.processes: list[AlertProcess] = []
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
            "IOC_ALERTS_SESSION_TIMEOUT_SECONDS": "4",
            "IOC_ALERTS_TICK_SECONDS": "0.2",
            "IOC_ALERTS_RETRY_MIN_SECONDS": "1",
            "IOC_ALERTS_RETRY_MAX_SECONDS": "2",
            **settings,
        }

    def start(self, *, ready: bool = True, **settings: str) -> AlertProcess:
        process = AlertProcess({**self.env, **settings})
        self.processes.append(process)
        if ready:
            process.wait_ready()
        return process

    def close(self) -> None:
        for process in self.processes:
            process.kill()

    def case_states(self) -> dict[str, tuple[str, str]]:
        return {
            row[0]: (row[1], row[2])
            for row in self.rig.rows("SELECT alert_id, toString(state), why FROM alert_cases FINAL")
        }

    def deliveries(self) -> list[tuple[Any, ...]]:
        return self.rig.rows(
            "SELECT kind, person, toString(state), repeat, alert_ids FROM alert_deliveries FINAL"
            " ORDER BY due_at, delivery_id"
        )

    def wait_mails(self, count: int, to: str = "", timeout_seconds: float = 60.0) -> list[Mail]:
        def arrived() -> bool:
            for process in self.processes:
                assert process.alive or process.process.returncode in (0, -9), (
                    f"a process died: {''.join(process.output[-80:])}"
                )
            return len(self.server.told(to)) >= count

        eventually(arrived, f"{count} mails to {to or 'anybody'}", timeout_seconds)
        return self.server.told(to)


def dossier_in(text: str) -> list[str]:
    """The test dossiers that a message names."""
    return sorted(set(re.findall(r"[A-Z]+-\d+", text)))


@contextmanager
def alert_rig(rig: Rig, folder: Path, **options: Any) -> Iterator[tuple[AlertRig, MailServer]]:
    with mail_server() as server:
        alerts = AlertRig(rig, server, folder, **options)
        try:
            yield alerts, server
        finally:
            alerts.close()


def environment_without_engines() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("IOC_")}
