"""What the gateway lets others read: on real engines, over real HTTP, with a real worker."""

from __future__ import annotations

import datetime as dt
import statistics
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from gateway_kit import GatewayChild, KeyBox, event, running_gateway
from rig import Rig, eventually
from wall_kit import Wall, until

from ioc.gateway.keys.model import Right
from ioc.gateway.reading import docs
from schemas.events.shard import shard_of

OLD, NEW, MERGED, FOREIGN = "04795", "04795-2025", "04798", "04792"
SECRET = "a secret of this test, long enough for it"
ID = "H28-{}"


@pytest.fixture(scope="module")
def rig(kafka, clickhouse, tmp_path_factory) -> Iterator[Rig]:
    rig = Rig(kafka, clickhouse, tmp_path_factory.mktemp("reading"))
    try:
        rig.start_worker()
        yield rig
    finally:
        rig.close()


@pytest.fixture(scope="module")
def gateway(rig: Rig) -> Iterator[GatewayChild]:
    with running_gateway(rig, IOC_READING_QUERIES_PER_MINUTE="100000",
                         IOC_READING_LOOKUPS_BURST="100000",
                         IOC_READING_KEY_MISSES_PER_MINUTE="100000",
                         IOC_READING_MISSES_PER_MINUTE="100000") as gateway:  # fmt: skip
        yield gateway


@pytest.fixture(scope="module")
def keys(rig: Rig, gateway: GatewayChild) -> KeyBox:
    return KeyBox(rig, lambda: gateway)


@pytest.fixture(scope="module")
def seeded(rig: Rig, gateway: GatewayChild, keys: KeyBox) -> None:
    """One dossier for each kind of unit, and the life of one of them."""

    def sent(name: str, status: int, unit: str, **said: Any) -> dict[str, Any]:
        dossier = ID.format(name)
        said = {"receiver": unit, "due_at": None, **said}
        return event(f"{name}-{status}", dossier_id=dossier, status=status, **said)

    events = [
        sent("own", 2, OLD, due_at="2024-09-06T17:00:00+07:00"),
        sent("own", 4, OLD, occurred_at="2024-09-03T10:00:00+07:00"),
        sent("merged", 2, MERGED),
        sent("new", 2, NEW, occurred_at="2025-09-03T08:15:00+07:00"),
        sent("foreign", 2, FOREIGN),
        sent("nobody", 2, FOREIGN),
    ]
    with gateway.client(keys.get("wide")) as client:
        answer = client.post("/v1/events", json=events)
        assert answer.status_code == 200, answer.text
    rig.expect_all()
    rig.wait_stored()


@pytest.fixture
def wide(gateway, keys, seeded) -> Iterator[httpx.Client]:
    with gateway.client(keys.get("wide")) as client:
        yield client


def without_id(answer: httpx.Response) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "request_id"}


def test_a_dossier_is_told_in_both_languages(wide):
    answer = wide.get(f"/v1/dossiers/{ID.format('own')}")
    assert answer.status_code == 200
    assert answer.headers["content-language"] == "vi"
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert told["status"] == 4
    assert told["summary"].startswith("Phường Thịnh Lang đang xử lý hồ sơ.")
    assert told["due_at"] == "2024-09-06T17:00:00+07:00"
    assert told["state"] == "overdue"
    assert [step["status"] for step in told["steps"]] == [2, 4]
    assert set(told) == set(docs.EXAMPLE_DOSSIER)
    english = wide.get(
        f"/v1/dossiers/{ID.format('own')}", headers={"Accept-Language": "en-GB,vi;q=0.5"}
    )
    assert english.json()["status_text"] == "In process"


def test_what_is_stored_is_told_where_it_does_not_follow_from_the_events(rig, wide):
    """Rows of workers with another calendar, and those without a history."""
    told = wide.get(f"/v1/dossiers/{ID.format('own')}").json()
    for suffix, changed in (
        ("calendar", "due_at + 86400 AS due_at"),
        ("history", "'' AS history, 5 AS status"),
    ):
        name = f"{ID.format('own')}-{suffix}"
        rig.client.command(
            f"INSERT INTO dossiers SELECT * REPLACE ({{shard:UInt8}} AS shard, "
            f"{{name:String}} AS dossier_id, {changed}) FROM "
            "(SELECT * FROM dossiers FINAL WHERE dossier_id = {own:String})",
            parameters={"shard": shard_of(name), "name": name, "own": ID.format("own")},
        )
        answer = wide.get(f"/v1/dossiers/{name}").json()
        if suffix == "calendar":
            assert answer["due_at"] == "2024-09-07T17:00:00+07:00"
            assert answer["steps"] == told["steps"]
        else:
            assert (answer["status"], answer["steps"]) == (5, [])


