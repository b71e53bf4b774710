"""Marks, exports and tokens, against the real process and a real warehouse."""

from __future__ import annotations

import csv
import datetime as dt
import io
import time
from collections.abc import Iterator
from typing import Any

import httpx
import openpyxl
import pytest
import wall_rows
import wall_seed
from browser import chromium, watched_page
from playwright.sync_api import Browser
from wall_kit import Wall, until
from wall_stage import (
    PASSWORD,
    SEPTEMBER,
    USER,
    fresh_status,
    migrated,
    running,
    show,
    sign_in,
    wait_until,
)

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.wall import accounts

TOKEN, TV_TOKEN = "a-token-of-the-wall", "a-token-of-the-tvs"
FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def place(
    clickhouse: EmbeddedClickHouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """A wall behind two tokens, and the client of its warehouse."""
    folder = tmp_path_factory.mktemp("access")
    users = folder / "users.json"
    accounts.put(users, USER, PASSWORD)
    with migrated(clickhouse, "wall_access") as client:
        wall_seed.seed_figures(client)
        wall_rows.seed_rows(client)
        _seed_unit_named_like_a_formula(client)
        wall = Wall(
            clickhouse,
            client.database,
            folder,
            IOC_WALL_USERS_FILE=str(users),
            IOC_WALL_TOKEN=TOKEN,
            IOC_WALL_TV_TOKEN=TV_TOKEN,
        )
        with fresh_status(client), running(wall):
            yield wall, client


def _seed_unit_named_like_a_formula(client: Any) -> None:
    unit = {"code": "X1", "name": FORMULA, "level": "commune", "parent": "148", "version": 9,
            "valid_from": dt.date(2020, 1, 1), "valid_to": dt.date(2149, 6, 6)}  # fmt: skip
    wall_seed.insert(client, "units", [unit])
    label = {name: unit[name] for name in ("code", "name", "level", "valid_from", "valid_to")}
    wall_seed.insert(client, "unit_labels", [{**label, "line": ["X1", "148", "17"], "version": 9}])
    row = wall_seed.open_row("X1", ("processing", wall_seed.NOW - 60, 900, 0))
    wall_seed.insert(client, "open_dossiers", [row])


@pytest.fixture
def wall(place) -> Wall:
    return place[0]


@pytest.fixture
def person(wall: Wall) -> Iterator[httpx.Client]:
    """Somebody who signed in, as a browser would."""
    with httpx.Client(base_url=wall.url, headers={"Origin": wall.url}, timeout=20) as client:
        form = {"name": USER, "password": PASSWORD, "next": "/"}
        assert client.post("/login", data=form).status_code == 303
        yield client


def _with(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _get(wall: Wall, path: str, token: str = TOKEN) -> httpx.Response:
    return httpx.get(wall.url + path, headers=_with(token), timeout=20)


def test_a_mark_is_seen_by_everyone_and_is_in_the_log(browser, wall, person):
    with watched_page(browser) as mine, watched_page(browser) as others:
        sign_in(mine.page, wall)
        mine.page.goto(f"{wall.url}/board/province?{SEPTEMBER}")
        others.page.goto(f"{wall.url}/?token={TOKEN}")
        page = show(others, wall, f"/tv?boards=province&{SEPTEMBER}")
        line = mine.page.locator('[data-panel="units_overdue"] li').first
        line.hover()
        line.locator(".badge").click()
        mine.page.fill("dialog textarea", "gọi lại số 0912 345 678")
        mine.page.click("dialog .primary")
        mine.page.wait_for_selector("dialog .error:not(:empty)")
        assert "dữ liệu cá nhân" in mine.page.inner_text("dialog .error")
        mine.page.fill("dialog textarea", "hẹn xong trước 16 giờ")
        mine.page.click("dialog .primary")
        badge = page.locator('[data-panel="units_overdue"] li:first-child .badge.marked')
        badge.wait_for(timeout=10_000)
        assert "hẹn xong trước 16 giờ" in (badge.get_attribute("title") or "")
        assert page.locator("button").count() == 0  # nothing to click on a TV
        mine.page.goto(f"{wall.url}/board/shift?period=today")
        mine.page.wait_for_selector('[data-panel="shift_log"] tbody tr')
        log = mine.page.inner_text('[data-panel="shift_log"]')
        assert "hẹn xong trước 16 giờ" in log
        assert USER in log
        ended = {"kind": "unit", "subject": "X1", "end": True}
        assert person.post("/marks", json=ended).status_code == 200
        badge.wait_for(state="detached", timeout=10_000)
        wait_until(mine.page, "document.querySelector('[data-panel=shift_log]')"
                              ".innerText.includes('Đã bỏ')")  # fmt: skip
        assert [each for each in mine.errors if "400" not in each] == []
        assert others.errors == []


def test_marks_expire_and_those_of_dossiers_are_for_people(wall, person, place):
    def marks(client: Any) -> dict[str, str]:
        frame = client.get("/frame/unit", headers=_with(TOKEN)).json()
        return {mark["subject"]: mark["note"] for mark in frame["marks"]}

    public = httpx.Client(base_url=wall.url, timeout=20)
    for kind, subject, hours in (
        ("unit", wall_rows.CITY, 3 / 3600),
        ("dossier", wall_rows.STORIED, 1),
    ):
        mark = {"kind": kind, "subject": subject, "note": "đã gọi", "hours": hours}
        assert person.post("/marks", json=mark).status_code == 201
    until(lambda: wall_rows.CITY in marks(public), "the unit's mark")
    assert wall_rows.STORIED not in marks(public)
    signed_in = httpx.Client(base_url=wall.url, cookies=person.cookies, timeout=20)
    until(lambda: wall_rows.STORIED in marks(signed_in), "the dossier's mark")
    until(lambda: wall_rows.CITY not in marks(public), "the end of the unit's mark")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"kind": "province"}, 400), ({"subject": ""}, 400), ({"note": "x" * 201}, 400),
        ({"hours": 0}, 400), ({"hours": 10_000}, 400), ({"hours": True}, 400), ({"note": 5}, 400),
        ({"note": "0912.345.678"}, 400), ({"note": "an@example.vn"}, 400),
    ],
)  # fmt: skip
def test_wrong_marks_are_refused(person, change, status):
    mark = {"kind": "unit", "subject": "1", "note": "", "hours": 1, **change}
    assert person.post("/marks", json=mark).status_code == status


