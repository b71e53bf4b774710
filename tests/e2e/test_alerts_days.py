"""Days of alerts on real engines, a real mail server and a moved clock: nights, mornings, silences,
limits, a mail server that is away, a preview, answers from a phone, and the chain.

One set of processes; the clock only goes forward, so the tests run in the order of the file.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from alert_rig import dossier_in
from alert_stage import (
    ASKED,
    CALENDAR,
    HOOKED,
    HOUR,
    LOUD,
    PHONE_NUMBER,
    QUIET,
    WEBHOOK_KEY,
    WRONGED,
    Stage,
    alert_stage,
)
from browser import chromium, watched_page
from live_events import accepted, now, overdue_id, resolved, result
from playwright.sync_api import Browser, Page

from ioc.alerts.answers.api_keys import add_key
from ioc.alerts.channels.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, verify
from schemas.calendar.local_time import date_of_day, day_start, local_day

PHONE = {"width": 390, "height": 800}


@pytest.fixture(scope="module")
def stage(kafka, clickhouse, tmp_path_factory) -> Iterator[Stage]:
    with alert_stage(kafka, clickhouse, tmp_path_factory.mktemp("days")) as stage:
        yield stage


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def test_the_night_is_for_urgent_files_the_morning_for_the_others(stage: Stage) -> None:
    stage.raise_late(QUIET, "NIGHT-1")
    # What came later is told at once where it is urgent: the other was looked at before.
    stage.raise_late(LOUD, "LOUD-1")
    stage.hears("loud", "LOUD-1")
    assert stage.alerts.told("quiet") == [] == stage.alerts.told("head")
    stage.at(stage.monday, 7.01)
    stage.hears("quiet", "NIGHT-1")
    stage.alerts.wait_for(lambda: stage.alerts.told("head"), "the morning digest")
    (morning,) = stage.alerts.told("head")
    assert morning.subject.startswith("Bản tin sáng")
    assert stage.alerts.told("leader") == [], "its hour is 07:30"
    stage.at(stage.monday, 7.51)
    stage.alerts.wait_for(lambda: stage.alerts.told("leader"), "the weekly digest")
    (weekly,) = stage.alerts.told("leader")
    assert weekly.subject.startswith("Bản tin tuần")
    assert {"NIGHT-1", "LOUD-1"} <= set(dossier_in(weekly.text)) or weekly.attached
    stage.at(stage.monday, 8)
    stage.raise_late(LOUD, "LOUD-2")
    stage.hears("loud", "LOUD-2")
    assert len(stage.alerts.told("leader")) == len(stage.alerts.told("head")) == 1, "once a day"


def test_a_silence_holds_and_forgets_nothing(stage: Stage) -> None:
    end = day_start(stage.monday) + 10 * HOUR
    stage.alerts.rig.client.insert(
        "alert_silences",
        [["s-1", QUIET, "overdue", 1, end, "chuyển phần mềm", "leader", "province_leader", 1]],
        column_names=[
            "silence_id", "unit", "rule", "starts_at", "ends_at", "reason", "person", "role",
            "version",
        ],
    )  # fmt: skip
    stage.at(stage.monday, 9)
    stage.raise_late(QUIET, "HUSH-1")
    stage.raise_late(LOUD, "LOUD-3")
    stage.hears("loud", "LOUD-3")
    assert "HUSH-1" not in stage.knows_of("quiet")
    stage.at(stage.monday, 10.01)
    stage.hears("quiet", "HUSH-1")


def test_a_preview_is_a_page_that_counts_what_would_be_told(
    stage: Stage, browser: Browser, tmp_path: Path
) -> None:
    today = date_of_day(local_day(int(time.time())))
    page_file, last = tmp_path / "preview.html", today + dt.timedelta(days=7)
    made = subprocess.run(
        [sys.executable, "-m", "ioc.cli", "alerts", "preview", "--from", today.isoformat(),
         "--to", last.isoformat(), "--page", str(page_file)],
        env=stage.alerts.env, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    assert page_file.as_uri() in made.stdout.replace("\n", "")
    ((files,),) = stage.alerts.rig.rows("SELECT uniqExact(dossier_id) FROM alerts")
    for width in (1280, 390):
        with watched_page(browser, {"width": width, "height": 900}) as watched:
            page = watched.page
            page.goto(page_file.as_uri())
            assert page.inner_text("#alerts") == str(files), "as many as workers raised"
            rules = page.inner_text("#by-rule tbody tr").split()
            assert rules[-1] == str(files)
            people = set(page.locator("#by-person tbody td:first-child").all_inner_texts())
            assert {"quiet", "loud", "head"} <= people
            assert "@" not in page.content(), "no contacts"
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            assert watched.errors == [] and watched.hosts <= {""}, "it fetches nothing"


def test_a_preview_of_weeks_that_are_over_counts_what_the_rules_would_have_sent(
    stage: Stage, browser: Browser, tmp_path: Path
) -> None:
    """What a province asks before its rules go live; today's late files have no part in it."""
    monday = local_day(int(time.time())) - 42
    monday = CALENDAR.next_working_day(monday - (monday + 3) % 7)

    def at(days: int, hour: float) -> dt.datetime:
        return dt.datetime.fromtimestamp(day_start(monday + days) + hour * HOUR, dt.UTC)

    due = at(1, 10)
    late, in_time = ["WEEK-1", "WEEK-2", "WEEK-3"], ["TIMELY-1", "TIMELY-2"]
    begun = at(0, 8).isoformat()
    said = {"occurred_at": begun, "received_at": begun, "receiver": ASKED, "backfill": True}
    stage.replay(
        [
            *(accepted(name, due, **said) for name in (*late, *in_time)),
            *(result(name, at(7, 9)) for name in late),
            *(result(name, at(1, 9)) for name in in_time),
        ]
    )
    done = (
        "SELECT count() FROM dossiers FINAL"
        " WHERE finished_at > 0 AND dossier_id IN {names:Array(String)}"
    )
    stage.alerts.wait_for(
        lambda: stage.alerts.rig.rows(done, names=[*late, *in_time]) == [(5,)], "all are stored"
    )
    page_file = tmp_path / "preview.html"
    first, last = (date_of_day(monday + days).isoformat() for days in (-2, 14))
    made = subprocess.run(
        [sys.executable, "-m", "ioc.cli", "alerts", "preview", "--from", first, "--to", last,
         "--page", str(page_file)],
        env=stage.alerts.env, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    with watched_page(browser, {"width": 1280, "height": 900}) as watched:
        page = watched.page
        page.goto(page_file.as_uri())
        assert page.inner_text("#alerts") == str(len(late))
        rows = {
            cells[0]: cells
            for cells in (
                row.locator("td").all_inner_texts()
                for row in page.locator("#by-person tbody tr").all()
            )
        }
        assert rows["asked"] == ["asked", str(len(late))], "each of them singly"
        # Nobody answered for a day: those above heard, too, beside their digests.
        assert set(rows) == {"asked", "head", "leader"}, "of today's files nobody hears then"
        assert watched.errors == []


def test_a_late_event_takes_an_alert_back_and_one_in_time_raises_none(stage: Stage) -> None:
    alerts = stage.alerts
    stage.at(stage.monday, 13.6)
    due = now() + dt.timedelta(seconds=6)
    files = [accepted(f"{name}-1", due, receiver=WRONGED) for name in ("WRONG", "RIGHT", "DONE")]
    stage.replay([*files, resolved("DONE-1")])
    stage.hears("wronged", "WRONG-1", "RIGHT-1")
    # An event that comes late says that one was done in time: its alert is taken back.
    stage.replay([result("WRONG-1", due - dt.timedelta(seconds=2))])
    alerts.wait_for(lambda: len(alerts.told("wronged")) == 3, "the alert is taken back")
    third = alerts.told("wronged")[-1]
    assert dossier_in(third.text) == ["WRONG-1"]
    assert "Rút cảnh báo: hồ sơ WRONG-1 đã xử lý xong đúng hạn" in third.subject
    # The other was done, late: the alert was right, and is over.
    stage.replay([resolved("RIGHT-1")])
    right, wrong = overdue_id("RIGHT-1", due), overdue_id("WRONG-1", due)
    alerts.wait_for(lambda: alerts.case_states()[right] == ("resolved", "done"), "it is over")
    assert alerts.case_states()[wrong] == ("withdrawn", "done_in_time")
    assert len(alerts.told("wronged")) == 3 and "DONE-1" not in stage.knows_of("wronged")
    assert overdue_id("DONE-1", due) not in alerts.case_states()


def test_beyond_the_limit_one_summary_tells_the_rest(stage: Stage) -> None:
    stage.at(stage.monday, 14)
    names = [f"MANY-{number}" for number in range(5)]
    stage.raise_late(QUIET, *names)
    mails = stage.hears("quiet", *names)
    subjects = [mail.subject for mail in mails]
    assert sum("Tổng hợp" in subject for subject in subjects) == 1, subjects
    assert len(mails) <= 4, "three an hour, and the summary"
    named = [name for mail in mails for name in dossier_in(mail.text)]
    assert sorted(named) == sorted(names), "each once"
    stage.raise_late(QUIET, "NEXT-1")
    stage.raise_late(LOUD, "LOUD-4")
    stage.hears("loud", "LOUD-4")
    assert "NEXT-1" not in stage.knows_of("quiet"), "nothing more after the summary"
    stage.at(stage.monday, 15.05)
    stage.hears("quiet", "NEXT-1")


def test_servers_of_mail_and_of_a_webhook_come_back_an_hour_later(stage: Stage) -> None:
    servers = (stage.alerts.server, stage.gateway)
    for server in servers:
        server.stop()
    try:
        stage.raise_late(ASKED, "AWAY-1")
        stage.raise_late(HOOKED, "AWAY-2")
        waiting = "SELECT uniqExact(channel) FROM alert_deliveries FINAL WHERE state = 'waiting'"
        stage.alerts.wait_for(lambda: stage.alerts.rig.rows(waiting)[0][0] == 2, "both wait")
        stage.at(stage.monday, 16.1)
    finally:
        for server in servers:
            server.start()
    (mail,) = stage.hears("asked", "AWAY-1")
    assert "có thể trùng" not in mail.subject + mail.text, "it surely had not arrived"
    stage.alerts.wait_for(lambda: stage.gateway.posted, "the webhook's message")
    sent = "SELECT toString(state) FROM alert_deliveries FINAL WHERE channel = 'zalo'"
    stage.alerts.wait_for(lambda: stage.alerts.rig.rows(sent) == [("sent",)], "it is written down")
    (posted,) = stage.gateway.posted
    body = json.loads(posted.body)
    assert dossier_in(body["text"]) == ["AWAY-2"]
    assert (body["to"], body["repeat"]) == (PHONE_NUMBER, False)
    stamp, mark = (posted.headers[name.lower()] for name in (TIMESTAMP_HEADER, SIGNATURE_HEADER))
    assert verify(WEBHOOK_KEY.encode(), stamp, mark, posted.body, int(stamp))


def on_the_phone(browser: Browser, link: str, act: Callable[[Page], None]) -> None:
    with watched_page(browser, PHONE) as watched:
        watched.page.goto(link)
        act(watched.page)
        watched.page.wait_for_selector("[role=status]")


def acknowledge(page: Page) -> None:
    page.click("button:has-text('Xác nhận đã nhận')")


def test_from_a_late_file_to_its_end(stage: Stage, browser: Browser) -> None:
    """Mail, link, scanner, phone; shown up the chain; up it goes only without an answer."""
    alerts, answers = stage.alerts, stage.answers
    first = CALENDAR.add_working_days(stage.monday, 1)
    second, third = (CALENDAR.add_working_days(stage.monday, n) for n in (2, 3))
    stage.at(first, 9)
    ids = stage.raise_late(ASKED, "ASK-1", "ASK-2", "ASK-3")
    mails = stage.hears("asked", *ids)
    link_of = {dossier_in(mail.text)[0]: mail.links[0] for mail in mails}
    assert len(mails) == len(link_of) == 3, "each file has a mail and a link of its own"
    for link in link_of.values():
        assert link.startswith(answers.url)
        # A mail scanner follows every link that it finds.
        assert httpx.get(link, timeout=30).status_code == 200
        httpx.head(link, timeout=30)
    assert answers.rows("SELECT count() FROM alert_answers") == [(0,)]

    def explain(page: Page) -> None:
        page.select_option("[name=cause]", "waits_for_agency")
        page.fill("[name=note]", "chờ xác minh thực địa")
        page.fill("[name=expected_on]", date_of_day(second).isoformat())
        page.click("button:has-text('Gửi giải trình')")

    on_the_phone(browser, link_of["ASK-1"], acknowledge)
    on_the_phone(browser, link_of["ASK-2"], explain)
    stands = {ids["ASK-1"]: "acknowledged", ids["ASK-2"]: "explained", ids["ASK-3"]: "open"}
    alerts.wait_for(
        lambda: stands.items() <= {key: state for key, (state, _) in alerts.case_states().items()}
        .items(),
        "the alerts say what was answered",
    )  # fmt: skip

    # The head sees what was said before anything comes up to him.
    token = add_key(answers.api_keys_file, "head")
    listed = httpx.get(
        f"{answers.url}/v1/alerts", headers={"Authorization": f"Bearer {token}"}, timeout=30
    )
    said = {each["dossier_id"]: each for each in listed.json()["alerts"]}
    assert "chờ xác minh thực địa" in str(said["ASK-2"]), listed.text
    assert "ASK-3" not in stage.knows_of("head")

    # Eight working hours without an answer: one file goes up, the answered ones do not.
    stage.at(second, 9.05)
    (escalated,) = stage.hears("head", "ASK-3")
    assert "Chuyển cấp trên: chưa phản hồi sau 8 giờ làm việc" in escalated.subject
    assert not {"ASK-1", "ASK-2"} & stage.knows_of("head")

    # The promised day passed: the explained one goes up, and with it what was said.
    stage.at(CALENDAR.add_working_days(third, 1), 8)
    (broken,) = [m for m in stage.hears("head", "ASK-2") if "Chuyển cấp" in m.subject]
    assert "chờ xác minh thực địa" in broken.text
    stage.hears("leader", "ASK-3")
    assert "ASK-1" not in stage.knows_of("head") | stage.knows_of("leader"), "somebody has it"

    stage.replay([resolved("ASK-3")])
    alerts.wait_for(
        lambda: alerts.case_states()[ids["ASK-3"]] == ("resolved", "done"), "it is settled"
    )
    with watched_page(browser, PHONE) as watched:
        watched.page.goto(link_of["ASK-3"])
        assert watched.page.locator("button").count() == 0, "nothing is asked any more"