def test_unknown_and_foreign_look_the_same(gateway, keys, seeded):
    with gateway.client(keys.get("narrow", units=(OLD,))) as client:
        assert client.get(f"/v1/dossiers/{ID.format('own')}").status_code == 200
        unknown = client.get("/v1/dossiers/H28-unknown")
        foreign = client.get(f"/v1/dossiers/{ID.format('foreign')}")
        assert unknown.status_code == foreign.status_code == 404
        assert without_id(unknown) == without_id(foreign)
        kept = ("content-length", "content-type", "content-language", "cache-control")
        assert [unknown.headers.get(n) for n in kept] == [foreign.headers.get(n) for n in kept]


def test_it_takes_no_other_time_to_refuse_than_not_to_know(gateway, keys, seeded):
    """Both come at a multiple of 40 ms; what is left of a difference is the machine's own."""
    times: dict[str, list[float]] = {"unknown": [], "foreign": []}
    with gateway.client(keys.get("narrow", units=(OLD,))) as client:
        for _ in range(12):
            for name, found in times.items():
                started = time.perf_counter()
                client.get(f"/v1/dossiers/{ID.format(name)}")
                found.append(time.perf_counter() - started)
    for found in times.values():
        assert min(found) >= 0.04
    assert statistics.median(times["unknown"]) < 10 * statistics.median(times["foreign"])


@pytest.mark.parametrize(
    ("units", "seen"),
    [
        ((OLD,), {"own", "new"}),
        ((NEW,), {"own", "new", "merged"}),
        (("148",), {"own", "new", "merged", "foreign"}),
        ((FOREIGN,), {"foreign"}),
        (("01",), set()),
    ],
)
def test_who_sees_what(gateway, keys, seeded, units, seen):
    """Own, child, successor and merged units; the list says the same as the look-up."""
    with gateway.client(keys.get(f"of {units}", units=units)) as client:
        for name in ("own", "merged", "new", "foreign"):
            status = client.get(f"/v1/dossiers/{ID.format(name)}").status_code
            assert (status == 200) == (name in seen), name
        told = {each["dossier_id"] for each in client.get("/v1/dossiers").json()["dossiers"]}
        for name in ("own", "merged", "new", "foreign"):
            assert (ID.format(name) in told) == (name in seen), name


def test_rights_and_sandbox_keys(gateway, keys, seeded):
    paths = {
        Right.LOOKUP: f"/v1/dossiers/{ID.format('own')}",
        Right.READ: "/v1/dossiers",
        Right.PUSH: f"/v1/receipts/{ID.format('own')}",
    }
    for right in Right:
        with gateway.client(keys.get(f"only {right}", rights=frozenset({right}))) as client:
            for needed, path in paths.items():
                assert (client.get(path).status_code == 403) == (needed is not right)
            assert (client.get("/v1/statistics").status_code == 403) == (right is not Right.READ)
    with gateway.client(keys.get("sandbox", sandbox=True)) as client:
        for path in (*paths.values(), "/v1/statistics"):
            answer = client.get(path)
            assert answer.status_code == 403
            assert answer.json()["code"] == "sandbox"
    assert httpx.get(f"{gateway.url}/v1/dossiers").status_code == 401