def test_only_people_mark_and_only_from_a_page(wall, person):
    mark = {"kind": "unit", "subject": "148", "note": "", "hours": 1}
    for token in (TOKEN, TV_TOKEN):
        headers = {"Origin": wall.url, **_with(token)}
        assert httpx.post(wall.url + "/marks", json=mark, headers=headers).status_code == 403
    foreign = {"Origin": "http://evil.example"}
    assert person.post("/marks", json=mark, headers=foreign).status_code == 403
    assert person.post("/marks", content=b"{" * 5000,
                       headers={"Content-Type": "application/json"}).status_code == 400  # fmt: skip
    assert person.post("/marks", data=mark).status_code == 415


def test_csv_says_what_it_is_and_runs_nothing(wall):
    answer = _get(wall, f"/export/province/units_overdue.csv?{SEPTEMBER}")
    assert answer.status_code == 200
    assert "units_overdue-2024-09-01-2024-09-30.csv" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    facts = {line[0]: line[1] for line in lines[1:8] if len(line) == 2}
    assert lines[0] == ["Đơn vị nhiều hồ sơ quá hạn"]
    assert facts["Định nghĩa"].startswith("Quá hạn trên đang giải quyết")
    assert facts["Kỳ"] == "01/09/2024 – 30/09/2024"
    assert facts["Đủ dữ liệu đến"].count("/") == 2
    rows = [line for line in lines if len(line) > 2]
    assert rows[0][:2] == ["Đơn vị", "Quá hạn"]
    assert rows[1][:2] == [f"'{FORMULA}", "900"]
    assert rows[2][:2] == ["Phường Tân Hòa", "220"]
    english = _get(wall, f"/export/province/units_overdue.csv?{SEPTEMBER}&lang=en").text
    assert "Unit,Overdue" in english


