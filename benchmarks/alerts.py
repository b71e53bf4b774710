"""Alerts: from due for delivery to a real mail server, singly and in a flood of one second."""

from __future__ import annotations

import datetime as dt
import json
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from benchmarks.child import Child, running
from benchmarks.job_run import FULL
from benchmarks.place import Place
from ioc.replay.outgoing import OutgoingRecord, outgoing
from ioc.replay.sender import send_records
from schemas.events.shard import shard_of
from schemas.reference import Level, UnitRegistry

_MODULE = "ioc.alerts"
_RULES = """
version: 1
delivery: {group_above: 3, rate: {messages: 1000, per_hours: 1}}
rules:
  - {id: late, what: overdue, tell: [handler_lead, desk_lead], urgent: true}
"""
_SINGLE_EVERY_SECONDS = 0.25
_WAIT_SECONDS = 150.0
#: Between sending the flood's files and the second in which all are late.
_LEAD_SECONDS = 30
#: Events of other files a second: ten times those of a large province's working day.
_LOAD_RATE = 200


@dataclass(frozen=True)
class Alerting:
    """What was measured.

    Attributes:
        singles: alerts that came one by one; `p50_ms`, `p99_ms`: due for delivery → taken by the
            mail server.
        flood_files: files that became late in one second.
        flood_seconds: from that second to the last of them told and written down.
        flood_phases: seconds from that second to the first and last alert raised, message planned
            and message sent.
        flood_mails: messages that told them.
        load_rate: other events a second, all the time.
        quiet_p99_ms, flood_p99_ms: event sent → stored, before and during the flood.
    """

    singles: int
    p50_ms: float
    p99_ms: float
    flood_files: int
    flood_seconds: float
    flood_phases: dict[str, float]
    flood_mails: int
    load_rate: int
    quiet_p99_ms: float
    flood_p99_ms: float

    def as_json(self) -> dict[str, Any]:
        """Return the figures for benchmarks.json."""
        return asdict(self)


