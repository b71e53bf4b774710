"""Every route × every kind of key × own, child, foreign and merged unit.

The routes come from the application's own document, so a new one fails here until somebody says
which right it needs.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from gateway_kit import PROVINCE, GatewayChild, event, make_key, running_gateway
from rig import Rig, eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.gateway.keys.model import Right

#: The right that each route needs; None = it needs no key, or has a session of its own.
RIGHTS: dict[tuple[str, str], Right | None] = {
    ("POST", "/v1/events"): Right.PUSH,
    ("POST", "/v1/sync"): Right.PUSH,
    ("POST", "/v1/mapped/{name}"): Right.PUSH,
    ("GET", "/v1/receipts/{dossier_id}"): Right.PUSH,
    ("GET", "/v1/dossiers/{dossier_id}"): Right.LOOKUP,
    ("GET", "/v1/dossiers"): Right.READ,
    ("GET", "/v1/statistics"): Right.READ,
    ("POST", "/v1/reconcile"): Right.READ,
}

#: Unit of a dossier -> its code. 04795 lies in the district 148; 04831 in another one; 04789 was
#: merged with others into 04828-2025.
UNITS = ("04795", "04831", "04789", "04828-2025")
#: Key -> the units that it was issued for, and those of `UNITS` that it may write and see.
KEYS: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "own commune": (("04795",), {"04795"}),
    "district of it": (("148",), {"04795", "04789", "04828-2025"}),
    "foreign commune": (("04831",), {"04831"}),
    "merged commune": (("04828-2025",), {"04789", "04828-2025"}),
    "commune before": (("04789",), {"04789", "04828-2025"}),
    "department": (("25-SCT",), set()),
    "old province": (("17",), set(UNITS)),
    "province": (PROVINCE, set(UNITS)),
}
TIME = "2025-08-04T08:15:00+07:00"


def dossier(unit: str) -> str:
    return f"H44.100-250804-{unit}"


def of_unit(unit: str, number: object, **changes: Any) -> dict[str, Any]:
    found = event(number, source=None, dossier_id=dossier(unit), receiver=unit)
    times = {"occurred_at": TIME, "due_at": "2025-08-11T17:00:00+07:00", "received_at": TIME}
    return {**found, **times, **changes}


class Place:
    """A gateway over dossiers of all `UNITS`, and a key of every kind."""

    def __init__(self, rig: Rig, gateway: GatewayChild) -> None:
        self.rig, self.gateway = rig, gateway
        self.keys = {name: make_key(rig, units=units) for name, (units, _) in KEYS.items()}
        self.sandbox = make_key(rig, sandbox=True)
        self.of_right = {
            right: make_key(rig, rights=frozenset({right})) for right in Right
        }  # fmt: skip
        now = int(time.time())
        self.dead = {
            "none": "",
            "no key": "x",
            "unknown": make_key(rig).replace("_", "_f", 1)[:-1],
            "expired": make_key(rig, expires_at=now - 1),
            "revoked": make_key(rig, revoked_at=now - 1),
        }
        gateway.wait_for_key(self.of_right[Right.READ])
        with self.client(self.keys["province"]) as client:
            seeds = [of_unit(unit, f"seed-{unit}") for unit in UNITS]
            answer = client.post("/v1/events", json=seeds)
            assert answer.json()["accepted"] == len(UNITS), answer.text
        rig.start_worker()
        rig.expect_all()
        rig.wait_stored()
        self.routes = self._routes()

    def client(self, key: str) -> httpx.Client:
        return self.gateway.client(key)

    def _routes(self) -> list[tuple[str, str]]:
        with self.client("") as client:
            paths = client.get("/v1/openapi.json").json()["paths"]
        return [
            (method.upper(), path)
            for path, operations in paths.items()
            for method, operation in operations.items()
            if "open" not in operation.get("tags", ())
        ]

    def stored_since(self, before: dict[int, int]) -> set[str]:
        """The dossiers of events that came into Kafka since."""
        from kafka import KafkaConsumer, TopicPartition

        consumer = KafkaConsumer(bootstrap_servers=self.rig.kafka.bootstrap)
        topic = self.rig.kafka_settings.events_topic
        found = set()
        for partition, offset in before.items():
            place = TopicPartition(topic, partition)
            consumer.assign([place])
            consumer.seek(place, offset)
            (end,) = consumer.end_offsets([place]).values()
            while consumer.position(place) < end:
                for batch in consumer.poll(timeout_ms=1000).values():
                    found |= {record.key.decode() for record in batch}
        consumer.close()
        return found

    def ends(self) -> dict[int, int]:
        self.rig.expect_all()
        return {partition: last + 1 for partition, last in self.rig.sent_offsets.items()}


@pytest.fixture(scope="module")
def place(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    rig = Rig(kafka, clickhouse, tmp_path_factory.mktemp("matrix"))
    try:
        with running_gateway(rig) as gateway:
            yield Place(rig, gateway)
    finally:
        rig.close()


def ask(client: httpx.Client, method: str, path: str) -> httpx.Response:
    filled = path.replace("{dossier_id}", dossier("04795")).replace("{name}", "none")
    return client.request(method, filled, content=b"[]" if method == "POST" else None,
                          headers={"Content-Type": "application/json"})  # fmt: skip


def test_every_route_says_which_right_it_needs(place: Place):
    assert set(place.routes) <= RIGHTS.keys(), "add the new route with its right"
    assert ("POST", "/v1/events") in place.routes


@pytest.mark.parametrize("kind", ["none", "no key", "unknown", "expired", "revoked"])
def test_no_route_answers_a_key_that_does_not_work(place: Place, kind: str):
    for method, path in place.routes:
        with place.client(place.dead[kind]) as client:
            answer = ask(client, method, path)
        assert answer.status_code in (200, 401), (method, path)
        # The national route answers in its own manner.
        if answer.status_code == 200:
            assert path == "/v1/sync"
            assert answer.json()["error_code"] != "0"


@pytest.mark.parametrize("right", list(Right))
def test_a_right_opens_its_routes_and_no_others(place: Place, right: Right):
    with place.client(place.of_right[right]) as client:
        for method, path in place.routes:
            answer = ask(client, method, path)
            refused = answer.status_code == 403 or (
                path == "/v1/sync" and "quyền" in answer.text and answer.status_code != 401
            )
            assert refused == (RIGHTS[method, path] is not right), (method, path, answer.text)


@pytest.mark.parametrize("name", KEYS)
def test_a_key_writes_for_its_units_alone(place: Place, name: str):
    """Whatever a key sends by whatever route: no event of a foreign dossier gets into Kafka."""
    _, covered = KEYS[name]
    before = place.ends()
    with place.client(place.keys[name]) as client:
        for unit in UNITS:
            number = f"{name}-{unit}".replace(" ", "-")
            named = of_unit(unit, f"{number}-1", status=4)
            silent = {**of_unit(unit, f"{number}-2", status=4), "receiver": None}
            # Under a unit of one's own, to get hold of somebody else's dossier.
            own = unit if unit in covered else next(iter(sorted(covered)), "25-SCT")
            claimed = of_unit(unit, f"{number}-3", status=9, receiver=own)
            answer = client.post("/v1/events", json=[named, silent, claimed])
            codes = [each.get("code", "") for each in answer.json()["results"]]
            refused = ["foreign_unit", "foreign_dossier", "foreign_dossier"]
            assert codes == (["", "", ""] if unit in covered else refused), (unit, answer.text)
            progress = {
                "MaHoSo": dossier(unit),
                "NguoiXuLy": "Người xử lý",
                "ThoiDiemXuLy": "20250805081500",
                "TrangThai": "4",
            }
            client.post(
                "/v1/sync",
                json={"service": "CapNhatTienDoHoSoMC", "isUpdating": "True", "data": [progress]},
            )
    assert place.stored_since(before) == {dossier(unit) for unit in covered}


@pytest.mark.parametrize("name", KEYS)
def test_a_key_sees_its_units_alone(place: Place, name: str):
    _, covered = KEYS[name]
    with place.client(place.keys[name]) as client:
        for unit in UNITS:
            answer = client.get(f"/v1/dossiers/{dossier(unit)}")
            assert answer.status_code == (200 if unit in covered else 404), (unit, answer.text)
            receipt = client.get(f"/v1/receipts/{dossier(unit)}")
            assert receipt.status_code in (200, 404)
            assert unit in covered or receipt.status_code == 404
        listed = client.get("/v1/dossiers", params={"changed_since": "2020-01-01T00:00:00+07:00"})
        assert listed.status_code == 200, listed.text
        ids = {each["dossier_id"] for each in listed.json()["dossiers"]}
        assert ids == {dossier(unit) for unit in covered}
        for unit in UNITS:
            figures = client.get("/v1/statistics", params={"unit": unit})
            assert (figures.status_code == 403) == (unit not in covered), (unit, figures.text)
        held = [{"dossier_id": dossier(unit), "status": 2} for unit in UNITS]
        compared = client.post(
            "/v1/reconcile", json={"from": "2025-08-01", "to": "2025-08-31", "dossiers": held}
        )
        assert compared.status_code == 200, compared.text
        differing = json.dumps(compared.json().get("differing", []))
        for unit in set(UNITS) - covered:
            assert dossier(unit) not in differing
            assert f'"ioc_status": 4, "dossier_id": "{dossier(unit)}"' not in compared.text


def test_a_sandbox_key_changes_and_sees_nothing_real(place: Place):
    before = place.ends()
    with place.client(place.sandbox) as client:
        answer = client.post("/v1/events", json=[of_unit("04795", "sandbox", status=9)])
        assert answer.json()["accepted"] == 1
        assert client.get(f"/v1/dossiers/{dossier('04795')}").status_code in (403, 404)
    assert place.stored_since(before) == set()


def test_no_key_stands_in_the_log(place: Place):
    eventually(lambda: place.gateway.process.poll() is None, "it runs")
    given = [*place.keys.values(), *place.of_right.values(), place.sandbox]
    assert not any(key[-43:] in place.gateway.log for key in given)
