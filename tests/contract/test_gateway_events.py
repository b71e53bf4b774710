"""`POST /v1/events` on real Kafka and ClickHouse, over real HTTP."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import socket
import time
from collections.abc import Iterator
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from gateway_kit import GatewayChild, KeyBox, event, make_key, running_gateway
from kafka import KafkaConsumer, TopicPartition
from rig import Rig, eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.gateway.keys.model import Right

LIMITS = {
    "IOC_GATEWAY_MAX_BODY_BYTES": "200000",
    "IOC_GATEWAY_MAX_UNPACKED_BYTES": "1000000",
    "IOC_GATEWAY_MAX_ITEMS": "1000",
    "IOC_GATEWAY_BODY_SECONDS": "1",
    "IOC_GATEWAY_BODY_BYTES_AT_ONCE": str(1 << 20),
}


@pytest.fixture(scope="module")
def rig(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rig]:
    rig = Rig(kafka, clickhouse, tmp_path_factory.mktemp("gateway"))
    try:
        yield rig
    finally:
        rig.close()


@pytest.fixture(scope="module")
def gateway(rig: Rig) -> Iterator[GatewayChild]:
    with running_gateway(rig, **LIMITS) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def keys(rig: Rig, gateway: GatewayChild) -> KeyBox:
    return KeyBox(rig, lambda: gateway)


@pytest.fixture
def client(gateway: GatewayChild, keys: KeyBox) -> Iterator[httpx.Client]:
    with gateway.client(keys.get("wide")) as client:
        yield client


class Topic:
    """What is new in a topic since this was made."""

    def __init__(self, rig: Rig, name: str, partitions: int) -> None:
        self._consumer = KafkaConsumer(bootstrap_servers=rig.kafka.bootstrap)
        self._places = [TopicPartition(name, number) for number in range(partitions)]
        self._consumer.assign(self._places)
        for place, end in self._consumer.end_offsets(self._places).items():
            self._consumer.seek(place, end)

    def records(self) -> list[Any]:
        """Everything up to now."""
        found: list[Any] = []
        for place, end in self._consumer.end_offsets(self._places).items():
            while self._consumer.position(place) < end:
                for batch in self._consumer.poll(timeout_ms=1000).values():
                    found += batch
        return found

    def close(self) -> None:
        self._consumer.close()


@pytest.fixture
def topic(rig: Rig) -> Iterator[Topic]:
    topic = Topic(rig, rig.kafka_settings.events_topic, rig.kafka_settings.partitions)
    yield topic
    topic.close()


def send(client: httpx.Client, body: Any, media: str = "application/json", **more: Any) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": media, **more.pop("headers", {})}
    return client.post("/v1/events", content=content, headers=headers, **more)


def outcomes(answer: httpx.Response) -> list[str]:
    return [each["outcome"] for each in answer.json()["results"]]


def test_one_event_is_in_kafka_when_it_is_acknowledged(client, topic: Topic):
    answer = send(client, event(1, personal="Nguyễn Văn A", source=None))
    assert answer.status_code == 200
    assert outcomes(answer) == ["accepted"]
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    (record,) = topic.records()
    # The source is the key's; fields that the contract does not know stay behind.
    assert json.loads(record.value) == event(1)
    assert record.key == event(1)["dossier_id"].encode()


@pytest.mark.parametrize(
    ("media", "body", "headers"),
    [
        ("application/json", [event("a1"), event("a2")], {}),
        (
            "application/x-ndjson",
            b"\n".join(json.dumps(event(f"l{n}")).encode() for n in (1, 2)) + b"\r\n\n",
            {},
        ),
        (
            "application/x-ndjson; charset=utf-8",
            gzip.compress(b"\xef\xbb\xbf" + json.dumps(event("g1")).encode() + b"\n")
            + gzip.compress(json.dumps(event("g2")).encode()),
            {"Content-Encoding": "gzip"},
        ),
        (
            "application/cloudevents-batch+json",
            [
                {
                    "specversion": "1.0",
                    "id": f"ce-{n}",
                    "source": "/motcua",
                    "type": "ioc.dossier-event.v1",
                    "time": "2024-09-03T08:15:00+07:00",
                    "subject": f"dossier-ce-{n}",
                    "data": {"status": 2, "receiver": "04795"},
                }
                for n in (1, 2)
            ],
            {},
        ),
    ],
    ids=["array", "lines", "packed lines", "envelopes"],
)
def test_many_events_in_every_packing(client, topic: Topic, media: str, body: Any, headers):
    answer = send(client, body, media, headers=headers)
    assert answer.status_code == 200, answer.text
    assert outcomes(answer) == ["accepted", "accepted"]
    assert len(topic.records()) == 2


def test_an_envelope_in_headers_and_one_in_the_body(client, topic: Topic):
    names = {"specversion": "1.0", "id": "b-1", "source": "/x", "type": "ioc.dossier-event.v1"}
    headers = {f"ce-{name}": value for name, value in names.items()}
    answer = send(client, event("binary", event_id=None), headers=headers)
    assert answer.json()["results"][0]["event_id"] == "b-1", answer.text
    wrapped = {**names, "id": "s-1", "data": event("structured", event_id=None)}
    answer = send(client, wrapped, "application/cloudevents+json")
    assert answer.json()["results"][0]["event_id"] == "s-1", answer.text
    wrong = [{**wrapped, "specversion": "0.3"}, {**wrapped, "type": "other"}, {**wrapped, "id": ""}]
    answer = send(client, [*wrong, event("beside")])
    assert outcomes(answer) == ["rejected"] * 3 + ["accepted"]
    said = [(each["code"], each["field"]) for each in answer.json()["results"][:3]]
    assert said == [
        ("bad_envelope", "specversion"),
        ("bad_envelope", "type"),
        ("bad_envelope", "id"),
    ]
    assert len(topic.records()) == 3


def test_one_bad_event_does_not_harm_its_neighbours(client, topic: Topic):
    body = [
        event("n1"),
        event("n2", status=11),
        event("n3", occurred_at="20240903081500"),
        event("n4", dossier_id=None),
        event("n5", receiver="no-such-unit"),
        event("n6", source="somebody-else"),
        event("n7", occurred_at="2031-01-01T00:00:00+07:00"),
        event("n8", extras={"a": [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}),
        17,
        event("n9", event_id="x" * 70_000),
        event("n10"),
    ]
    answer = send(client, body)
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [each["index"] for each in results] == list(range(11))
    assert {each["request_id"] for each in results} == {answer.headers["x-request-id"]}
    assert [each.get("code", "") for each in results] == [
        "", "bad_status", "bad_time", "missing_field", "unknown_unit", "foreign_source",
        "future_time", "too_deep", "not_json", "too_long", "",
    ]  # fmt: skip
    assert results[1]["message"]["vi"] == 'status không hợp lệ (chỉ 1–10): "11"'
    assert results[3]["message"]["vi"] == "Thiếu trường bắt buộc dossier_id"
    assert answer.json()["server_time"] in results[6]["message"]["vi"]
    assert results[6]["message"]["vi"].startswith("Thời điểm ở tương lai, kiểm tra đồng hồ máy")
    for each in results[1:10]:
        assert each["cure"]["vi"] and each["cure"]["en"], each
    assert len(topic.records()) == 2
    alone = send(client, body[1])
    assert alone.status_code == 422
    assert alone.headers["content-type"] == "application/problem+json"
    assert outcomes(alone) == ["rejected"]


def test_an_event_again_is_a_duplicate_whatever_its_spaces(client, topic: Topic):
    first = event("again")
    assert outcomes(send(client, first)) == ["accepted"]
    other = dict(reversed(first.items())) | {"note": "tiếng Việt"}
    again = send(client, json.dumps([other, other], indent=3).encode())
    assert outcomes(again) == ["duplicate", "duplicate"]
    said = again.json()["results"][0]["message"]["vi"]
    assert said == "Sự kiện đã được nhận trước đó, không tính lại"
    later = first | {"occurred_at": "2024-09-03T01:15:00Z"}
    assert outcomes(send(client, later)) == ["duplicate"]
    both = [event("twice"), event("twice"), event("twice", status=3)]
    changed = send(client, [first | {"status": 4}, *both])
    assert outcomes(changed) == ["rejected", "accepted", "duplicate", "rejected"]
    for place in (0, 3):
        told = changed.json()["results"][place]
        assert (told["code"], told["field"]) == ("id_reused", "event_id")
        assert "event_id riêng" in told["cure"]["vi"]
    assert len(topic.records()) == 2


def test_a_dry_run_saves_nothing(client, topic: Topic):
    answer = send(client, [event("dry"), event("dry2", status=0)], params={"dry_run": "true"})
    assert outcomes(answer) == ["valid", "rejected"]
    assert answer.json()["dry_run"] is True
    assert topic.records() == []
    assert outcomes(send(client, event("dry"))) == ["accepted"]
    assert send(client, event("dry"), params={"dry_run": "perhaps"}).status_code == 422


def test_backfill_marks_every_event(client, topic: Topic):
    assert outcomes(send(client, [event("old")], params={"backfill": "1"})) == ["accepted"]
    (record,) = topic.records()
    assert json.loads(record.value)["backfill"] is True


def test_sandbox_events_never_reach_the_events_topic(rig: Rig, gateway, keys, topic: Topic):
    sandbox = Topic(rig, rig.kafka_settings.sandbox_topic, 1)
    with gateway.client(keys.get("sandbox", sandbox=True)) as client:
        assert outcomes(send(client, event("sand"))) == ["accepted"]
    assert topic.records() == []
    assert len(sandbox.records()) == 1
    sandbox.close()


def test_limits_are_told_in_the_wording_of_the_portal(client):
    large = send(client, b"[" + b" " * 300_000 + b"]")
    assert large.status_code == 413
    assert large.json()["detail"].startswith("Gói dữ liệu vượt")
    bomb = gzip.compress(b"[" + b" " * 5_000_000 + b"1]")
    assert len(bomb) < 200_000
    packed = send(client, bomb, headers={"Content-Encoding": "gzip"})
    assert packed.status_code == 413
    many = send(client, [1] * 1001)
    assert (many.status_code, many.json()["code"]) == (413, "too_many_items")
    english = send(client, [1] * 1001, headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert english.json()["detail"] == "The body exceeds 1000 events, split it up"
    assert send(client, event(1), "text/plain").status_code == 415
    assert send(client, event(1), headers={"Content-Encoding": "br"}).status_code == 415
    broken = send(client, b"\x1f\x8bxxxx", headers={"Content-Encoding": "gzip"})
    assert (broken.status_code, broken.json()["code"]) == (400, "bad_gzip")
    cut = gzip.compress(json.dumps(event(1)).encode())[:-9]
    assert send(client, cut, headers={"Content-Encoding": "gzip"}).status_code == 400
    assert send(client, b"[{}, {").status_code == 400
    assert send(client, b" ").json()["code"] == "empty"
    assert send(client, [b"x".hex()] * 3).status_code == 422


def test_a_body_that_does_not_come_is_not_waited_for(gateway: GatewayChild, keys: KeyBox):
    host, port = gateway.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as line:
        head = (
            f"POST /v1/events HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {keys.get('wide')}\r\nContent-Length: 50\r\n\r\n{{"
        )
        line.sendall(head.encode())
        assert line.recv(100).startswith(b"HTTP/1.1 408")


def test_there_is_room_for_some_bodies_and_others_are_sent_away(gateway, keys, client):
    host, port = gateway.url.removeprefix("http://").split(":")
    head = (
        f"POST /v1/events HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {keys.get('wide')}\r\nContent-Length: 200000\r\n\r\n"
    ).encode()
    lines = [socket.create_connection((host, int(port)), timeout=60) for _ in range(8)]
    try:
        for line in lines:
            line.sendall(head + b" " * 190_000)
        answers = [line.recv(16_000) for line in lines]
    finally:
        for line in lines:
            line.close()
    assert {answer[:12] for answer in answers} == {b"HTTP/1.1 503", b"HTTP/1.1 408"}
    assert all(b"retry-after: " in each.lower() for each in answers if each[9:12] == b"503")
    # The room is free again.
    assert outcomes(send(client, event("room"))) == ["accepted"]


def test_a_key_is_needed_in_a_header(gateway: GatewayChild, keys: KeyBox, client):
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic !!"}):
        with gateway.client() as stranger:
            answer = send(stranger, event("k"), headers=headers)
        assert answer.status_code == 401
        assert answer.json()["detail"] == "Khóa không hợp lệ hoặc đã bị thu hồi"
    with httpx.Client(base_url=gateway.url, auth=("anyone", keys.get("wide"))) as basic:
        assert outcomes(send(basic, event("basic"))) == ["accepted"]
    with gateway.client(keys.get("reader", rights=frozenset({Right.READ}))) as reader:
        answer = send(reader, event("k"))
        assert (answer.status_code, answer.json()["code"]) == (403, "no_right")
    wrong = keys.get("wide")[:-1] + ("A" if not keys.get("wide").endswith("A") else "B")
    assert send(client, event("k"), headers={"Authorization": f"Bearer {wrong}"}).status_code == 401


def test_a_senders_clock_is_measured_and_stored(rig: Rig, gateway, keys):
    def skew(method: str) -> list[Any]:
        return rig.rows(
            "SELECT skew_ms FROM gateway_skew FINAL WHERE key_id = {key:String}"
            " AND method = {m:String}",
            key=keys.get("clock").split("_")[1], m=method,
        )  # fmt: skip

    with gateway.client(keys.get("clock")) as client:
        ahead = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
        send(client, event("late", occurred_at=ahead.isoformat()))
        eventually(lambda: skew("future"), "the events' skew is stored")
        assert abs(skew("future")[0][0] - 86_400_000) < 60_000
        send(client, event("skew"), headers={"Date": format_datetime(ahead, usegmt=True)})
        eventually(lambda: skew("date"), "the header's skew is stored")
        assert abs(skew("date")[0][0] - 86_400_000) < 60_000


def test_use_refusals_and_rejects_are_written_down(rig: Rig, gateway, keys):
    key = keys.get("audited", source="audited")
    key_id = key.split("_")[1]

    def rows(sql: str) -> list[Any]:
        return rig.rows(sql, key=key_id)

    with gateway.client(key) as client:
        name = "Nguyễn Văn A"
        good = event("u1", source=None)
        bad = event("u2", source=None, status=99, procedure=name, extras={"who": name}, who=name)
        answer = send(client, [good, good, bad])
        assert outcomes(answer) == ["accepted", "duplicate", "rejected"]
        assert send(client, b"{").status_code == 422
    use = (
        "SELECT sum(requests) >= 3, sum(accepted), sum(duplicate), sum(rejected), sum(refused) >= 2"
        " FROM gateway_use FINAL WHERE key_id = {key:String}"
    )
    eventually(lambda: rows(use) == [(1, 1, 1, 2, 1)], "sums of use")
    refused = (
        "SELECT DISTINCT status, code, route FROM gateway_refusals FINAL"
        " WHERE key_id = {key:String} AND status = 422"
    )
    eventually(lambda: rows(refused) == [(422, "all_rejected", "/v1/events")], "refusals")
    kept = "SELECT * FROM gateway_rejects WHERE key_id = {key:String} AND code = 'bad_status'"
    (reject,) = eventually(lambda: rows(kept), "rejects")
    assert answer.json()["request_id"] in reject
    assert not any(name in str(column) or "Nguy" in str(column) for column in reject)
    assert json.loads(reject[-1])["status"] == 99
    assert not any(key in str(row) for table in ("gateway_use", "gateway_rejects", "gateway_keys")
                   for row in rig.rows(f"SELECT * FROM {table}"))  # fmt: skip


def test_keys_end_and_never_stand_in_a_log(rig: Rig, gateway: GatewayChild):
    key = make_key(rig, expires_at=int(time.time()) + 3600)
    gateway.wait_for_key(key)
    with gateway.client(key) as client:
        assert outcomes(send(client, event("ends"))) == ["accepted"]
        key_id = key.split("_")[1]
        rig.client.command(
            "INSERT INTO gateway_keys SELECT key_id, version + 1, label, source, units, rights,"
            " sandbox, secret_hash, created_at, expires_at, 1 FROM gateway_keys"
            f" WHERE key_id = '{key_id}'"
        )
        eventually(lambda: send(client, event("ends")).status_code == 401, "the key is revoked")
    assert "ioc_" not in gateway.log
    assert key not in gateway.log


def test_a_gateway_that_was_started_again_knows_what_is_stored(
    rig: Rig, gateway: GatewayChild, client
):
    assert outcomes(send(client, event("before"))) == ["accepted"]
    rig.start_worker()
    rig.expect_all()
    rig.wait_stored()
    with running_gateway(rig) as other, other.client(client.headers["authorization"][7:]) as again:
        eventually(
            lambda: outcomes(send(again, event("before"))) == ["duplicate"],
            "the stored event is known",
        )


def test_wrong_settings_end_the_start_with_a_reason(rig: Rig, tmp_path: Path):
    with (
        pytest.raises(AssertionError, match="keys would travel in the clear"),
        running_gateway(rig, IOC_GATEWAY_HOST="0.0.0.0"),  # noqa: S104 - must not start
    ):
        pass
