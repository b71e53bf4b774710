"""Answering by the link of a message: what acts, what never does, and dead links."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import httpx
import pytest
from answers_kit import Answers, answers_server

DEAD = "Liên kết đã hết hạn hoặc đã được sử dụng"
TOMORROW = (dt.date.today() + dt.timedelta(days=1)).isoformat()  # noqa: DTZ011 - a day ahead anywhere


@pytest.fixture(scope="module")
def server(clickhouse, tmp_path_factory) -> Iterator[Answers]:
    with answers_server(
        clickhouse, f"answers_{uuid.uuid4().hex}", tmp_path_factory.mktemp("answers")
    ) as made:
        yield made


@pytest.fixture
def alert(server: Answers) -> str:
    return server.add_case(f"overdue/{uuid.uuid4().hex}/1")


def test_the_page_shows_the_file_and_asks(server: Answers, alert: str):
    page = httpx.get(server.link(alert))
    assert page.status_code == 200
    for text in ("000.25.28.H28-240903-0003", "Xác nhận đã nhận", "Gửi giải trình", "Phường"):
        assert text in page.text
    assert "<script" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    assert "set-cookie" not in page.headers


def test_a_mail_scanner_that_follows_links_changes_nothing(server: Answers, alert: str):
    link = server.link(alert)
    for _ in range(3):
        for method in ("GET", "HEAD"):
            assert httpx.request(method, link).status_code == 200
    assert httpx.get(link, params={"kind": "acknowledged", "alert": alert}).status_code == 200
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        assert httpx.request(method, link).status_code == 405
    # A scanner that even sends forms says where it comes from, or does not say it.
    form = {"kind": "acknowledged", "alert": alert}
    for headers in (
        {},
        {"Origin": "https://mail.example.vn"},
        {"Origin": "null"},
        {"Origin": server.url, "Sec-Fetch-Site": "cross-site"},
    ):
        assert httpx.post(link, data=form, headers=headers).status_code == 403
    assert server.answers(alert) == []


def test_a_button_acknowledges_once_however_often_it_is_pressed(server: Answers, alert: str):
    link = server.link(alert)
    for _ in range(2):
        done = server.post(link, kind="acknowledged", alert=alert)
        assert done.status_code == 200
        assert "Đã ghi nhận: xác nhận đã nhận (1 cảnh báo)." in done.text
    assert server.answers(alert) == [
        ("mot-cua", "desk_lead", "acknowledged", "", "", "1970-01-01", "link")
    ]
    page = httpx.get(link)
    assert page.status_code == 200, "it may still be explained"
    assert "đã xác nhận lúc" in page.text


def test_an_explanation_uses_the_link_up(server: Answers, alert: str):
    link = server.link(alert)
    given = {
        "kind": "explained",
        "cause": "waits_for_agency",
        "note": "đã gửi công văn <b>số 5</b>",
        "expected_on": TOMORROW,
    }
    assert server.post(link, alert=alert, **given).status_code == 200
    row = ("mot-cua", "desk_lead", "explained", "waits_for_agency", given["note"], TOMORROW, "link")
    assert server.answers(alert) == [row]
    again = httpx.get(link)
    assert again.status_code == 410
    assert DEAD in again.text
    assert "&lt;b&gt;" in again.text, "what was said is shown, as text"
    other = server.post(link, alert=alert, **{**given, "note": "something else"})
    assert other.status_code == 410
    assert server.answers(alert) == [row]
    assert httpx.get(server.link(alert, hours=2)).status_code == 200, "a newer message asks again"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "Hãy chọn nguyên nhân."),
        ({"cause": "laziness"}, "Hãy chọn nguyên nhân."),
        ({"cause": "other"}, "Với lý do khác, hãy ghi nội dung."),
        ({"cause": "staff", "note": "gọi 0912 345 678"}, "dữ liệu|số điện thoại"),
        ({"cause": "staff", "note": "thư a.b@example.vn"}, "thư điện tử"),
        ({"cause": "staff", "note": "x" * 301}, "Nội dung dài quá 300 ký tự."),
        ({"cause": "staff", "expected_on": "2024-09-03"}, "Ngày không được ở quá khứ."),
        ({"cause": "staff", "expected_on": "03/09/2099"}, "Ngày không hợp lệ."),
    ],
)
def test_a_wrong_explanation_is_asked_for_again(
    server: Answers, alert: str, given: dict[str, str], says: str
):
    answer = server.post(server.link(alert), kind="explained", alert=alert, **given)
    assert answer.status_code == 422
    assert any(each in answer.text for each in says.split("|"))
    assert server.answers(alert) == []
    if len(given.get("note", "")) < 300:
        assert given.get("note", "") in answer.text, "what was typed is not lost"


def test_expired_tampered_and_foreign_links_are_dead(server: Answers, alert: str):
    other = server.add_case(f"overdue/{uuid.uuid4().hex}/1")
    good, of_other = server.link(alert), server.link(other)
    address, _, token = good.rpartition("/")
    body, _, signature = token.rpartition(".")
    dead = [
        (server.link(alert, shift=-7_200), 410),
        (server.link(alert, person="nobody"), 410),
        (server.link("overdue/none/1"), 410),
        (server.link(alert, key="another key of forty characters, or more"), 404),
        (f"{address}/{body}.{signature[:-2]}{'AA' if signature[-2:] != 'AA' else 'BB'}", 404),
        (f"{address}/{of_other.rpartition('/')[2].rpartition('.')[0]}.{signature}", 404),
        (f"{address}/x", 404),
        (f"{address}/{'x' * 5_000}", 404),
    ]
    for link, status in dead:
        shown = httpx.get(link)
        assert (shown.status_code, DEAD in shown.text) == (status, True), link
        pressed = server.post(link, kind="acknowledged", alert=alert)
        assert pressed.status_code == status
    # A good link answers its own alert and no other.
    assert server.post(good, kind="acknowledged", alert=other).status_code == 410
    assert server.answers(alert) == server.answers(other) == []
    assert alert not in server.output


def test_whoever_leaves_the_people_file_loses_the_links(server: Answers, alert: str):
    link = server.link(alert, person="other")
    assert httpx.get(link).status_code == 200
    before = server.people_file.read_text("utf-8")
    try:
        server.write_people(before.replace("id: other", "id: successor"))
        assert httpx.get(link).status_code == 410
        server.write_people("version: 1\npeople: []\n")
        assert httpx.get(server.link(alert)).status_code == 200, "a broken file takes nobody out"
    finally:
        server.write_people(before)
    assert httpx.get(link).status_code == 200


def test_one_link_answers_all_alerts_of_a_message(server: Answers):
    alerts = [
        server.add_case(f"overdue/{uuid.uuid4().hex}/{n}", dossier_id=f"H28-{n}") for n in range(3)
    ]
    notice = server.add_message(f"group/{uuid.uuid4().hex}", "mot-cua", alerts)
    link = server.link_to_message(notice)
    assert httpx.get(link).text.count('type="checkbox"') == 3
    assert server.post(link, kind="acknowledged", alert=[]).status_code == 422, "none is chosen"
    server.post(link, kind="acknowledged", alert=alerts)
    assert [len(server.answers(each)) for each in alerts] == [1, 1, 1]
    server.post(link, kind="explained", cause="staff", alert=alerts[:2])
    page = httpx.get(link)
    assert page.status_code == 200
    assert page.text.count('name="alert"') == 1, "one is left to explain"
    server.post(link, kind="explained", cause="staff", alert=alerts[2:])
    assert httpx.get(link).status_code == 410
    stolen = server.link_to_message(notice, person="other")
    assert httpx.get(stolen).status_code == 410, "the message went to somebody else"


def test_a_settled_alert_asks_for_nothing(server: Answers):
    alert = server.add_case(f"overdue/{uuid.uuid4().hex}/1", state="resolved", closed_at=1)
    page = httpx.get(server.link(alert))
    assert page.status_code == 200
    assert "không còn cần phản hồi" in page.text
    assert "<button" not in page.text
    assert server.post(server.link(alert), kind="acknowledged", alert=alert).status_code == 410
    assert server.answers(alert) == []


def test_bodies_that_are_no_form_are_refused(server: Answers, alert: str):
    link, headers = server.link(alert), {"Origin": server.url}
    for body, kind in (
        (b"kind=acknowledged", "text/plain"),
        (b"\xff=\xfe", "application/x-www-form-urlencoded"),
        (b"a=" + b"x" * 100_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"a=1" for _ in range(5_000)), "application/x-www-form-urlencoded"),
    ):
        answer = httpx.post(link, content=body, headers={**headers, "Content-Type": kind})
        assert answer.status_code == 422
    assert server.answers(alert) == []


def test_the_server_says_whether_it_can_take_answers(server: Answers):
    assert httpx.get(f"{server.url}/health/live").status_code == 200
    assert httpx.get(f"{server.url}/health/ready").json() == {"ready": True}
    assert httpx.get(server.url).status_code == 404
