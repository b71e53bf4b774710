"""A real answers' server on a database of its own, with cases, people and keys to answer with."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import clickhouse_connect
import httpx
from alert_servers import wait_until

from ioc.alerts.answers.links import AnswerLinks, LinkSigner
from ioc.embedded.clickhouse import EmbeddedClickHouse
from schemas.events.shard import shard_of
from schemas.tables.migrate import migrate

KEY = "0123456789abcdef" * 3
GRAFANA_TOKEN = "grafana-token-0123456789"
WARD, OTHER_WARD, PROVINCE = "04795", "04828", "25"
DOSSIER = "000.25.28.H28-240903-0003"

PEOPLE = """
version: 1
people:
  - id: mot-cua
    title: Phụ trách Một cửa
    posts: [{{role: desk_lead, unit: "{ward}"}}]
    contacts: {{email: mot-cua@example.vn}}
    may_silence: true
  - id: other
    title: Phụ trách Một cửa khác
    posts: [{{role: desk_lead, unit: "{other}"}}]
    contacts: {{email: other@example.vn}}
  - id: leader
    title: Leader
    language: en
    posts: [{{role: province_leader, unit: "{province}"}}]
    contacts: {{email: leader@example.vn}}
    may_silence: true
  - id: technician
    title: Kỹ thuật
    posts: [{{role: technician, unit: "{province}"}}]
    contacts: {{email: technician@example.vn}}
"""


class Answers:
    """`python -m ioc.alerts.answers` and what a test needs beside it."""

    def __init__(self, engine: EmbeddedClickHouse, database: str, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.people_file = folder / "people.yaml"
        self.api_keys_file = folder / "api-keys.json"
        self.write_people(PEOPLE.format(ward=WARD, other=OTHER_WARD, province=PROVINCE))
        key = folder / "links.key"
        key.write_text(KEY)
        key.chmod(0o600)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("IOC_")}
        self.environment = {
            **kept,
            "IOC_CLICKHOUSE_URL": engine.url,
            "IOC_CLICKHOUSE_DATABASE": database,
            "IOC_CLICKHOUSE_USERNAME": engine.username,
            "IOC_CLICKHOUSE_PASSWORD": engine.password,
            "IOC_CLICKHOUSE_READ_PASSWORD": engine.read_password,
            "IOC_ALERTS_PEOPLE_FILE": str(self.people_file),
            "IOC_ANSWERS_PORT": "0",
            "IOC_ANSWERS_KEY_FILE": str(key),
            "IOC_ANSWERS_API_KEYS_FILE": str(self.api_keys_file),
            "IOC_ANSWERS_GRAFANA_TOKEN": GRAFANA_TOKEN,
        }
        self.client = clickhouse_connect.get_client(
            host=engine.host, port=engine.port, username=engine.username,
            password=engine.password, database=database, autogenerate_session_id=False,
        )  # fmt: skip
        self._log = folder / "answers.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def write_people(self, text: str) -> None:
        fresh = self.people_file.with_suffix(".new")
        fresh.write_text(text, encoding="utf-8")
        fresh.chmod(0o600)
        fresh.replace(self.people_file)

    def start(self) -> None:
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ioc.alerts.answers"],
                env=self.environment, stdout=log, stderr=subprocess.STDOUT, cwd=self.folder,
            )  # fmt: skip

        def address() -> str | None:
            assert self.process is not None
            assert self.process.poll() is None, self.output
            found = re.search(r"LISTENING (http://\S+)", self.output)
            return found.group(1) if found else None

        self.url = wait_until(address, "the answers' server", 90)

    @property
    def output(self) -> str:
        return self._log.read_text("utf-8") if self._log.exists() else ""

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.client.close()

    # -- what there is to answer ------------------------------------------------------------

    def add_case(self, alert_id: str, **changes: Any) -> str:
        """Store a case that is open; returns its id."""
        now = int(time.time())
        dossier = changes.pop("dossier_id", DOSSIER)
        row = {
            "alert_id": alert_id,
            "rule": "overdue",
            "dossier_id": dossier,
            "shard": shard_of(dossier),
            "unit": WARD,
            "handler": WARD,
            "receiver": WARD,
            "field": "",
            "procedure": "1.001193",
            "leg": 0,
            "about_at": now - 86_400,
            "crossed_at": now - 3_600,
            "raised_at": dt.datetime.now(dt.UTC),
            "digest": 0,
            "state": "open",
            "version": 2,
            **changes,
        }
        self.client.insert("alert_cases", [list(row.values())], column_names=list(row))
        return alert_id

    def add_message(self, notice_id: str, person: str, alert_ids: list[str]) -> str:
        row = {
            "delivery_id": f"{notice_id}@email", "notice_id": notice_id, "kind": "group",
            "person": person, "role": "desk_lead", "unit": WARD, "channel": "email",
            "state": "sent", "alert_ids": alert_ids, "rounds": [0] * len(alert_ids), "version": 3,
        }  # fmt: skip
        self.client.insert("alert_deliveries", [list(row.values())], column_names=list(row))
        return notice_id

    def link(self, alert_id: str, person: str = "mot-cua", hours: float = 1, **changes: Any) -> str:
        links = AnswerLinks(LinkSigner(changes.get("key", KEY)), self.url, hours)
        made_at = int(time.time()) + changes.get("shift", 0)
        return links.of_alert(person, changes.get("role", "desk_lead"), alert_id, made_at)

    def link_to_message(self, notice_id: str, person: str = "mot-cua") -> str:
        links = AnswerLinks(LinkSigner(KEY), self.url, 1)
        return links.of_notice(person, "desk_lead", notice_id, int(time.time()))

    def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        return list(self.client.query(sql, parameters=parameters).result_rows)

    def answers(self, alert_id: str) -> list[tuple[Any, ...]]:
        return self.rows(
            "SELECT person, role, toString(kind), cause, note, toString(expected_on), via"
            " FROM alert_answers FINAL WHERE alert_id = {id:String} ORDER BY made_at, kind",
            id=alert_id,
        )

    def post(self, url: str, **fields: Any) -> httpx.Response:
        """Post a form as a browser does that shows the page."""
        return httpx.post(url, data=fields, headers={"Origin": self.url}, timeout=30)


@contextmanager
def answers_server(engine: EmbeddedClickHouse, database: str, folder: Path) -> Iterator[Answers]:
    client = clickhouse_connect.get_client(
        host=engine.host, port=engine.port, username=engine.username, password=engine.password
    )
    migrate(client, database)
    client.close()
    server = Answers(engine, database, folder)
    try:
        server.start()
        yield server
    finally:
        server.end()
