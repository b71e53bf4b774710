"""Every route × every kind of key × own, child, foreign and merged unit.

The routes come from the application itself, also those that its document leaves out, so a new one
fails here until somebody says which right it needs, what it is asked, and what it may show.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from gateway_kit import SOURCE, GatewayChild, make_key, running_gateway
from matrix_keys import KEYS, KINDS, PARTLY_THEIRS, UNITS, Kind, kinds
from matrix_kit import (
    ASKED,
    MAPPING,
    RECEIPT_SECRET,
    Client,
    TopicWatch,
    as_password,
    dossier,
    national,
    of_unit,
    progress,
    record,
    routes_of_the_application,
)
from rig import Rig, eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.gateway.keys.model import Right
from schemas.reference import UnitRegistry

#: The right that each route needs; None = any key that works.
RIGHTS: dict[tuple[str, str], Right | None] = {
    ("POST", "/v1/events"): Right.PUSH,
    ("POST", "/v1/sync"): Right.PUSH,
    ("POST", "/v1/mapped/{name}"): Right.PUSH,
    ("GET", "/v1/receipts/{dossier_id:path}"): Right.PUSH,
    ("GET", "/v1/dossiers/{dossier_id:path}"): Right.LOOKUP,
    ("GET", "/v1/dossiers"): Right.READ,
    ("GET", "/v1/statistics"): Right.READ,
    ("POST", "/v1/reconcile"): Right.READ,
    ("GET", "/integrator"): None,
    ("GET", "/integrator/rejects.ndjson"): None,
    ("POST", "/integrator/enter"): None,
    ("POST", "/integrator/send"): Right.PUSH,
}
#: These know no key, and tell nothing of dossiers, units or keys.
OPEN = {
    ("GET", "/v1/openapi.json"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/metrics"),
    ("GET", "/integrator/page.css"),
    ("POST", "/integrator/leave"),
}
#: What a sandbox key may not ask: everything that tells of real dossiers.
REAL = {
    "/v1/receipts/{dossier_id:path}",
    "/v1/dossiers/{dossier_id:path}",
    "/v1/dossiers",
    "/v1/statistics",
    "/v1/reconcile",
}


class Place:
    """A gateway over dossiers of all `UNITS`, and a key of every kind."""

    def __init__(self, rig: Rig, gateway: GatewayChild) -> None:
        self.rig, self.gateway = rig, gateway
        # What the writing ones try in vain stands on no page of the reading ones.
        self.writing = {n: make_key(rig, units=of, source=f"w {n}") for n, (of, _) in KEYS.items()}
        self.reading = {n: make_key(rig, units=of) for n, (of, _) in KEYS.items()}
        self.kinds = kinds(rig)
        last = make_key(rig)
        gateway.wait_for_key(last)
        with self.client(last) as client:
            seeds = [of_unit(unit, f"seed-{unit}") for unit in UNITS]
            answer = client.post("/v1/events", json=seeds)
            assert answer.json()["accepted"] == len(UNITS), answer.text
        for unit in UNITS:
            with self.client(make_key(rig, units=(unit,))) as client:
                gateway.wait_for_key(client.key)
                bad = of_unit(unit, f"bad-{unit}", dossier_id=f"BAD-{unit}", status=12)
                assert client.post("/v1/events", json=bad).status_code == 422
        rig.start_worker()
        rig.expect_all()
        rig.wait_stored()
        bad_rows = "SELECT count() FROM gateway_rejects WHERE startsWith(dossier_id, 'BAD-')"
        eventually(lambda: rig.rows(bad_rows) == [(len(UNITS),)], "the rejects are stored")
        self.topic = TopicWatch(rig)

    def client(self, key: str) -> Client:
        return Client(self.gateway, key)


@pytest.fixture(scope="module")
def place(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("matrix")
    (folder / "mappings").mkdir()
    (folder / "mappings" / "matrix.yaml").write_text(MAPPING)
    secret = folder / "receipts"
    os.close(os.open(secret, os.O_CREAT, 0o600))
    secret.write_text(RECEIPT_SECRET)
    rig = Rig(kafka, clickhouse, folder)
    settings = {
        "IOC_MAPPING_FOLDER": str(folder / "mappings"),
        "IOC_READING_RECEIPT_KEY_FILE": str(secret),
        "IOC_READING_QUERIES_PER_MINUTE": "100000",
        "IOC_READING_MISSES_PER_MINUTE": "100000",
        "IOC_READING_KEY_MISSES_PER_MINUTE": "100000",
    }
    try:
        with running_gateway(rig, **settings) as gateway:
            made = Place(rig, gateway)
            yield made
            made.topic.close()
    finally:
        rig.close()


def outcome(path: str, answer: httpx.Response) -> str:
    """What a route made of the key: opened, no right, no key."""
    if path in ("/integrator", "/integrator/enter"):
        kept = SOURCE in answer.text or "ioc_integrator=ioc_" in answer.headers.get(
            "set-cookie", ""
        )
        assert answer.status_code in (200, 303, 401), answer.text
        return "opened" if kept else "no key"
    said = {200: "opened", 303: "no key", 401: "no key", 403: "no right"}
    return said.get(answer.status_code, f"{answer.status_code}: {answer.text}")


def expected(route: tuple[str, str], kind: Kind) -> str:
    if not kind.rights:
        return "no key"
    needed = RIGHTS[route]
    refused = kind.sandbox and route[1] in REAL
    return "no right" if refused or (needed and needed not in kind.rights) else "opened"


def test_every_route_says_which_right_it_needs():
    assert set(routes_of_the_application()) == RIGHTS.keys() | OPEN, "say what the new route needs"
    assert RIGHTS.keys() == ASKED.keys()


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_key_opens_its_routes_and_no_others(place: Place, name: str):
    kind = place.kinds[name]
    with place.client(kind.text) as client:
        told = {route: outcome(route[1], ask(client)) for route, ask in ASKED.items()}
        assert told == {route: expected(route, kind) for route in ASKED}
        for _, path in OPEN - {("POST", "/integrator/leave")}:
            assert client.get(path).status_code == 200, path
        assert client.page("/leave", x="").status_code == 303
    # The key in the cookie opens no API, and software that knows only an address has a password.
    with place.gateway.client() as client:
        client.cookies.set("ioc_integrator", kind.text)
        assert client.get("/v1/statistics").status_code == 401
    with place.gateway.client() as client:
        client.headers.update(as_password(kind.text))
        told_basic = outcome("", client.get("/v1/statistics"))
        assert told_basic == expected(("GET", "/v1/statistics"), kind)


def test_the_open_routes_tell_of_nobody(place: Place):
    with place.client("") as client:
        for _, path in OPEN - {("POST", "/integrator/leave")}:
            text = client.get(path).text
            assert not any(dossier(unit) in text for unit in UNITS), path
            assert not any(kind.text in text for kind in place.kinds.values() if kind.text[1:])


def _by_events(client: Client, unit: str, own: str, covered: bool) -> None:
    named = of_unit(unit, f"{client.key[4:16]}-{unit}-1", status=4)
    silent = {**of_unit(unit, f"{client.key[4:16]}-{unit}-2", status=4), "receiver": None}
    # Under a unit of one's own, to get hold of somebody else's dossier.
    claimed = of_unit(unit, f"{client.key[4:16]}-{unit}-3", status=9, receiver=own)
    answer = client.post("/v1/events", json=[named, silent, claimed])
    codes = [each.get("code", "") for each in answer.json()["results"]]
    refused = ["foreign_unit", "foreign_dossier", "foreign_dossier"]
    assert codes == (["", "", ""] if covered else refused), (unit, answer.text)


def _by_snapshot(client: Client, unit: str, own: str, covered: bool) -> None:
    units = UnitRegistry.load(None)
    for name in (units.get(unit).name, units.get(own).name):
        answer = client.post("/v1/sync", json=national(unit, name, TrangThaiHoSo="4"))
        assert (answer.json()["error_code"] == "0") == covered, answer.text


def _by_progress(client: Client, unit: str, own: str, covered: bool) -> None:
    answer = client.post("/v1/sync", json=progress(unit))
    assert (answer.json()["error_code"] == "0") == covered, answer.text


def _by_mapping(client: Client, unit: str, own: str, covered: bool) -> None:
    records = [record(unit, 4), record(own, 9, of=unit)]
    answer = client.post("/v1/mapped/matrix", json=records).json()
    assert [one["outcome"] == "rejected" for one in answer["results"]] == [not covered] * 2, answer


def _by_page(client: Client, unit: str, own: str, covered: bool) -> None:
    for number, receiver in enumerate((unit, own)):
        sent = of_unit(
            unit, f"{client.key[4:16]}-{unit}-page-{number}", receiver=receiver, status=4
        )
        assert client.page_send(sent).status_code == 200


@pytest.mark.parametrize("door", [_by_events, _by_snapshot, _by_progress, _by_mapping, _by_page])
@pytest.mark.parametrize("name", KEYS)
def test_a_key_writes_for_its_units_alone(
    place: Place, name: str, door: Callable[[Client, str, str, bool], None]
):
    """Whatever a key sends by whatever route: no event of a foreign dossier gets into Kafka."""
    _, covered = KEYS[name]
    place.topic.new()
    with place.client(place.writing[name]) as client:
        for unit in UNITS:
            own = unit if unit in covered else next(iter(sorted(covered)), "25-SCT")
            door(client, unit, own, unit in covered)
    assert place.topic.new() == {dossier(unit) for unit in covered}


@pytest.mark.parametrize("name", KEYS)
def test_a_key_sees_its_units_alone(place: Place, name: str):
    _, covered = KEYS[name]
    with place.client(place.reading[name]) as client:
        for unit in UNITS:
            status = 200 if unit in covered else 404
            assert client.look_up(unit).status_code == status, unit
            assert client.get(f"/v1/receipts/{dossier(unit)}").status_code == status, unit
            figures = client.get("/v1/statistics", params={"unit": unit})
            # A merged unit's figures are those of all wards that became it: one ward's key may
            # see the files of its own and of its successor, but not what the others had.
            may_count = unit in covered and (name, unit) not in PARTLY_THEIRS
            assert (figures.status_code == 403) == (not may_count), (unit, figures.text)
        listed = ASKED["GET", "/v1/dossiers"](client)
        assert listed.status_code == 200, listed.text
        assert _ids(listed.json()["dossiers"]) == {dossier(unit) for unit in covered}
        _check_reconciled(client.reconcile(*UNITS), covered)
        _check_reconciled(client.reconcile(), covered)
        page = client.page().text
        lines = client.page("/rejects.ndjson").text.splitlines()
    assert {unit for unit in UNITS if dossier(unit) in page} == covered
    assert {unit for unit in UNITS if f"BAD-{unit}" in page} == covered
    assert _ids(json.loads(line) for line in lines) == {f"BAD-{unit}" for unit in covered}


def _check_reconciled(answer: httpx.Response, covered: set[str]) -> None:
    """A foreign dossier may come back as what the asker named itself, with nothing added."""
    assert answer.status_code == 200, answer.text
    said = answer.json()
    known = {dossier(unit) for unit in covered}
    assert all(one["ioc_status"] is None for one in said["missing"])
    assert not _ids(said["missing"]) & known
    for kind in ("excess", "differing", "elsewhere"):
        assert _ids(said[kind]) <= known, kind
    assert said["counts"]["known"] + len(said["differing"]) + len(said["excess"]) == len(covered)


def _ids(found: Any) -> set[str]:
    return {one["dossier_id"] for one in found}


def test_a_sandbox_key_changes_nothing_real(place: Place):
    place.topic.new()
    with place.client(place.kinds["sandbox"].text) as client:
        answer = client.post("/v1/events", json=[of_unit("04795", "sandbox", status=9)])
        assert answer.json()["accepted"] == 1
        sent = client.post("/v1/sync", json=national("04795", "Phường Thịnh Lang"))
        assert sent.json()["error_code"] == "0"
        mapped = client.post("/v1/mapped/matrix", json=[record("04795", 9)])
        assert mapped.json()["accepted"] == 1
        assert client.page_send(of_unit("04795", "sandbox-page", status=9)).status_code == 200
        assert not any(dossier(unit) in client.page().text for unit in UNITS)
        assert "BAD-" not in client.page("/rejects.ndjson").text
    assert place.topic.new() == set()


def test_no_key_stands_in_the_log(place: Place):
    eventually(lambda: place.gateway.process.poll() is None, "it runs")
    given = [*place.writing.values(), *place.reading.values()]
    given += [kind.text for kind in place.kinds.values() if len(kind.text) > 1]
    assert not any(key[-43:] in place.gateway.log for key in given)
