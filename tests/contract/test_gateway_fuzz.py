"""Bodies that should not exist: never a 500, never a stall, memory flat."""

from __future__ import annotations

import gzip
import json
import random
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from gateway_kit import GatewayChild, event, make_key, running_gateway
from hypothesis import HealthCheck, Phase, given, settings
from rig import Rig, eventually
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka

MIB = 1 << 20
#: How much longer than usual a small body, sent by somebody else, may wait while a monster is being
#: looked at; and how many times as long, because the machine of the tests may be busy.
STALL_SECONDS, STALL_TIMES = 1.0, 20
#: Every route that takes a body, with a small one of its own.
ROUTES = {
    "/v1/events": event("small"),
    "/v1/sync": {"service": "DongBoHoSoMC", "isUpdating": "True", "data": [
        {"MaHoSo": "H28-small", "TrangThaiHoSo": "2", "NgayTiepNhan": "20240903081500"}]},
    "/v1/mapped/fuzz": [{"id": "H28-small", "at": "2024-09-03T08:15:00+07:00"}],
    "/v1/reconcile": {"from": "2024-09-01", "to": "2024-09-02", "dossiers": []},
}  # fmt: skip
#: What may be answered to a monster.
ANSWERS = (200, 400, 413, 415, 422)
MAPPING = """\
source: motcua-test
shape: json
times: [iso]
fields: {dossier_id: id}
events:
  - {status: 2, occurred_at: at}
"""


@pytest.fixture(scope="module")
def rig(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rig]:
    rig = Rig(kafka, clickhouse, tmp_path_factory.mktemp("fuzz"))
    try:
        yield rig
    finally:
        rig.close()


@pytest.fixture(scope="module")
def gateway(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayChild]:
    mappings = tmp_path_factory.mktemp("mappings")
    (mappings / "fuzz.yaml").write_text(MAPPING)
    free = {"IOC_MAPPING_FOLDER": str(mappings), "IOC_READING_QUERIES_PER_MINUTE": "1000000"}
    with running_gateway(rig, **free) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def key(rig: Rig, gateway: GatewayChild) -> str:
    key = make_key(rig)
    gateway.wait_for_key(key)
    return key


def monsters() -> Iterator[tuple[str, str, bytes, dict[str, str]]]:
    """Name, media type, body, headers."""
    packed = {"Content-Encoding": "gzip"}
    array, lines = "application/json", "application/x-ndjson"
    good = json.dumps(event("fuzz")).encode()
    yield "deep objects", array, b'{"a":' * 800_000, {}
    yield "deep arrays", array, b"[" * 4_000_000, {}
    yield "deep and closed", array, b"[" * 100_000 + b"]" * 100_000, {}
    yield "deep in one event", array, b'[{"extras":' + b'{"a":' * 5000 + b"1" + b"}" * 5001, {}
    yield "huge number", array, b'{"status":' + b"9" * 60_000 + b"}", {}
    yield "huge exponent", array, b'{"status":1e999999999,"sequence":-1e-99999}', {}
    yield "many tiny elements", array, b"[" + b"1," * 2_000_000 + b"1]", {}
    yield "many empty lines", lines, b"\n" * 4_000_000, {}
    yield "bomb of spaces", array, gzip.compress(b" " * (200 * MIB)), packed
    yield "bomb of lines", lines, gzip.compress(b"{}\n" * (20 * MIB)), packed
    yield "bomb in a bomb", array, gzip.compress(gzip.compress(b"0" * (100 * MIB))), packed
    yield "many members", lines, gzip.compress(b"") * 200_000, packed
    yield "bad UTF-8", array, b'[{"event_id":"\xff\xfe"}, "\xc3\x28", ' + good + b"]", {}
    yield "lone surrogates", array, b'{"event_id":"\\ud800","dossier_id":"\\udfff"}', {}
    yield "nulls", array, b"\0" * 1000, {}
    yield "UTF-16", array, good.decode().encode("utf-16"), {}
    yield "same field many times", array, b"{" + b'"status":1,' * 5000 + b'"status":2}', {}
    yield "dates out of range", array, json.dumps(
        [
            event("d", occurred_at=text)
            for text in (
                "0000-00-00T00:00:00Z", "9999-12-31T23:59:59+14:00", "2024-02-30T00:00:00+07:00",
                "1e300", "-1", "2024-09-03", "٢٠٢٤-09-03T00:00:00+07:00",
                "2024-09-03T24:00:00+07:00",
                "2024-09-03T08:15:60+07:00", "2024-09-03T08:15:00+99:99", "99999999999999999999",
            )
        ]
    ).encode(), {}  # fmt: skip
    yield "other alphabets", array, json.dumps(
        [
            event("x", dossier_id=text)
            for text in ("中文-١٢٣-ไทย", "💥" * 40, "\u202egnp", "Đ" * 500)
        ],
        ensure_ascii=False,
    ).encode(), {}  # fmt: skip
    yield "envelope of an envelope", "application/cloudevents+json", json.dumps(
        {"specversion": "1.0", "id": "1", "source": "x", "type": "ioc.dossier-event.v1",
         "data": {"specversion": "1.0", "id": "2", "data": {}}}
    ).encode(), {}  # fmt: skip


