"""The HTTP API of answers and silences, and Grafana's door, on a real server and warehouse."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from answers_kit import DOSSIER, GRAFANA_TOKEN, OTHER_WARD, PROVINCE, WARD, Answers, answers_server

from ioc.alerts.answers.api_keys import add_key, list_keys, remove_key
from ioc.alerts.notice_json import notice_from_json

TODAY = dt.datetime.now(dt.timezone(dt.timedelta(hours=7))).date()
WEEK = (TODAY + dt.timedelta(days=6)).isoformat()


@pytest.fixture(scope="module")
def server(clickhouse, tmp_path_factory) -> Iterator[Answers]:
    with answers_server(
        clickhouse, f"answers_{uuid.uuid4().hex}", tmp_path_factory.mktemp("answers")
    ) as made:
        yield made


@pytest.fixture
def alert(server: Answers) -> str:
    return server.add_case(f"overdue/{uuid.uuid4().hex}/1")


class Caller:
    def __init__(self, server: Answers, person: str, **headers: str) -> None:
        token = add_key(server.api_keys_file, person)
        self.client = httpx.Client(
            base_url=server.url, headers={"Authorization": f"Bearer {token}", **headers}, timeout=30
        )

    def answer(self, *alerts: str, **given: Any) -> httpx.Response:
        body = {"alerts": list(alerts), "kind": "acknowledged", **given}
        return self.client.post("/v1/answers", json=body)


@pytest.fixture(scope="module")
def ward(server: Answers) -> Iterator[Caller]:
    caller = Caller(server, "mot-cua")
    yield caller
    caller.client.close()


def test_nobody_gets_in_without_a_token_that_stands(server: Answers, alert: str, ward: Caller):
    body = {"alerts": [alert], "kind": "acknowledged"}
    token = add_key(server.api_keys_file, "mot-cua")
    key_id = token.split("_")[1]
    wrong = [
        {},
        {"Authorization": "Bearer x"},
        {"Authorization": f"Basic {token}"},
        {"Authorization": f"Bearer {token[:-1]}{'A' if token[-1] != 'A' else 'B'}"},
        {"Authorization": "Bearer iocalert_000000000000_" + "x" * 43},
        {"Authorization": f"Bearer {GRAFANA_TOKEN}"},
    ]
    for headers in wrong:
        for method, path in (
            ("GET", "/v1/alerts"),
            ("POST", "/v1/answers"),
            ("POST", "/v1/silences"),
            ("GET", "/v1/silences"),
            ("DELETE", "/v1/silences/x"),
        ):
            answer = httpx.request(
                method, server.url + path, headers=headers, json=body if method == "POST" else None
            )
            assert answer.status_code == 401
            assert answer.json()["title"] == "Khóa không hợp lệ hoặc đã bị thu hồi"
    good = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{server.url}/v1/alerts", headers=good).status_code == 200
    assert (key_id, "mot-cua") in list_keys(server.api_keys_file)
    assert remove_key(server.api_keys_file, key_id)
    assert httpx.get(f"{server.url}/v1/alerts", headers=good).status_code == 401
    assert token not in server.api_keys_file.read_text()
    assert server.answers(alert) == []


def test_a_person_answers_for_the_own_units_only(server: Answers, alert: str, ward: Caller):
    foreign = server.add_case(f"overdue/{uuid.uuid4().hex}/1", unit=OTHER_WARD, handler=OTHER_WARD)
    handled = server.add_case(f"overdue/{uuid.uuid4().hex}/1", unit=OTHER_WARD, handler=WARD)
    assert ward.answer(alert).json() == {"recorded": 1}
    assert ward.answer(handled).status_code == 201, "who has the file may say why it waits"
    assert ward.answer(foreign).status_code == 403
    assert ward.answer(alert, foreign).status_code == 403, "all or none"
    assert ward.answer("overdue/none/1").status_code == 404
    assert ward.answer().status_code == 422
    assert server.answers(foreign) == []
    assert server.answers(alert)[0] == (
        "mot-cua", "desk_lead", "acknowledged", "", "", "1970-01-01", "api",
    )  # fmt: skip
    leader = Caller(server, "leader")
    assert leader.answer(foreign, kind="explained", cause="staff").status_code == 201
    assert server.answers(foreign)[0][:2] == ("leader", "province_leader")
    shown = ward.client.get("/v1/alerts").json()["alerts"]
    ids = {each["alert_id"] for each in shown}
    assert alert in ids
    assert handled in ids
    assert foreign not in ids
    (one,) = ward.client.get("/v1/alerts", params={"alert_id": alert}).json()["alerts"]
    assert one["answers"][0]["kind"] == "acknowledged"
    assert one["dossier_id"] == DOSSIER
    assert ward.client.get("/v1/alerts", params={"alert_id": foreign}).status_code == 403


def test_a_request_that_is_sent_twice_is_one_answer(server: Answers, alert: str, ward: Caller):
    for _ in range(2):
        ward.client.headers["Idempotency-Key"] = f"k-{alert}"
        assert ward.answer(alert, kind="explained", cause="staff").status_code == 201
    del ward.client.headers["Idempotency-Key"]
    assert len(server.answers(alert)) == 1


def test_refusals_name_code_field_and_cure(server: Answers, alert: str, ward: Caller):
    answer = ward.answer(alert, kind="explained", cause="staff", note="0912345678")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["field"]) == ("personal_data", "note")
    assert "0912345678" not in answer.text
    ward.client.headers["Accept-Language"] = "en"
    assert "mail address" in ward.answer(
        alert, kind="explained", cause="staff", note="a@b.vn"
    ).json()["title"]  # fmt: skip
    del ward.client.headers["Accept-Language"]
    for body, kind in (
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"", "text/plain"),
    ):
        bad = ward.client.post("/v1/answers", content=body, headers={"Content-Type": kind})
        assert bad.status_code == 422
    huge = ward.client.post("/v1/answers", json={"alerts": ["x" * 200_000]})
    assert huge.status_code == 413
    assert ward.client.post("/v1/answers", json={"alerts": "x"}).status_code == 422
    assert ward.answer(alert, kind=5).status_code == 422
    assert server.answers(alert) == []


def test_silences_have_a_reason_an_end_and_an_owner(server: Answers, ward: Caller):
    wanted = {"unit": WARD, "rule": "due_soon", "last": WEEK, "reason": "chuyển phần mềm"}
    made = ward.client.post("/v1/silences", json=wanted)
    assert made.status_code == 201
    silence_id = made.json()["silence_id"]
    (row,) = server.rows(
        "SELECT unit, rule, reason, person, role, ends_at > starts_at, ended_at"
        " FROM alert_silences FINAL WHERE silence_id = {id:String}",
        id=silence_id,
    )
    assert row == (WARD, "due_soon", "chuyển phần mềm", "mot-cua", "desk_lead", 1, 0)
    wrong = {
        "silence_no_reason": {"reason": " "},
        "silence_too_long": {"last": (TODAY + dt.timedelta(days=14)).isoformat()},
        "date_past": {"last": "2024-01-01"},
        "bad_date": {"last": ""},
        "silence_unknown_rule": {"rule": "laziness"},
        "personal_data": {"reason": "hỏi 0912345678"},
        "silence_not_allowed": {"unit": OTHER_WARD},
    }
    for code, changes in wrong.items():
        refused = ward.client.post("/v1/silences", json={**wanted, **changes})
        assert refused.json()["code"] == code
        assert refused.status_code == (403 if code == "silence_not_allowed" else 422)
    assert ward.client.post("/v1/silences", json={**wanted, "unit": PROVINCE}).status_code == 403
    other = Caller(server, "other")
    same_unit = {**wanted, "unit": OTHER_WARD}
    assert other.client.post("/v1/silences", json=same_unit).status_code == 403, "not allowed to"
    assert other.client.get("/v1/silences").json() == {"silences": []}
    assert other.client.delete(f"/v1/silences/{silence_id}").status_code == 403
    mine = ward.client.get("/v1/silences").json()["silences"]
    assert [each["silence_id"] for each in mine] == [silence_id]
    assert ward.client.delete(f"/v1/silences/{silence_id}").json() == {"ended": True}
    assert ward.client.get("/v1/silences").json() == {"silences": []}
    assert ward.client.delete(f"/v1/silences/{silence_id}").status_code == 404


def grafana(status: str = "firing", fingerprint: str = "f1", **changes: Any) -> dict[str, Any]:
    alert = {
        "status": status,
        "labels": {"alertname": "ioc-worker-silent", "grafana_folder": "IOC"},
        "annotations": {"summary": "Không còn tín hiệu", "description": "IOC: worker\n120 s"},
        "startsAt": "2024-09-03T09:00:00+07:00",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://grafana:3000/alerting/x",
        "fingerprint": fingerprint,
        "values": {"A": 1},
    }
    return {
        "receiver": "ioc", "status": status, "alerts": [{**alert, **changes}], "version": "1",
        "groupKey": "{}", "truncatedAlerts": 0, "orgId": 1, "title": "x", "state": "alerting",
    }  # fmt: skip


def test_grafanas_alerts_reach_the_technicians_once(server: Answers):
    url, headers = f"{server.url}/v1/grafana", {"Authorization": f"Bearer {GRAFANA_TOKEN}"}

    def send(body: dict[str, Any]) -> dict[str, int]:
        answer = httpx.post(url, json=body, headers=headers, timeout=30)
        assert answer.status_code == 200
        return answer.json()

    assert send(grafana()) == {"told": 1, "known": 0}
    assert send(grafana()) == {"told": 0, "known": 1}, "Grafana repeats what goes on"
    assert send(grafana("resolved")) == {"told": 1, "known": 0}
    assert send(grafana(startsAt="2024-09-04T09:00:00Z")) == {"told": 1, "known": 0}
    assert send(grafana(fingerprint="f2")) == {"told": 1, "known": 0}
    rows = server.rows(
        "SELECT person, role, channel, toString(state), content FROM alert_deliveries FINAL"
        " WHERE startsWith(notice_id, 'grafana/') ORDER BY due_at, delivery_id"
    )
    assert {row[:4] for row in rows} == {("technician", "technician", "email", "planned")}
    notices = [notice_from_json(row[4]) for row in rows]
    assert sorted(each.outside.is_firing for each in notices) == [False, True, True, True]
    first = next(each for each in notices if not each.outside.is_firing).outside
    assert (first.title, first.text) == ("Không còn tín hiệu", "IOC: worker 120 s")


def test_grafanas_door_opens_to_its_token_only(server: Answers):
    url = f"{server.url}/v1/grafana"
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Basic {GRAFANA_TOKEN}"}):
        assert httpx.post(url, json=grafana(fingerprint="f9"), headers=headers).status_code == 401
    headers = {"Authorization": f"Bearer {GRAFANA_TOKEN}"}
    for body in (
        {},
        {"alerts": [{}]},
        {"alerts": "x"},
        grafana("pending"),
        grafana(fingerprint=""),
    ):
        answer = httpx.post(url, json=body, headers=headers)
        assert answer.status_code == 400
    assert httpx.post(url, content=b"\xff", headers=headers).status_code == 400
    assert httpx.post(url, content=b"x" * (2 << 20), headers=headers).status_code == 400
    assert not server.rows("SELECT 1 FROM alert_deliveries WHERE position(content, '\"f9\"') > 0")
    assert GRAFANA_TOKEN not in server.output
    by_address = url.replace("http://", f"http://ioc:{GRAFANA_TOKEN}@")
    assert httpx.post(by_address, json={"alerts": []}).status_code == 200
    assert (
        httpx.post(by_address.replace(GRAFANA_TOKEN, "x"), json={"alerts": []}).status_code == 401
    )


def test_commands_make_keys_and_samples(server: Answers, tmp_path):
    environment = {**os.environ, **server.environment}

    def ioc(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ioc.cli", "--lang", "en", "alerts", *arguments],
            env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    key = tmp_path / "links.key"
    assert ioc("new-key", str(key)).returncode == 0
    assert key.stat().st_mode & 0o777 == 0o600
    assert ioc("new-key", str(key)).returncode == 2, "no key is written over"
    token = ioc("api-key", "add", "mot-cua").stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{server.url}/v1/alerts", headers=headers).status_code == 200
    assert ioc("api-key", "add", "nobody").returncode == 2
    assert token.split("_")[1] in ioc("api-key", "list").stdout
    assert ioc("api-key", "remove", token.split("_")[1]).returncode == 0
    assert httpx.get(f"{server.url}/v1/alerts", headers=headers).status_code == 401
    assert ioc("texts", str(tmp_path / "texts")).returncode == 0
    assert (tmp_path / "texts" / "23-digest.html").exists()
