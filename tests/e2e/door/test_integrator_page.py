"""The integrator's page in a real Chromium, on a real gateway and worker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from browser import chromium, watched_page
from gateway_kit import GatewayChild, KeyBox, event, make_key, running_gateway
from playwright.sync_api import Browser, Page, expect
from rig import Rig, eventually

from ioc.gateway.clock import VIETNAM
from ioc.gateway.keys.model import Right

OWN, OTHER, SILENT = "04795", "04792", "04876"
PHONE = {"width": 360, "height": 740}
PAGE = "/integrator"


@pytest.fixture(scope="module")
def rig(kafka, clickhouse, tmp_path_factory) -> Iterator[Rig]:
    rig = Rig(kafka, clickhouse, tmp_path_factory.mktemp("page"), partitions=2)
    try:
        rig.start_worker()
        yield rig
    finally:
        rig.close()


@pytest.fixture(scope="module")
def gateway(rig: Rig) -> Iterator[GatewayChild]:
    with running_gateway(rig, IOC_GATEWAY_BAD_KEYS_PER_MINUTE="60") as gateway:
        yield gateway


@pytest.fixture(scope="module")
def keys(rig: Rig, gateway: GatewayChild) -> KeyBox:
    return KeyBox(rig, lambda: gateway)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def seeded(rig: Rig, gateway: GatewayChild, keys: KeyBox) -> None:
    """Two communes with one software: each sent good events, and one that was rejected."""
    clock = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    for name, unit in (("own", OWN), ("neighbour", OTHER)):
        key = keys.get(name, units=(unit,), source="shared")
        with gateway.client(key) as client:
            said = {"source": "shared", "receiver": unit, "due_at": None}
            answer = client.post("/v1/events", headers={"Date": clock}, json=[
                event(f"{name}-good", dossier_id=f"H28-{name}-1", **said),
                event(f"{name}-bad", dossier_id=f"H28-{name}-2", **(said | {"status": 11})),
            ])  # fmt: skip
            assert answer.json()["rejected"] == 1, answer.text
    rig.expect_all()
    rig.wait_stored()
    eventually(lambda: rig.rows("SELECT count() FROM gateway_rejects")[0][0] == 2, "rejects")
    eventually(lambda: rig.rows("SELECT count() FROM gateway_skew FINAL")[0][0] == 2, "skew")


def sign_in(page: Page, gateway: GatewayChild, key: str, language: str = "vi") -> None:
    page.goto(f"{gateway.url}{PAGE}?lang={language}")
    page.fill("#key", key)
    page.click("main button")


def test_the_page_shows_what_is_the_keys_own(browser, gateway, keys, seeded):
    key = keys.get("own")
    with watched_page(browser) as watched:
        page = watched.page
        sign_in(page, gateway, key)
        expect(page).to_have_url(f"{gateway.url}{PAGE}?lang=vi")
        expect(page.locator("#key")).to_contain_text("Phường Thịnh Lang (04795)")
        expect(page.locator("#use")).to_contain_text("1 được nhận")
        expect(page.locator("#use")).to_contain_text("1 bị từ chối")
        expect(page.locator("#skew")).to_contain_text("nhanh")
        expect(page.locator("#heard")).not_to_contain_text("–")
        expect(page.locator("#events")).to_contain_text("H28-own-1")
        expect(page.locator("#events")).to_contain_text("Được tiếp nhận")
        expect(page.locator("#rejects")).to_contain_text('status không hợp lệ (chỉ 1–10): "11"')
        expect(page.locator("#silence")).to_contain_text("Không có đơn vị nào im lặng")
        assert "neighbour" not in page.content()
        assert key not in page.content()
        (cookie,) = page.context.cookies()
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Strict"
        assert cookie["expires"] == -1
        assert cookie["path"] == PAGE
        assert watched.hosts == {"127.0.0.1"}
        assert not watched.errors
        page.click("nav a")
        expect(page.locator("h1")).to_have_text("Connect your desk software")
        page.click("nav button")
        expect(page.locator("input#key")).to_be_visible()
        assert not page.context.cookies()
    assert key not in gateway.log


def test_reconciliation_and_a_silent_unit_are_shown(browser, gateway, keys, rig, seeded):
    """A unit that sent every day until a fortnight ago, and its newest reconciliation."""
    key = keys.get("silent", units=(SILENT,), source="quiet")
    days = ", ".join(f"(today() - {day}, 'receiver', '{SILENT}', 1, 9)" for day in range(14, 28))
    rig.client.command(f"INSERT INTO unit_days (day, role, unit, version, received) VALUES {days}")
    rig.client.command(
        "INSERT INTO unit_signs (unit, source, last_event_at) "
        f"SELECT '{SILENT}', 'quiet', toUnixTimestamp(now() - INTERVAL 14 DAY)"
    )
    held = [{"dossier_id": f"H28-quiet-{number}", "status": 2} for number in range(3)]
    with gateway.client(key) as client:
        period = {"from": "2024-09-01", "to": "2024-09-30"}
        answer = client.post("/v1/reconcile", json={**period, "dossiers": held})
        assert answer.json()["counts"]["missing"] == 3, answer.text
    with watched_page(browser) as watched:
        page = watched.page
        sign_in(page, gateway, key)
        heard = datetime.now(VIETNAM) - timedelta(days=14)
        expect(page.locator("#silence")).to_contain_text(
            f"Chưa nhận được dữ liệu từ Xã Cao Sơn kể từ {heard:%d/%m/%Y}"
        )
        reconciled = page.locator("#reconciliation")
        expect(reconciled).to_contain_text("2024-09-01 – 2024-09-30")
        figures = reconciled.locator("dd").all_inner_texts()
        assert figures[1:] == ["3", "0", "3", "0", "0"]
        assert not watched.errors
    # Nobody else's page says so.
    with watched_page(browser) as watched:
        sign_in(watched.page, gateway, keys.get("own"))
        expect(watched.page.locator("#silence")).to_contain_text("Không có đơn vị nào im lặng")
        expect(watched.page.locator("#reconciliation")).to_contain_text("Chưa đối soát lần nào")


def test_a_key_is_tried_and_a_rejected_event_mended(browser, gateway, keys, rig, seeded):
    with watched_page(browser) as watched:
        page = watched.page
        sign_in(page, gateway, keys.get("own"))
        page.click("#try button[value=check]")
        expect(page.locator("#result")).to_contain_text("Hợp lệ, chưa lưu")
        page.click("#try button[value=send]")
        expect(page.locator("#result")).to_contain_text("Đã được ghi nhận")
        page.click("#try button[value=send]")
        expect(page.locator("#result")).to_contain_text("Sự kiện đã được nhận trước đó")
        foreign = json.loads(page.input_value("#event")) | {"receiver": OTHER, "event_id": "x"}
        page.fill("#event", json.dumps(foreign))
        page.click("#try button[value=send]")
        expect(page.locator("#result")).to_contain_text(f"Khóa không có quyền với đơn vị {OTHER}")

        page.goto(f"{gateway.url}{PAGE}")
        rejected = page.locator("#rejects li", has_text="H28-own-2").first
        rejected.locator("summary").click()
        mended = json.loads(rejected.locator("textarea").input_value()) | {"status": 2}
        rejected.locator("textarea").fill(json.dumps(mended))
        rejected.locator("button[value=send]").click()
        expect(page.locator("#result")).to_contain_text("Đã được ghi nhận")
        eventually(
            lambda: rig.rows("SELECT count() FROM dossiers WHERE dossier_id = 'H28-own-2'")[0][0],
            "the mended event is counted",
        )
        page.goto(f"{gateway.url}{PAGE}")
        expect(page.locator("#rejects li", has_text="H28-own-2").first).to_contain_text(
            "đã được nhận sau đó"
        )
        assert not watched.errors


def test_it_fits_a_phone(browser, gateway, keys, seeded):
    with watched_page(browser, PHONE) as watched:
        sign_in(watched.page, gateway, keys.get("own"))
        expect(watched.page.locator("#events")).to_be_visible()
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_sandbox_and_reading_keys(browser, gateway, keys, seeded):
    with watched_page(browser) as watched:
        sign_in(watched.page, gateway, keys.get("sandbox", sandbox=True, source="shared"))
        expect(watched.page.locator("#sandbox")).to_contain_text("Khóa thử nghiệm")
        expect(watched.page.locator("#rejects")).not_to_contain_text("H28-own")
        expect(watched.page.locator("#events")).not_to_contain_text("H28-own")
    reading = keys.get("reading", rights=frozenset({Right.READ}), source="shared", units=(OWN,))
    with watched_page(browser) as watched:
        sign_in(watched.page, gateway, reading, "en")
        expect(watched.page.locator("#try")).to_contain_text("The key may not send")


def test_what_is_written_into_fields_is_only_text(browser, gateway, keys, seeded):
    """An event whose values are markup is shown, and does nothing."""
    markup = "<img src=x onerror=alert(1)></textarea><script>alert(2)</script>"
    with watched_page(browser) as watched:
        page = watched.page
        page.on("dialog", lambda dialog: watched.errors.append("a dialog"))
        sign_in(page, gateway, keys.get("own"))
        page.fill("#event", json.dumps({"event_id": "m", "dossier_id": markup, "status": markup}))
        page.click("#try button[value=send]")
        expect(page.locator("#result")).to_be_visible()
        assert page.input_value("#event").count("<script>") == 2
        assert page.locator("script").count() == 0
        assert not watched.errors


def test_downloaded_rejects_can_be_mended_and_sent(gateway, keys, rig, seeded):
    key = keys.get("neighbour")
    with httpx.Client(base_url=gateway.url, cookies={"ioc_integrator": key}) as client:
        answer = client.get(f"{PAGE}/rejects.ndjson")
    assert answer.headers["content-type"] == "application/x-ndjson"
    (line,) = [json.loads(each) for each in answer.text.splitlines()]
    assert line["_rejected"]["code"] == "bad_status"
    with gateway.client(key) as client:
        sent = client.post(
            "/v1/events",
            content=json.dumps(line | {"status": 4}),
            headers={"Content-Type": "application/x-ndjson"},
        )
    assert sent.json()["accepted"] == 1, sent.text


def test_forms_of_other_pages_and_wrong_keys(gateway, keys, seeded):
    key = keys.get("own")
    with httpx.Client(base_url=gateway.url, timeout=30) as client:
        own = {"Sec-Fetch-Site": "same-origin"}
        for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"},
                        {"Origin": "null"}):  # fmt: skip
            for path in ("enter", "leave", "send"):
                client.cookies.set("ioc_integrator", key, path=PAGE)
                answer = client.post(f"{PAGE}/{path}", data={"key": key}, headers=headers)
                assert answer.status_code == 403, (headers, path)
        client.cookies.clear()
        page = client.get(PAGE)
        assert page.status_code == 200
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert page.headers["referrer-policy"] == "same-origin"
        assert client.get(f"{PAGE}/rejects.ndjson").status_code == 303
        assert client.get(f"{PAGE}?key={key}").text == client.get(PAGE).text

        def enter(number: int) -> int:
            wrong = {"key": f"ioc_{number:012x}_{'x' * 43}"}
            answer = client.post(f"{PAGE}/enter", data=wrong, headers=own)
            assert "set-cookie" not in answer.headers
            return answer.status_code

        # Keys that were made a moment ago were wrong ones, too, until the gateway knew them.
        eventually(lambda: enter(1) == 401, "a wrong key is said to be wrong")
        eventually(lambda: enter(2) == 429, "whoever tries many must wait", every=0)
        long = client.post(f"{PAGE}/enter", data={"key": "x" * 100_000}, headers=own)
        assert long.status_code in (401, 429)
    assert "ioc_000000000001" not in gateway.log


def test_a_cookie_with_a_key_that_does_not_work_is_refused_and_counted(rig, seeded):
    with running_gateway(rig, IOC_GATEWAY_BAD_KEYS_PER_MINUTE="5") as gateway:
        wrong = {"Cookie": f"ioc_integrator=ioc_{'0' * 12}_{'x' * 43}"}
        with httpx.Client(base_url=gateway.url, timeout=30, headers=wrong) as client:
            for path in (PAGE, f"{PAGE}/rejects.ndjson"):
                answer = client.get(path)
                assert answer.status_code == 401
                assert "Khóa không hợp lệ hoặc đã bị thu hồi" in answer.text
                assert 'ioc_integrator=""' in answer.headers["set-cookie"]
            answers = [client.get(path) for path in (PAGE, f"{PAGE}/rejects.ndjson") * 4]
            assert [each.status_code for each in answers] == [401] * 3 + [429] * 5
            assert int(answers[-1].headers["retry-after"]) >= 1
        rows = (
            "SELECT DISTINCT status, code, route FROM gateway_refusals FINAL"
            f" WHERE route LIKE '{PAGE}%' AND code != '' AND process = (SELECT"
            " argMax(process, version) FROM gateway_refusals) ORDER BY ALL"
        )
        wanted = [
            (status, code, f"{PAGE}{path}")
            for status, code in ((401, "bad_key"), (429, "too_fast"))
            for path in ("", "/rejects.ndjson")
        ]
        eventually(lambda: rig.rows(rows) == wanted, "the refusals are written down")


def test_page_and_download_keep_to_the_pace_of_the_key(rig, seeded):
    for slow, pages in (
        ({"IOC_GATEWAY_REQUESTS_PER_SECOND": "0.01", "IOC_GATEWAY_REQUESTS_BURST": "4"}, 4),
        ({"IOC_READING_QUERIES_PER_MINUTE": "3"}, 3),
    ):
        with running_gateway(rig, **slow) as gateway:
            key = make_key(rig, source="shared", units=(OWN,))

            def page(path: str = "", gateway=gateway, key=key) -> httpx.Response:
                cookie = {"Cookie": f"ioc_integrator={key}"}
                return httpx.get(f"{gateway.url}{PAGE}{path}", headers=cookie, timeout=30)

            eventually(lambda: page().status_code == 200, "the key is known")
            assert [page().status_code for _ in range(pages)] == [200] * (pages - 1) + [429]
            download = page("/rejects.ndjson")
            assert download.status_code == 429
            assert int(download.headers["retry-after"]) >= 1