def many_dossiers() -> tuple[str, str, bytes, dict[str, str]]:
    """As many as a reconciliation may name, in a spelling that takes long to read.

    They are few dossiers again and again: what takes long is reading them, not looking them up.
    """
    codes = [f"H28\u20132409\u2013{number}" for number in range(1_000)]
    dossiers = [{"dossier_id": code, "status": 4} for code in codes * 190]
    body = json.dumps({"from": "2024-09-01", "to": "2024-09-02", "dossiers": dossiers},
                      separators=(",", ":"), ensure_ascii=False)  # fmt: skip
    packed = gzip.compress(body.encode(), 1)
    return "many dossiers", "application/json", packed, {"Content-Encoding": "gzip"}


class Neighbour:
    """Somebody else who sends small bodies to every route all the time."""

    def __init__(self, gateway: GatewayChild, key: str) -> None:
        self._gateway, self._key = gateway, key
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.waits: list[float] = []
        self.usual_seconds = 0.0
        self.faults: list[str] = []

    def __enter__(self) -> Neighbour:
        self._thread.start()
        eventually(lambda: len(self.waits) >= 3 * len(ROUTES), "small bodies are answered")
        self.usual_seconds = statistics.median(self.waits)
        self.waits.clear()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        with self._gateway.client(self._key) as client:
            while not self._stop.is_set():
                for route, small in ROUTES.items():
                    started = time.monotonic()
                    answer = client.post(route, json=small)
                    self.waits.append(time.monotonic() - started)
                    if answer.status_code != 200:
                        self.faults.append(f"{route}: {answer.text[:200]}")


@pytest.mark.parametrize("monster", [*monsters(), many_dossiers()], ids=lambda each: each[0])
def test_monsters_are_answered_and_stop_nobody(gateway: GatewayChild, key: str, monster):
    """At every route, while somebody else is answered as ever."""
    _, media, body, headers = monster
    with gateway.client(key) as client, Neighbour(gateway, key) as neighbour:
        for route in ROUTES:
            answer = client.post(route, content=body, headers={"Content-Type": media, **headers})
            assert answer.status_code in ANSWERS, (route, answer.text[:500])
            assert answer.headers["x-request-id"]
            answer.json()
        answered = len(neighbour.waits)
        eventually(lambda: len(neighbour.waits) > answered, "the one under way is answered")
    assert not neighbour.faults
    assert max(neighbour.waits) < STALL_SECONDS + STALL_TIMES * neighbour.usual_seconds


