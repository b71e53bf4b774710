"""Answering in a real Chromium: on a phone by link, on the wall; mails at the widths of readers."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from answers_kit import OTHER_WARD, WARD, Answers, answers_server
from browser import chromium, watched_page
from playwright.sync_api import Browser, Page
from wall_kit import Wall
from wall_stage import PASSWORD, running

from ioc.alerts.messages.samples import write_samples
from ioc.wall import accounts

PHONE = {"width": 360, "height": 740}
NEXT_WEEK = (
    dt.datetime.now(dt.timezone(dt.timedelta(hours=7))).date() + dt.timedelta(days=7)
).isoformat()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def server(clickhouse, tmp_path_factory) -> Iterator[Answers]:
    with answers_server(
        clickhouse, f"answers_{uuid.uuid4().hex}", tmp_path_factory.mktemp("answers")
    ) as made:
        yield made


@pytest.fixture
def alert(server: Answers) -> str:
    return server.add_case(f"overdue/{uuid.uuid4().hex}/1")


def is_wider_than_its_window(page: Page) -> bool:
    return page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth")


def test_a_phone_acknowledges_and_explains_without_an_account(
    browser: Browser, server: Answers, alert: str
):
    with watched_page(browser, PHONE) as watched:
        page, link = watched.page, server.link(alert)
        page.goto(link)
        assert not is_wider_than_its_window(page)
        assert "000.25.28.H28-240903-0003" in page.inner_text("main")
        assert server.answers(alert) == [], "the page alone changes nothing"
        page.click("button:has-text('Xác nhận đã nhận')")
        page.wait_for_selector("[role=status]")
        assert [row[2] for row in server.answers(alert)] == ["acknowledged"]

        page.goto(link)
        page.select_option("[name=cause]", "other")
        page.click("button:has-text('Gửi giải trình')")
        page.wait_for_selector("[role=alert]")
        assert "hãy ghi nội dung" in page.inner_text("[role=alert]")
        page.fill("[name=note]", "gọi lại 0912 345 678")
        page.click("button:has-text('Gửi giải trình')")
        page.wait_for_selector("textarea[aria-invalid=true] >> visible=true")
        assert "số điện thoại" in page.inner_text("[role=alert]")
        page.fill("[name=note]", "chờ xác minh thực địa")
        page.fill("[name=expected_on]", NEXT_WEEK)
        page.click("button:has-text('Gửi giải trình')")
        page.wait_for_selector("[role=status]")
        row = ("mot-cua", "desk_lead", "explained", "other", "chờ xác minh thực địa", NEXT_WEEK)
        assert server.answers(alert)[-1][:6] == row

        page.goto(link)
        assert "Liên kết đã hết hạn hoặc đã được sử dụng" in page.inner_text("h1")
        assert not is_wider_than_its_window(page)
        # A page that may not be shown (422, 410) is told on the console, and nothing else is.
        assert [line for line in watched.errors if "status of 4" not in line] == []
        assert watched.hosts == {"127.0.0.1"}


def test_a_page_needs_no_script(browser: Browser, server: Answers, alert: str):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(server.link(alert))
        page.click("button:has-text('Xác nhận đã nhận')")
        page.wait_for_load_state()
        assert len(server.answers(alert)) == 1
    finally:
        context.close()


@pytest.fixture(scope="module")
def wall(clickhouse, server: Answers, tmp_path_factory) -> Iterator[Wall]:
    folder = tmp_path_factory.mktemp("wall")
    users = folder / "users.json"
    for name in ("mot-cua", "stranger"):
        accounts.put(users, name, PASSWORD)
    made = Wall(
        clickhouse,
        server.database,
        folder,
        IOC_WALL_USERS_FILE=str(users),
        IOC_ALERTS_PEOPLE_FILE=str(server.people_file),
    )
    with running(made):
        yield made


def sign_in(page: Page, wall: Wall, name: str) -> None:
    page.goto(f"{wall.url}/alerts")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("button")
    page.wait_for_url("**/alerts")


def test_people_answer_and_silence_on_the_wall(
    browser: Browser, server: Answers, alert: str, wall: Wall
):
    foreign = server.add_case(
        f"overdue/{uuid.uuid4().hex}/1", unit=OTHER_WARD, handler=OTHER_WARD, dossier_id="FOREIGN-1"
    )
    with watched_page(browser, {"width": 1280, "height": 900}) as watched:
        page = watched.page
        sign_in(page, wall, "mot-cua")
        assert "FOREIGN-1" not in page.inner_text("main")
        page.goto(f"{wall.url}/alerts/one?id={alert}")
        page.select_option("[name=cause]", "staff")
        page.fill("[name=note]", "thiếu một cán bộ")
        page.click("button:has-text('Gửi giải trình')")
        page.wait_for_selector("[role=status]")
        assert server.answers(alert) == [
            ("mot-cua", "desk_lead", "explained", "staff", "thiếu một cán bộ", "1970-01-01", "wall")
        ]
        assert "thiếu một cán bộ" in page.inner_text("main"), "the list shows what was said"
        page.goto(f"{wall.url}/alerts/one?id={foreign}")
        assert "không thuộc phạm vi" in page.inner_text("[role=alert]")

        page.goto(f"{wall.url}/alerts")
        offered = page.eval_on_selector_all("[name=unit] option", "all => all.map(o => o.value)")
        assert offered == [f"{WARD}-2025"], "the unit of today, not those that it replaced"
        page.select_option("[name=rule]", "due_soon")
        page.fill("[name=last]", NEXT_WEEK)
        page.fill("[name=reason]", "chuyển phần mềm")
        page.click("button:has-text('Tạm ngừng')")
        page.wait_for_selector("text=Lý do: chuyển phần mềm")
        standing = "SELECT count() FROM alert_silences FINAL WHERE ended_at = 0"
        assert server.rows(standing) == [(1,)]
        page.click("button:has-text('Bật lại')")
        page.wait_for_selector("text=Không có tạm ngừng nào.")
        assert server.rows(standing) == [(0,)]
        assert [line for line in watched.errors if "status of 4" not in line] == []


def test_the_wall_leads_to_the_alerts_and_strangers_answer_nothing(
    browser: Browser, server: Answers, alert: str, wall: Wall
):
    with watched_page(browser) as watched:
        page = watched.page
        sign_in(page, wall, "stranger")
        assert "không có trong danh sách" in page.inner_text("[role=alert]")
        answered = page.request.post(
            f"{wall.url}/alerts/answer",
            form={"alert": alert, "kind": "acknowledged"},
            headers={"Origin": wall.url},
        )
        assert answered.status == 422
        foreign = page.request.post(
            f"{wall.url}/alerts/answer",
            form={"alert": alert, "kind": "acknowledged"},
            headers={"Origin": "https://elsewhere.example"},
        )
        assert foreign.status == 403
        page.goto(wall.url)
        page.click("a[href='/alerts']")
        page.wait_for_url("**/alerts")
    assert server.answers(alert) == []


@pytest.mark.parametrize("width", [600, 360])
def test_mails_fit_the_widths_of_their_readers(browser: Browser, tmp_path: Path, width: int):
    written = [path for path in write_samples(tmp_path, "vi", None) if path.suffix == ".html"]
    assert len(written) > 15
    with watched_page(browser, {"width": width, "height": 800}) as watched:
        page = watched.page
        for path in written:
            page.goto(path.as_uri())
            assert not is_wider_than_its_window(page), path.name
            cut = page.evaluate(
                "() => [...document.querySelectorAll('td, div, a')]"
                ".filter((each) => each.scrollWidth > each.clientWidth + 1"
                " && getComputedStyle(each).display !== 'inline'"
                " && getComputedStyle(each).display !== 'none').map((each) => each.textContent)"
            )
            assert cut == [], path.name
        digest = next(path for path in written if path.stem.endswith("-digest"))
        page.goto(digest.as_uri())
        lines = page.locator("td[align=right]").count()
        assert lines == 10, "ten lines"
        assert watched.hosts <= {""}, "a mail fetches nothing"
