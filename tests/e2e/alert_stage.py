"""Everything that sends and answers alerts, on days that a moved clock goes through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alert_rig import PROVINCE, AlertRig, Mail, alert_rig, dossier_in
from alert_servers import Receiver, receiver
from answers_kit import Answers
from live_events import accepted, now, overdue_id
from pipeline_kit import own_rig
from rig import eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.replay.outgoing import OutgoingRecord
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.calendar.local_time import day_of_date, day_start

#: No test gives a desk ten files: it would have a habit, and be silent on the days to come.
ASKED, QUIET, LOUD, WRONGED = "04792-2025", "04795-2025", "04828-2025", "09154"
#: Its lead is told by a webhook, as a Zalo or SMS gateway is one.
HOOKED = "04831-2025"
PHONE_NUMBER, WEBHOOK_KEY = "+84 912 000 000", "k" * 32
HOUR = 3600
CALENDAR = WorkingCalendar(CalendarSettings(_env_file=None))
SETTINGS = {
    "IOC_WORKER_DUE_SOON_WORKING_SECONDS": "0",
    "IOC_WORKER_SESSION_TIMEOUT_SECONDS": "10",
    # The clock of the alert process is days ahead of the feed's.
    "IOC_WORKER_SILENCE_AFTER_SECONDS": "2000000",
}
RULES = f"""
version: 1
delivery: {{group_above: 10, settle_seconds: 0.5, longest_settle_seconds: 2,
           rate: {{messages: 3, per_hours: 1}}}}
morning_digest: {{at: "07:00", roles: [authority_head]}}
weekly_digest: {{on: monday, at: "07:30", roles: [province_leader]}}
rules:
  - {{id: loud, what: overdue, units: ["{LOUD}"], tell: [handler_lead], urgent: true}}
  - {{id: late, what: overdue, tell: [handler_lead],
     escalate: {{after_working_hours: 8, levels: 4}}}}
"""
PEOPLE = "version: 1\npeople:\n" + "".join(
    f"  - {{id: {name}, title: {name}, posts: [{{role: {role}, unit: '{unit}'}}],"
    f" contacts: {{email: {name}@ioc.example}}}}\n"
    for name, role, unit in (
        ("asked", "handler_lead", ASKED),
        ("head", "authority_head", ASKED),
        ("quiet", "handler_lead", QUIET),
        ("loud", "handler_lead", LOUD),
        ("wronged", "handler_lead", WRONGED),
        ("leader", "province_leader", PROVINCE),
        ("technician", "technician", PROVINCE),
    )
)
PEOPLE += (
    "  - {id: hooked, title: hooked, posts: [{role: handler_lead, unit: '"
    f"{HOOKED}'}}], contacts: {{zalo: '{PHONE_NUMBER}'}}}}\n"
)


@dataclass
class Stage:
    """Everything that runs, and the first of the days that the clock goes through."""

    alerts: AlertRig
    answers: Answers
    gateway: Receiver
    monday: int

    def replay(self, records: Iterable[OutgoingRecord]) -> None:
        """Send events; the loop of a browser may run in the test's own thread."""
        with ThreadPoolExecutor(1) as pool:
            pool.submit(self.alerts.rig.replay, list(records)).result()

    def raise_late(self, unit: str, *names: str) -> dict[str, str]:
        """Let files of a unit be late; returns the ids of their alerts once they are cases."""
        late = now() - dt.timedelta(seconds=1)
        self.replay(accepted(name, late, receiver=unit) for name in names)
        ids = {name: overdue_id(name, late) for name in names}
        eventually(
            lambda: set(ids.values()) <= self.alerts.case_states().keys(),
            f"{names} are cases",
            90,
        )
        return ids

    def at(self, day: int, hour: float) -> None:
        """Let it be this local time of a day."""
        self.alerts.move_clock(day_start(day) + round(hour * HOUR))

    def hears(self, person: str, *names: str) -> list[Mail]:
        """Wait until a person was told of all these files; returns the mails."""

        def found() -> list[Mail]:
            return [m for m in self.alerts.told(person) if set(names) & set(dossier_in(m.text))]

        self.alerts.wait_for(
            lambda: {each for mail in found() for each in dossier_in(mail.text)} >= set(names),
            f"{person} hears of {names}",
        )
        return found()

    def knows_of(self, person: str) -> set[str]:
        return {name for mail in self.alerts.told(person) for name in dossier_in(mail.text)}


def weekday_ahead() -> int:
    """The next day with a weekly digest that is at least two days away."""
    today = dt.datetime.now(dt.timezone(dt.timedelta(hours=7))).date()
    monday = today + dt.timedelta(days=7 - today.weekday() + (7 if today.weekday() > 4 else 0))
    return CALENDAR.next_working_day(day_of_date(monday))


def _webhooks(folder: Path, url: str) -> Path:
    key, file = folder / "zalo.key", folder / "webhooks.yaml"
    for path, text in (
        (key, WEBHOOK_KEY),
        (file, f"webhooks: {{zalo: {{url: '{url}/zalo', key_file: '{key}'}}}}\n"),
    ):
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
    return file


@contextmanager
def alert_stage(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, folder: Path
) -> Iterator[Stage]:
    """Start everything in the evening before the first day."""
    with own_rig(kafka, clickhouse, folder, env=SETTINGS) as rig, receiver() as gateway:
        answers = Answers(clickhouse, rig.database, folder)
        with alert_rig(
            rig,
            folder,
            rules=RULES,
            people=PEOPLE,  # where the answers' server reads it, too
            IOC_ALERTS_FIND_SECONDS="1",
            IOC_ALERTS_CHANNELS_FILE=str(_webhooks(folder, gateway.url)),
            IOC_ANSWERS_KEY_FILE=answers.environment["IOC_ANSWERS_KEY_FILE"],
        ) as (alerts, _):
            try:
                rig.start_worker(ready=False)
                answers.start()
                alerts.env["IOC_ANSWERS_PUBLIC_URL"] = answers.url
                stage = Stage(alerts, answers, gateway, weekday_ahead())
                stage.at(stage.monday - 1, 20)
                alerts.start()
                rig.workers[0].wait_ready()
                yield stage
            finally:
                answers.end()