@pytest.mark.parametrize("route", ROUTES)
def test_random_bodies_over_and_over_leave_memory_flat(gateway: GatewayChild, key: str, route: str):
    chance = random.Random(1)
    good = json.dumps([event(n) for n in range(40)] if route == "/v1/events" else ROUTES[route])
    with gateway.client(key) as client:

        def throw(times: int) -> None:
            for _ in range(times):
                body = bytearray(good.encode())
                for _ in range(chance.randrange(1, 30)):
                    body[chance.randrange(len(body))] = chance.randrange(256)
                start, end = sorted(chance.sample(range(len(body)), 2))
                part = bytes(body) if chance.random() < 0.5 else bytes(body[start:end])
                media = chance.choice(["application/json", "application/x-ndjson"])
                answer = client.post(route, content=part, headers={"Content-Type": media})
                assert answer.status_code in ANSWERS, answer.text[:500]

        throw(150)
        large = gzip.compress(b"[" + b" " * (28 * MIB) + b"1]")
        packed = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
        for _ in range(3):
            client.post(route, content=large, headers=packed)
        before = gateway.memory_bytes()
        throw(150)
        for _ in range(6):
            client.post(route, content=large, headers=packed)
        assert gateway.memory_bytes() < before + 64 * MIB


def test_lines_that_are_cut_and_heads_that_are_none(gateway: GatewayChild, key: str):
    host, port = gateway.url.removeprefix("http://").split(":")
    for begin in (
        b"\0\1\2\3\r\n\r\n",
        b"POST /v1/events HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /v1/events HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        f"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: 900\r\n\r\n[".encode(),
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000,
    ):
        with socket.create_connection((host, int(port)), timeout=30) as line:
            line.sendall(begin)
    with gateway.client(key) as client:
        assert client.post("/v1/events", json=event("alive")).status_code == 200


def test_every_operation_keeps_to_its_document(gateway: GatewayChild, key: str):
    """What comes back has a documented status, type and shape, and is never a failure."""
    document = httpx.get(f"{gateway.url}/v1/openapi.json", trust_env=False).json()
    api = schemathesis.openapi.from_dict(document)
    api.config.update(base_url=gateway.url)
    tried = examples = 0
    for found in api.get_all_operations():
        operation = found.ok()
        for example in operation.get_strategies_from_examples():
            keeps_to_its_document(example, key, 1)
            examples += 1
        keeps_to_its_document(operation.as_strategy(), key, 20)
        tried += 1
    assert tried >= 6
    assert examples >= 5


def keeps_to_its_document(cases: Any, key: str, count: int) -> None:
    @settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def keeps(case: Any) -> None:
        check_case(case, key)

    keeps()


def check_case(case: Any, key: str) -> None:
    answer = case.call(headers={"Authorization": f"Bearer {key}"})
    # Not asked: whether what fits the document is accepted (it may be in the future, or another
    # source's) and what does not is refused (one wrong event beside a right one has its result).
    case.validate_response(
        answer,
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
            response_headers_conformance,
        ],
    )


def test_the_examples_of_the_document_are_accepted(gateway: GatewayChild, rig: Rig):
    key = make_key(rig, source="motcua-hoabinh")
    gateway.wait_for_key(key)
    with gateway.client(key) as client:
        document = client.get("/v1/openapi.json").json()
        said = document["paths"]["/v1/events"]["post"]["requestBody"]["content"]
        tried = 0
        for media, content in said.items():
            for example in content.get("examples", {}).values():
                body = json.dumps(example["value"]).encode()
                answer = client.post(
                    "/v1/events",
                    content=body,
                    headers={"Content-Type": media},
                    params={"dry_run": "true"},
                )
                outcomes = {each["outcome"] for each in answer.json()["results"]}
                assert outcomes <= {"valid", "duplicate"}, answer.text
                tried += 1
        assert tried >= 4
    assert httpx.get(f"{gateway.url}/health/live", trust_env=False).status_code == 200