def test_guessing_is_slowed_and_the_second_factor_is_asked_for(rig, keys, seeded, tmp_path):
    path = tmp_path / "receipts.key"
    path.touch(0o600)
    path.write_text(SECRET)
    own = f"/v1/dossiers/{ID.format('own')}"
    with running_gateway(rig, IOC_READING_RECEIPT_KEY_FILE=str(path),
                         IOC_READING_MISSES_PER_MINUTE="5") as gateway:  # fmt: skip
        box = KeyBox(rig, lambda: gateway)
        with gateway.client(box.get("receipts", units=(OLD,))) as client:
            given = client.get(f"/v1/receipts/{ID.format('own')}").json()
            assert set(given) == set(docs.EXAMPLE_RECEIPT)
            digits = {"X-Receipt-Digits": given["digits"]}
            new = event("just-sent", dossier_id=ID.format("just-sent"), receiver=OLD)
            sent_now = client.post("/v1/events", json=new)
            assert sent_now.status_code == 200
            just_sent = client.get(f"/v1/receipts/{ID.format('just-sent')}")
            assert just_sent.json()["digits"] != given["digits"]
            for _ in range(20):
                assert client.get(own, headers=digits).status_code == 200
            without = client.get(own)
            wrong = client.get(own, headers={"X-Receipt-Digits": "000000"})
            unknown = client.get("/v1/dossiers/H28-unknown", headers=digits)
            assert without.status_code == 404
            assert without_id(without) == without_id(wrong) == without_id(unknown)
            answers = [client.get(f"/v1/dossiers/H28-{n}") for n in range(10)]
            slowed = [each for each in answers if each.status_code == 429]
            assert len(slowed) >= 7
            assert 1 <= int(slowed[0].headers["retry-after"]) <= 60
            assert client.get(own, headers=digits).status_code == 429
        with gateway.client(box.get("another")) as other:
            assert other.get(own, headers=digits).status_code == 200
        assert given["digits"] not in gateway.log
        receipts = [f"/v1/receipts/{ID.format(name)}" for name in ("own", "not-sent", "foreign")]
        with gateway.client(box.get("sandbox", sandbox=True)) as client:
            assert {client.get(path).json()["code"] for path in receipts} == {"sandbox"}
        with gateway.client(box.get("prints", units=(OLD,))) as client:
            printed, not_sent, foreign = (client.get(path) for path in receipts)
            assert printed.json()["digits"] == given["digits"]
            assert not_sent.status_code == foreign.status_code == 404
            assert without_id(not_sent) == without_id(foreign)
            # Whoever tries many must wait, also for the own ones.
            codes = [client.get(f"/v1/receipts/H28-{n}").status_code for n in range(8)]
            assert codes.count(429) >= 4
            assert client.get(receipts[0]).status_code == 429