def test_a_workbook_has_numbers_and_no_formula(wall):
    answer = _get(wall, f"/export/province/units_overdue.xlsx?{SEPTEMBER}")
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = [row for row in page.iter_rows() if row[2].value is not None]
    assert [cell.value for cell in rows[0]][:2] == ["Đơn vị", "Quá hạn"]
    assert rows[1][0].value == FORMULA
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n", "d"}
    share = next(cell for cell in rows[2] if cell.number_format == "0.00%")
    assert share.value == pytest.approx(220 / 620)
    figures = _get(wall, f"/export/province/flow.xlsx?{SEPTEMBER}")
    page = openpyxl.load_workbook(io.BytesIO(figures.content)).active
    values = {row[0].value: row[1].value for row in page.iter_rows()}
    assert values["Tiếp nhận"] == 88_646


def test_lists_of_dossiers_are_only_for_people(wall, person):
    path = f"/export/leaders/leaders_overdue.csv?{SEPTEMBER}"
    for token in (TOKEN, TV_TOKEN):
        assert _get(wall, path, token).status_code == 403
        assert _get(wall, "/export/shift/shift_log.xlsx", token).status_code == 403
        frame = _get(wall, f"/frame/leaders?{SEPTEMBER}", token).json()
        assert frame["private"] is False
        assert "overdue_dossiers" not in frame["answers"]
        assert "H28.148-" not in str(frame)
    assert "H28.148-" in person.get(path).text
    assert "H28.148-" in str(person.get(f"/frame/leaders?{SEPTEMBER}").json()["answers"])
    assert _get(wall, "/export/province/nothing.csv").status_code == 404
    assert _get(wall, "/export/province/flow.pdf").status_code == 404
    assert _get(wall, "/board/nothing").status_code == 404
    assert _get(wall, "/board/unit?channel=9").status_code == 400


def test_a_stream_of_dossiers_ends_with_the_session(clickhouse, place, tmp_path):
    """Whoever was signed in when a stream began must not see dossiers for ever."""
    _, client = place
    users = tmp_path / "users.json"
    accounts.put(users, USER, PASSWORD)
    short = {"IOC_WALL_USERS_FILE": str(users), "IOC_WALL_SESSION_HOURS": str(3 / 3600)}
    place = Wall(clickhouse, client.database, tmp_path, **short)
    own = {"Origin": place.url}
    with running(place), httpx.Client(base_url=place.url, headers=own, timeout=20) as person:
        person.post("/login", data={"name": USER, "password": PASSWORD})
        started = time.monotonic()
        with person.stream("GET", f"/events/leaders?{SEPTEMBER}") as stream:
            text = "".join(stream.iter_text())
        assert '"private":true' in text
        assert time.monotonic() - started < 10
        assert person.get(f"/frame/leaders?{SEPTEMBER}").json()["private"] is False


def test_a_stream_of_dossiers_ends_with_the_account(clickhouse, place, tmp_path):
    _, client = place
    users = tmp_path / "users.json"
    accounts.put(users, USER, PASSWORD)
    place = Wall(clickhouse, client.database, tmp_path, IOC_WALL_USERS_FILE=str(users))
    own = {"Origin": place.url}
    with running(place), httpx.Client(base_url=place.url, headers=own, timeout=20) as person:
        person.post("/login", data={"name": USER, "password": PASSWORD})
        with person.stream("GET", f"/events/leaders?{SEPTEMBER}") as stream:
            lines = stream.iter_lines()
            assert '"private":true' in next(line for line in lines if line.startswith("data"))
            accounts.remove(users, USER)
            assert sum(line.startswith("data") for line in lines) < 10


def test_the_guessing_of_passwords_is_slowed(wall):
    with httpx.Client(base_url=wall.url, headers={"Origin": wall.url}, timeout=30) as client:
        form = {"name": "somebody", "password": "nonsense"}
        found = [client.post("/login", data=form).status_code for _ in range(6)]
        assert found == [401] * 5 + [429]
        assert client.post("/login", data={**form, "name": "x" * 9000}).status_code == 400
