"""Every example of the OpenAPI document is sent, and every example of an answer is a real one.

The document is gone through whole: a route that is added needs an example, and to be asked here.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gateway_kit import make_key, running_gateway
from jsonschema_rs import Draft202012Validator
from rig import Rig, eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.gateway.event_docs import EXAMPLE_EVENT

DOSSIER = EXAMPLE_EVENT["dossier_id"]
_GUIDE = Path(__file__).parents[2] / "docs" / "connect.md"
#: What is another one in every answer.
_OF_THE_MOMENT = {"request_id", "server_time", "compared_at"}
Operation = dict[str, Any]


class Door:
    """A gateway that holds the examples' dossier, its document, and a key for everything."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.document = client.get("/v1/openapi.json").json()
        self.operations: dict[tuple[str, str], Operation] = {
            (method.upper(), path): operation
            for path, operations in self.document["paths"].items()
            for method, operation in operations.items()
        }

    def check(self, operation: Operation, answer: httpx.Response) -> Any:
        """Return the example of the good answer; it and the real one fit the document's schema."""
        assert answer.status_code == 200, answer.text
        media = answer.headers["content-type"].partition(";")[0]
        content = operation["responses"]["200"]["content"][media]
        schema = {**content["schema"], "components": self.document["components"]}
        for each in (content["example"], answer.json()):
            Draft202012Validator(schema).validate(each)
        return content["example"]


@pytest.fixture(scope="module")
def door(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("examples")
    found = re.search(r"<!-- file: mapping.yaml -->\n```yaml\n(.*?)```", _GUIDE.read_text(), re.S)
    assert found is not None
    (folder / "mapping").mkdir()
    (folder / "mapping" / "mapping.yaml").write_text(found[1])
    secret = folder / "receipts"
    os.close(os.open(secret, os.O_CREAT, 0o600))
    secret.write_text("a secret of this test, long enough for it")
    rig = Rig(kafka, clickhouse, folder)
    settings = {
        "IOC_MAPPING_FOLDER": str(folder / "mapping"),
        "IOC_READING_RECEIPT_KEY_FILE": str(secret),
    }
    try:
        with running_gateway(rig, **settings) as gateway:
            key = make_key(rig, source=EXAMPLE_EVENT["source"])
            gateway.wait_for_key(key)
            rig.start_worker()
            with gateway.client(key) as client:
                made = Door(client)
                finished = EXAMPLE_EVENT | {"event_id": "9", "status": 9}
                later = {"occurred_at": "2024-09-05T15:40:00+07:00"}
                client.post("/v1/events", json=[EXAMPLE_EVENT, finished | later])
                rig.expect_all()
                rig.wait_stored()
                eventually(lambda: _changes(made)["dossiers"], "the change is told", 60)
                yield made
    finally:
        rig.close()


def _changes(door: Door) -> Any:
    params = {"changed_since": "2020-01-01T00:00:00+07:00"}
    return door.client.get("/v1/dossiers", params=params).json()


def _receipt(door: Door) -> httpx.Response:
    return door.client.get(f"/v1/receipts/{DOSSIER}")


def _look_up(door: Door) -> httpx.Response:
    digits = {"X-Receipt-Digits": _receipt(door).json()["digits"]}
    return door.client.get(f"/v1/dossiers/{DOSSIER}", headers=digits)


#: How the routes without a body are asked.
READ: dict[str, Callable[[Door], httpx.Response]] = {
    "/v1/dossiers": lambda door: door.client.get(
        "/v1/dossiers", params={"changed_since": "2020-01-01T00:00:00+07:00"}
    ),
    "/v1/dossiers/{dossier_id}": _look_up,
    "/v1/receipts/{dossier_id}": _receipt,
    "/v1/statistics": lambda door: door.client.get(
        "/v1/statistics", params={"unit": "04795", "from": "2024-09-01", "to": "2024-09-30"}
    ),
}


def test_every_example_of_a_request_is_taken(door: Door) -> None:
    tried: dict[str, int] = {}
    for (method, path), operation in door.operations.items():
        if method != "POST":
            continue
        tried[path] = 0
        for media, content in operation["requestBody"]["content"].items():
            for example in content.get("examples", {}).values():
                value = example["value"]
                answer = door.client.post(
                    path.replace("{name}", "mapping"),
                    content=(value if isinstance(value, str) else json.dumps(value)).encode(),
                    headers={"Content-Type": media},
                    params={} if path == "/v1/reconcile" else {"dry_run": "true"},
                )
                door.check(operation, answer)
                said = answer.json()
                assert not said.get("rejected"), answer.text
                assert said.get("error_code", "0") == "0", answer.text
                tried[path] += 1
    assert all(tried.values()), tried
    assert tried["/v1/events"] >= 4


def test_every_example_of_an_answer_to_a_request_is_what_is_answered(door: Door) -> None:
    """Word by word, but for what is of the moment."""
    wrong = {
        **EXAMPLE_EVENT,
        "event_id": "20240903-0004-1",
        "dossier_id": DOSSIER.replace("0003", "0004"),
        "status": 11,
    }
    new = EXAMPLE_EVENT | {"occurred_at": "2024-09-03T08:16:00+07:00"}
    for (method, path), operation in door.operations.items():
        if method != "POST":
            continue
        content = operation["requestBody"]["content"]
        media, (example, *_) = next(
            (media, list(each["examples"].values()))
            for media, each in content.items()
            if "examples" in each
        )
        value = example["value"]
        if path == "/v1/events":
            value = [new | {"event_id": "20240903-0003-2b"}, wrong]
        answer = door.client.post(
            path.replace("{name}", "mapping"),
            content=(value if isinstance(value, str) else json.dumps(value)).encode(),
            headers={"Content-Type": media},
        )
        expected = door.check(operation, answer)
        told = json.loads(answer.text.replace("20240903-0003-2b", "20240903-0003-2"))
        assert _lasting(told) == _lasting(expected), path


def test_every_example_of_what_is_read_has_the_members_of_the_real_one(door: Door) -> None:
    asked = {path for method, path in door.operations if method == "GET"}
    assert asked == READ.keys()
    for path, ask in READ.items():
        answer = ask(door)
        expected = door.check(door.operations["GET", path], answer)
        assert set(answer.json()) == set(expected), path
        _check_members(expected, answer.json(), path)


def _lasting(said: Any) -> Any:
    if isinstance(said, list):
        return [_lasting(each) for each in said]
    if not isinstance(said, dict):
        return said
    return {name: _lasting(each) for name, each in said.items() if name not in _OF_THE_MOMENT}


def _check_members(expected: Any, told: Any, place: str) -> None:
    """Everything that the example names is in the answer, however deep."""
    if isinstance(expected, list) and expected and told:
        _check_members(expected[0], told[0], place)
    elif isinstance(expected, dict) and told is not None:
        assert set(expected) <= set(told), place
        for name, each in expected.items():
            _check_members(each, told[name], f"{place} {name}")