def test_turning_pages_loses_nothing_while_others_write(rig, gateway, keys, wide):
    """Dossiers are made and changed all the time; who follows `next` ends with what is stored."""
    stop = threading.Event()
    sent: dict[str, int] = {}

    def write() -> None:
        number = 0
        with gateway.client(keys.get("wide")) as client:
            while not stop.is_set():
                batch = []
                for _ in range(40):
                    number += 1
                    dossier, status = f"PAGE-{number % 150}", (2, 4, 9)[number // 150 % 3]
                    minute = dt.datetime(2024, 9, 3, 8, tzinfo=dt.UTC) + dt.timedelta(
                        seconds=number
                    )
                    batch.append(
                        event(
                            f"page-{number}", dossier_id=dossier, status=status,
                            occurred_at=minute.isoformat(), due_at=None,
                        )
                    )  # fmt: skip
                    sent[dossier] = status
                assert client.post("/v1/events", json=batch).status_code == 200

    writer = threading.Thread(target=write, daemon=True)
    seen: dict[str, int] = {}
    cursor, pages = "", 0

    def turn() -> bool:
        nonlocal cursor, pages
        asked: dict[str, Any] = {"limit": 7}
        asked |= {"cursor": cursor} if cursor else {"changed_since": "2020-01-01T00:00:00+07:00"}
        answer = wide.get("/v1/dossiers", params=asked).json()
        for each in answer["dossiers"]:
            seen[each["dossier_id"]] = each["status"]
        assert len(answer["dossiers"]) <= 7
        assert len(answer["next"]) < 2_000
        cursor, pages = answer["next"], pages + 1
        return bool(answer["more"])

    writer.start()
    try:
        deadline = time.monotonic() + 4
        while time.monotonic() < deadline:
            turn()
    finally:
        stop.set()
        writer.join(30)
    rig.settle()
    while turn():
        pass  # what was there when this round of pages began
    while turn():
        pass  # what came since
    stored = dict(rig.rows("SELECT dossier_id, status FROM dossiers FINAL"))
    assert set(sent) <= set(stored)
    assert seen == stored
    assert pages > 5
    assert not wide.get("/v1/dossiers", params={"cursor": cursor}).json()["dossiers"]


def test_changed_since_begins_at_a_moment(rig, wide):
    answer = wide.get("/v1/dossiers").json()
    assert set(answer) == set(docs.EXAMPLE_CHANGES)
    assert set(answer["dossiers"][0]) == set(docs.EXAMPLE_CHANGES["dossiers"][0])
    moment = rig.rows("SELECT toUnixTimestamp64Milli(max(log_at)) FROM dossier_events")[0][0] + 1
    later = dt.datetime.fromtimestamp(moment / 1000, dt.UTC).isoformat()
    assert not wide.get("/v1/dossiers", params={"changed_since": later}).json()["dossiers"]
    sent = wide.post("/v1/events", json=[event("since", dossier_id="H28-since", due_at=None)])
    assert sent.status_code == 200
    rig.settle()
    told = wide.get("/v1/dossiers", params={"changed_since": later}).json()["dossiers"]
    assert [each["dossier_id"] for each in told] == ["H28-since"]
    for wrong in ("yesterday", "2024-09-03T08:15:00", "9999-12-31T23:59:59+00:00"):
        answer = wide.get("/v1/dossiers", params={"changed_since": wrong})
        assert answer.status_code == 422, wrong
        assert wide.get("/v1/dossiers", params={"cursor": wrong}).status_code == 422


def test_statistics_are_those_of_the_walls(rig, gateway, clickhouse, keys, wide, tmp_path):
    rig.settle()
    wall = Wall(clickhouse, rig.database, tmp_path)
    days = {"from": "2024-09-01", "to": "2024-09-30"}
    fresh = "SELECT sum(received) FROM field_days FINAL WHERE field = '*' AND channel = 0"
    received = "SELECT sum(received) FROM province_days FINAL"
    eventually(lambda: rig.rows(fresh) == rig.rows(received), "the walls' tables follow")
    try:
        wall.start()
        for unit, key in ((OLD, "narrow statistics"), ("148", "district"), ("", "wide")):
            scope = {} if key == "wide" else {"units": (unit,)}
            with gateway.client(keys.get(key, **scope)) as client:
                answer = client.get("/v1/statistics", params=days)
            assert answer.status_code == 200, answer.text
            told = answer.json()
            assert set(told) == set(docs.EXAMPLE_STATISTICS)
            path = f"/frame/unit?unit={unit}&from={days['from']}&to={days['to']}"
            frame = until(lambda path=path: _whole(wall.get(path)), "the wall shows it")
            for sql, columns in _columns().items():
                (row,) = frame["answers"][sql]
                shown = dict(zip(columns, row, strict=True))
                for name, figure in told["figures"].items():
                    if name in shown:
                        assert figure["value"] == shown[name], (unit, name)
                        assert figure["definition"].endswith(".")
            assert [list(each.values())[:5] for each in told["shares"]] == frame["answers"][
                "unit_shares"
            ]
            assert told["figures"]["received"]["value"] > 0
    finally:
        wall.end()


def _whole(frame: dict[str, Any]) -> dict[str, Any] | None:
    return frame if {"unit_flow", "unit_open", "unit_shares"} <= set(frame["answers"]) else None


def _columns() -> dict[str, list[str]]:
    from dashboards.catalogue import one_unit

    return {
        panel.sql: [column.name for column in panel.columns]
        for panel in (one_unit.FLOW, one_unit.OPEN_NOW)
    }


def test_statistics_of_others_are_refused(gateway, keys, seeded):
    with gateway.client(keys.get("narrow", units=(OLD,))) as client:
        assert client.get("/v1/statistics").json()["unit"] == OLD
        for unit in (FOREIGN, "148", "17", "no-such-unit"):
            answer = client.get("/v1/statistics", params={"unit": unit})
            assert answer.status_code == 403, unit
            assert unit in answer.json()["detail"]
        for asked in ({"from": "2024-09-02", "to": "2024-09-01"}, {"from": "x"},
                      {"from": "1900-01-01"}, {"channel": "9"}):  # fmt: skip
            assert client.get("/v1/statistics", params=asked).status_code == 422, asked
    with gateway.client(keys.get("two", units=(OLD, FOREIGN))) as client:
        assert client.get("/v1/statistics").status_code == 422