class _Inbox:
    """A mail server that counts and remembers when each message came."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.mails = 0
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails += 1
        return "250 taken"

    def __enter__(self) -> _Inbox:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop(no_assert=True)


def measure_alerts(place: Place, folder: Path, files: int, single_seconds: float) -> Alerting:
    """Run a worker and an alert process on empty tables and measure both cases.

    Args:
        place: of this run alone.
        folder: for the files of rules and people.
        files: that become late in one second.
        single_seconds: how long single alerts are raised before that.
    """
    communes = [
        unit.code
        for unit in UnitRegistry.load(None).at(dt.datetime.now(dt.UTC).date())
        if unit.level is Level.COMMUNE
    ]
    with _Inbox() as inbox:
        environment = {**place.environment(), **_alert_settings(place, folder, communes, inbox)}
        with (
            running(FULL, folder / "worker.log", environment) as worker,
            running(_MODULE, folder / "alerts.log", environment) as alerts,
        ):
            worker.wait_ready()
            alerts.wait_ready()
            children = (worker, alerts)
            waits = _singles(place, children, communes, single_seconds)
            with _loading(place, communes), _probing(place) as quiet:
                time.sleep(5)
            before = inbox.mails
            due = _send_flood(place, children, communes, files)
            with _loading(place, communes), _probing(place) as busy:
                seconds = _wait_told(place, children, files, due)
            return Alerting(
                len(waits), _rank(waits, 0.5), _rank(waits, 0.99), files, seconds,
                _phases(place, due), inbox.mails - before, _LOAD_RATE, _rank(quiet, 0.99),
                _rank(busy, 0.99),
            )  # fmt: skip


def _alert_settings(
    place: Place, folder: Path, communes: list[str], inbox: _Inbox
) -> dict[str, str]:
    rules, people = folder / "rules.yaml", folder / "people.yaml"
    rules.write_text(_RULES, encoding="utf-8")
    entries = [
        {
            "id": f"{role}-{code}".replace("_", "-").lower(),
            "title": code,
            "posts": [{"role": role, "unit": code}],
            "contacts": {"email": f"{role}.{code}@ioc.example"},
        }
        for code in communes
        for role in ("handler_lead", "desk_lead")
    ]
    # JSON is YAML.
    people.write_text(json.dumps({"version": 1, "people": entries}), encoding="utf-8")
    people.chmod(0o600)
    return {
        "IOC_KAFKA_ALERTS_GROUP": f"{place.name}.alerts-group",
        "IOC_WORKER_DUE_SOON_WORKING_SECONDS": "0",
        "IOC_ALERTS_RULES_FILE": str(rules),
        "IOC_ALERTS_PEOPLE_FILE": str(people),
        "IOC_ALERTS_DATA": str(folder / "alerts"),
        # Measured is the way from "due for delivery"; a file that waits for its desk is not due.
        "IOC_ALERTS_WAIT_FOR_DESKS": "false",
        "IOC_ALERTS_SMTP_HOST": "127.0.0.1",
        "IOC_ALERTS_SMTP_PORT": str(inbox.port),
        "IOC_ALERTS_SMTP_SECURITY": "none",
        "IOC_ALERTS_MAIL_FROM": "ioc@ioc.example",
    }


def _accepted(name: str, unit: str, due: int) -> dict[str, Any]:
    at = dt.datetime.now(dt.UTC).isoformat()
    return {
        "source": "bench",
        "event_id": f"{name}-2",
        "dossier_id": name,
        "status": 2,
        "occurred_at": at,
        "receiver": unit,
        "received_at": at,
        "due_at": dt.datetime.fromtimestamp(due, dt.UTC).isoformat(),
        "limit_unit": "working_hours",
    }


def _singles(
    place: Place, children: Iterable[Child], communes: list[str], seconds: float
) -> list[float]:
    """Raise one alert after the other; return due for delivery → sent, in milliseconds."""
    count = 0
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        unit = communes[count % len(communes)]
        send_records(outgoing([_accepted(f"ONE-{count}", unit, int(time.time()) - 1)]), place.kafka)
        count += 1
        time.sleep(_SINGLE_EVERY_SECONDS)
    sql = (
        "SELECT toUnixTimestamp64Milli(changed_at) - toUnixTimestamp64Milli(due_at), "
        "length(alert_ids) FROM alert_deliveries FINAL WHERE state = 'sent'"
    )
    _until(
        lambda: sum(row[1] for row in place.client.query(sql).result_rows) >= 2 * count,
        lambda: f"all {count} single alerts are sent; {_ledger(place.client)}",
        children,
    )
    return sorted(float(row[0]) for row in place.client.query(sql).result_rows)


def _send_flood(place: Place, children: Iterable[Child], communes: list[str], files: int) -> int:
    due = int(time.time()) + _LEAD_SECONDS

    def records() -> Iterator[OutgoingRecord]:
        yield from outgoing(
            _accepted(f"FLOOD-{number}", communes[number % len(communes)], due)
            for number in range(files)
        )

    send_records(records(), place.kafka)
    sql = "SELECT count() FROM dossiers WHERE startsWith(dossier_id, 'FLOOD-')"
    _until(
        lambda: place.client.query(sql).result_rows[0][0] >= files,
        lambda: "the flood is stored",
        children,
    )
    if time.time() >= due:
        raise RuntimeError("the files became late before all of them were stored")
    return due


def _wait_told(place: Place, children: Iterable[Child], files: int, due: int) -> float:
    """Wait until the last message about the flood is written down as sent."""
    sql = (
        "SELECT sumIf(length(alert_ids), state = 'sent') FROM alert_deliveries FINAL "
        "WHERE due_at >= fromUnixTimestamp64Milli({since:Int64})"
    )
    client = place.reader()
    try:
        _until(
            lambda: (
                client.query(sql, parameters={"since": due * 1000}).result_rows[0][0] >= 2 * files
            ),
            lambda: f"everybody is told of the flood; {_ledger(client)}",
            children,
            every_seconds=1.0,  # reads every message's alerts
        )
    finally:
        client.close()
    return time.time() - due - 1  # late is the second after the due time


def _phases(place: Place, due: int) -> dict[str, float]:
    """Return when each step of the flood began and ended, in seconds since all were late."""
    late_ms = (due + 1) * 1000
    sql = """
        SELECT 'raised', toUnixTimestamp64Milli(min(raised_at)),
               toUnixTimestamp64Milli(max(raised_at))
        FROM alerts WHERE crossed_at = {late_ms:Int64} / 1000
        UNION ALL
        SELECT 'planned', toUnixTimestamp64Milli(min(planned_at)),
               toUnixTimestamp64Milli(max(planned_at))
        FROM alert_deliveries FINAL WHERE due_at >= fromUnixTimestamp64Milli({late_ms:Int64})
        UNION ALL
        SELECT 'sent', toUnixTimestamp64Milli(min(changed_at)),
               toUnixTimestamp64Milli(max(changed_at))
        FROM alert_deliveries FINAL
        WHERE state = 'sent' AND due_at >= fromUnixTimestamp64Milli({late_ms:Int64})
    """
    rows = place.client.query(sql, parameters={"late_ms": late_ms}).result_rows
    return {
        f"{rank}_{step}": round((at - late_ms) / 1000, 1)
        for step, first, last in sorted(rows, key=lambda row: row[2])
        for rank, at in (("first", first), ("last", last))
    }


@contextmanager
def _loading(place: Place, communes: list[str]) -> Iterator[None]:
    """Send events of other files steadily."""
    done = threading.Event()

    def events() -> Iterator[dict[str, Any]]:
        number = 0
        while not done.is_set():
            number += 1
            unit = communes[number % len(communes)]
            yield _accepted(f"LOAD-{time.time_ns()}", unit, int(time.time()) + 86_400)

    thread = threading.Thread(
        target=lambda: send_records(outgoing(events()), place.kafka, rate=_LOAD_RATE), daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(_WAIT_SECONDS)


@contextmanager
def _probing(place: Place) -> Iterator[list[float]]:
    """Send an event again and again and see how long it takes until it is stored."""
    waits: list[float] = []
    done = threading.Event()

    def probe() -> None:
        client = place.reader()
        number = 0
        while not done.is_set():
            name = f"PROBE-{time.time_ns()}-{number}"
            number += 1
            send_records(
                outgoing([_accepted(name, "04795-2025", int(time.time()) + 86_400)]), place.kafka
            )
            sent = time.monotonic()
            # By the table's order: what measures should not weigh on what is measured.
            sql = (
                "SELECT count() FROM dossier_events "
                "WHERE shard = {shard:UInt8} AND dossier_id = {name:String}"
            )
            where = {"name": name, "shard": shard_of(name)}
            while not client.query(sql, parameters=where).result_rows[0][0]:
                time.sleep(0.02)
            waits.append((time.monotonic() - sent) * 1000)
            done.wait(0.2)
        client.close()

    thread = threading.Thread(target=probe, daemon=True)
    thread.start()
    try:
        yield waits
    finally:
        done.set()
        thread.join(_WAIT_SECONDS)
        waits.sort()


def _until(
    condition: Callable[[], bool],
    what: Callable[[], str],
    children: Iterable[Child],
    every_seconds: float = 0.25,
) -> None:
    deadline = time.monotonic() + _WAIT_SECONDS
    while not condition():
        for child in children:
            child.check()
        if time.monotonic() > deadline:
            raise RuntimeError(f"never happened: {what()}")
        time.sleep(every_seconds)


def _ledger(client: Any) -> str:
    """Say how far alerts have come, for whoever looks into a run that failed."""
    cases = client.query(
        "SELECT count(), countIf(told_at > 0), countIf(unknown_since > 0), countIf(digest = 1)"
        " FROM alert_cases FINAL"
    ).result_rows[0]
    messages = client.query(
        "SELECT toString(state), problem, count(), sum(length(alert_ids))"
        " FROM alert_deliveries FINAL GROUP BY ALL"
    ).result_rows
    return f"cases (all, told, unknown, for digests) {cases}, messages {messages}"


def _rank(waits: list[float], share: float) -> float:
    if not waits:
        return 0.0
    if share == 0.5:
        return statistics.median(waits)
    return waits[min(len(waits) - 1, int(share * len(waits)))]
