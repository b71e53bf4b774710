"""Rules that are found by figures, digests, escalation: on real engines and a moved clock."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_rig import UNIT, AlertRig, alert_rig
from live_events import accepted, now, overdue_id
from pipeline_kit import own_rig
from rig import eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.replay.outgoing import OutgoingRecord
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.calendar.local_time import day_start, local_day

SETTINGS = {
    "IOC_WORKER_DUE_SOON_WORKING_SECONDS": "0",
    "IOC_WORKER_SESSION_TIMEOUT_SECONDS": "10",
    # The clock of the alert process is days ahead of the feed's.
    "IOC_WORKER_SILENCE_AFTER_SECONDS": "720000",
}
RULES = """
version: 1
delivery: {group_above: 3, settle_seconds: 0.5, longest_settle_seconds: 2}
morning_digest: {at: "07:00", roles: [authority_head, province_leader]}
weekly_digest: {on: monday, at: "07:30", roles: [province_leader]}
rules:
  - {id: soon, what: due_soon, tell: [desk_lead], lead_working_hours: 8}
  - {id: apology, what: apology_due, tell: [handler_lead], lead_working_hours: 8}
  - {id: late, what: overdue, tell: [handler_lead],
     escalate: {after_working_hours: 4, levels: 4}}
  - {id: no-apology, what: no_apology, tell: [authority_head]}
  - {id: share, what: unit_share, tell: [authority_head], above: 0.1, minimum_open: 2}
  - {id: many, what: unit_count, tell: [province_leader], above: 1}
  - {id: backlog, what: backlog, tell: [authority_head], days: 2}
  - {id: silent, what: silent_desk, tell: [technician]}
"""
#: Nobody holds a post here: the leader of the province hears.
GROWING, SILENT = "04795-2025", "04828-2025"
CALENDAR = WorkingCalendar(CalendarSettings(_env_file=None))
HOUR = 3600


@pytest.fixture
def alerts(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path: Path
) -> Iterator[AlertRig]:
    with (
        own_rig(kafka, clickhouse, tmp_path, env=SETTINGS) as rig,
        alert_rig(
            rig,
            tmp_path,
            rules=RULES,
            IOC_ALERTS_FIND_SECONDS="1",
        ) as (alerts, _),
    ):
        yield alerts


def half_past_eight(working_days_ahead: int) -> int:
    """08:30 of the n-th working day after today, epoch seconds."""
    day = CALENDAR.add_working_days(local_day(int(time.time())), working_days_ahead)
    return day_start(day) + 8 * HOUR + 1800


def off_work() -> int:
    """An instant out of working time, now or later today."""
    now = int(time.time())
    evening = day_start(local_day(now)) + 20 * HOUR
    return evening if CALENDAR.working_seconds(now, evening) else now


def received(name: str, unit: str, day: int) -> OutgoingRecord:
    """A file that a unit received in the first half hour of a day, due long from now."""
    at = dt.datetime.fromtimestamp(day_start(day) + 1200, dt.UTC)
    said = {"occurred_at": at.isoformat(), "received_at": at.isoformat(), "receiver": unit}
    return accepted(name, now() + dt.timedelta(days=60), **said)


def two_days_before(epoch: int) -> tuple[int, int]:
    """The two working days before the day of an instant, latest first."""
    today = local_day(epoch)
    days = [day for day in range(today - 1, today - 20, -1) if CALENDAR.is_working_day(day)]
    return days[0], days[1]


def kinds(alerts: AlertRig) -> set[tuple[str, str, str]]:
    """(kind, person, rule) of every alert in every message that was sent."""
    return {
        (kind, person, alert_id.partition("/")[0])
        for kind, person, state, _, ids in alerts.deliveries()
        if state == "sent"
        for alert_id in ids or ("",)
    }


def test_figures_digests_and_the_next_one_up(alerts: AlertRig) -> None:
    rig = alerts.rig
    rig.start_worker()
    morning = half_past_eight(1)
    noon = dt.datetime.fromtimestamp(morning + 2 * HOUR, dt.UTC)
    late = now() - dt.timedelta(seconds=1)
    yesterday, before = two_days_before(morning)
    rig.replay(
        [
            *(received(f"HABIT-{n}", SILENT, before) for n in range(130)),
            *(received(f"GREW-{n}", GROWING, (yesterday, before)[n % 2]) for n in range(3)),
            *(accepted(f"LATE-{n}", late) for n in (1, 2)),
            accepted("SOON-1", noon),
        ]
    )
    rig.settle()
    # A missing apology is found when it begins to be missing, and waits for the morning.
    alerts.move_clock(off_work())
    alerts.start()
    late_ones = {f"no_apology/LATE-{n}/{int(late.timestamp())}" for n in (1, 2)}
    eventually(lambda: late_ones <= alerts.case_states().keys(), alerts.describe, 90)
    alerts.move_clock(morning)
    expected = {
        ("single", "lead", "overdue"),
        ("single", "lead", "apology_due"),
        ("single", "head", "no_apology"),
        # Nobody leads the desk: its first next one up hears that a file is due soon.
        ("single", "head", "due_soon"),
        ("unit", "head", "unit_share"),
        ("unit", "leader", "unit_count"),
        ("unit", "leader", "backlog"),
        ("technician", "lead", "silent_desk"),
        ("digest", "head", ""),
        ("digest", "leader", ""),
    }
    eventually(
        lambda: expected <= kinds(alerts),
        lambda: f"the first day's messages: {expected - kinds(alerts)} of {kinds(alerts)}",
        90,
    )
    assert not any(kind == "escalation" for kind, _, _ in kinds(alerts))
    states = alerts.case_states()
    assert states[overdue_id("LATE-1", late)] == ("open", "")
    about_units = [each for each in states if each.startswith(("unit_", "backlog", "silent"))]
    about = {rule: unit for rule, unit, *_ in (each.split("/") for each in about_units)}
    assert about == {
        "unit_share": UNIT, "unit_count": UNIT, "backlog": GROWING, "silent_desk": SILENT,
    }  # fmt: skip
    (warning,) = [mail for mail in alerts.told("lead") if "Chưa nhận được dữ liệu" in mail.subject]
    assert "kể từ" in warning.subject
    (digest,) = [mail for mail in alerts.told("head") if mail.attached]
    assert digest.attached[0].endswith(".xlsx")

    # One is acknowledged; a working day later only the other goes up, and says what was answered.
    before_night = len(alerts.deliveries())
    rig.client.insert(
        "alert_answers",
        [[overdue_id("LATE-2", late), "1", "lead", "handler_lead", "acknowledged", "link",
          int(time.time() * 1000), 1]],
        column_names=["alert_id", "answer_id", "person", "role", "kind", "via", "made_at",
                      "version"],
    )  # fmt: skip
    acknowledged = overdue_id("LATE-2", late)
    eventually(lambda: alerts.case_states()[acknowledged][0] == "acknowledged", "it says so")
    alerts.move_clock(half_past_eight(2))
    eventually(
        lambda: ("escalation", "head", "overdue") in kinds(alerts), "the next one up hears", 90
    )
    escalated = [
        alert_id for kind, _, _, _, ids in alerts.deliveries() if kind == "escalation"
        for alert_id in ids
    ]  # fmt: skip
    assert escalated == [overdue_id("LATE-1", late)]
    new = alerts.deliveries()[before_night:]
    repeated = [(kind, person) for kind, person, _, _, ids in new if kind in ("single", "unit")
                and any("LATE" in each or each.startswith("unit") for each in ids)]  # fmt: skip
    assert repeated == [], "what was told yesterday is not told again"
