"""No key stands in a log, a table or a spool, wherever its holder put it and whatever broke.

The processes log at DEBUG here, and things break for real; a log that says nothing proves nothing.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from gateway_kit import GatewayChild, KeyBox, event, running_gateway
from rig import Rig, eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka

#: Read by Python before anything of ours; the first `basicConfig` counts.
_LOUD = """
import logging
logging.basicConfig(level=logging.DEBUG, format="%(levelname)s %(name)s %(message)s")
"""
_BROKEN = "H28-broken"


@pytest.fixture(scope="module")
def loud(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("loud")
    (folder / "sitecustomize.py").write_text(_LOUD)
    here = os.environ.get("PYTHONPATH", "")
    return {"PYTHONPATH": f"{folder}{os.pathsep}{here}"}


@pytest.fixture(scope="module")
def rig(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rig]:
    rig = Rig(kafka, clickhouse, tmp_path_factory.mktemp("secrecy"), partitions=2)
    try:
        yield rig
    finally:
        rig.close()


@pytest.fixture(scope="module")
def gateway(rig: Rig, loud: dict[str, str]) -> Iterator[GatewayChild]:
    with running_gateway(rig, **loud) as child:
        yield child


@pytest.fixture(scope="module")
def key(rig: Rig, gateway: GatewayChild) -> str:
    return KeyBox(rig, lambda: gateway).get("all")


@pytest.fixture(autouse=True)
def nothing_leaks(rig: Rig, gateway: GatewayChild, key: str) -> Iterator[None]:
    """Looked for after each test: half a secret is enough to find the rest of its text."""
    yield
    secret = key[17:]
    tables = [
        name
        for (name,) in rig.rows("SHOW TABLES")
        if name.startswith("gateway_") or name == "reconciliations"
    ]
    assert len(tables) >= 6
    eventually(lambda: rig.rows("SELECT count() FROM gateway_use")[0][0], "use is written down")
    for part in (secret, secret[:20], secret[-20:], quote(secret)):
        assert part not in gateway.log
        for table in tables:
            where = "position(toString(tuple(*)), {part:String})"
            found = rig.rows(f"SELECT * FROM {table} WHERE {where}", part=part)
            assert not found, (table, found)


def test_when_something_breaks_while_the_key_is_in_use(
    rig: Rig, gateway: GatewayChild, key: str
) -> None:
    """A row that no release could have written: the error of a look-up is one of the program."""
    rig.start_worker()
    with gateway.client(key) as client:
        sent = client.post("/v1/events", json=event("broken", dossier_id=_BROKEN))
        assert sent.json()["accepted"] == 1
        rig.expect_all()
        rig.wait_stored()
        assert client.get(f"/v1/dossiers/{_BROKEN}").status_code == 200
        rig.client.command(
            f"ALTER TABLE dossiers UPDATE history = '[' WHERE dossier_id = '{_BROKEN}'",
            settings={"mutations_sync": 2},
        )
        answer = client.get(f"/v1/dossiers/{_BROKEN}", params={"key": key})
        assert answer.status_code == 500
        assert answer.json()["code"] == "broken"
    eventually(lambda: "Traceback" in gateway.log, "the traceback is logged")
    assert "DEBUG" in gateway.log, "the log says everything"


def test_a_key_where_it_does_not_belong(rig: Rig, gateway: GatewayChild, key: str) -> None:
    with gateway.client(key) as client:
        for path in (
            f"/v1/dossiers?changed_since={key}&key={key}",
            f"/v1/dossiers?cursor={key}",
            f"/v1/dossiers/{key}",
            f"/v1/receipts/{key}",
            f"/v1/statistics?unit={key}",
            f"/v1/statistics?from={key}",
            f"/{key}",
            f"/integrator?key={key}",
        ):
            assert client.get(path).status_code < 500, path
        for path in (f"/v1/mapped/{key}", f"/v1/events?dry_run={key}", f"/v1/sync?backfill={key}"):
            assert 400 <= client.post(path, json={}).status_code < 500, path
        named = {"User-Agent": key, "Accept-Language": key, "X-Forwarded-For": key, "Date": key}
        client.post("/v1/events", json=event("named"), headers=named)
        for field in ("event_id", "dossier_id", "source", "receiver", "occurred_at", "due_at"):
            wrong = event("wrong", status=11, **{field: key})
            assert client.post("/v1/events", json=wrong).status_code == 422, field
            wrong = event("wrong", receiver="nowhere") | {field: key}
            assert client.post("/v1/events", json=wrong).status_code == 422, field
        entry = {"MaHoSo": key, "TrangThaiHoSo": key, "DonViXuLy": key, "NgayTiepNhan": key}
        assert client.post("/v1/sync", json={"data": [entry]}).json()["error_code"] == "1"
        held = {"from": "2024-09-01", "to": "2024-09-30"}
        client.post("/v1/reconcile", json={**held, "dossiers": [{"dossier_id": key, "status": 2}]})
    eventually(lambda: rig.rows("SELECT count() FROM gateway_rejects")[0][0] >= 12, "rejects")


def test_heads_of_requests_that_are_none(gateway: GatewayChild, key: str) -> None:
    address = urlsplit(gateway.url)
    head = f"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
    for broken in (
        f"{head}Bad Header {key}\r\n\r\n",
        f"{head}Content-Length: {key}\r\n\r\n",
        f"{head}Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n{key}\r\n",
        f"{head}X: {'x' * 200_000}\r\n\r\n",
        f"{key} / HTTP/1.1\r\nHost: x\r\n\r\n",
        f"GET /{key} HTTP/9.9\r\nHost: x\r\n\r\n",
        f"GET http://x:{key}@[ HTTP/1.1\r\nHost: x\r\nAuthorization: {key}\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {key}\r\nCookie: a={key};;=\r\n\r\n",
    ):
        with socket.create_connection((address.hostname, address.port), timeout=10) as line:
            line.sendall(broken.encode())
            line.shutdown(socket.SHUT_WR)
            while line.recv(65_536):
                pass
    eventually(lambda: "Invalid HTTP request" in gateway.log, "it is said that they are none")


@pytest.mark.parametrize(
    "url",
    [
        "{url}",
        "http://127.0.0.1:9",
        "http://x:{key}@127.0.0.1:9",
        "http://:{key}@127.0.0.1:9",
        "http://127.0.0.1:9/?key={key}",
        "nowhere://{key}",
    ],
)
def test_the_desk_client_keeps_the_key_to_itself(
    gateway: GatewayChild, key: str, loud: dict[str, str], tmp_path: Path, url: str
) -> None:
    (tmp_path / "key").write_text(key)
    lines = [event("pushed"), event("pushed-wrong", status=11)]
    (tmp_path / "events.ndjson").write_text("\n".join(json.dumps(line) for line in lines))
    said = ""
    for order in (["events.ndjson"], ["--status"], ["--rejects", "rejects.ndjson"]):
        done = subprocess.run(
            [sys.executable, "-m", "ioc.cli", "push", *order, "--spool", "spool",
             "--url", url.format(url=gateway.url, key=key), "--key-file", "key"],
            cwd=tmp_path, env={**os.environ, **loud, "COLUMNS": "1000"}, capture_output=True,
            text=True, timeout=120, check=False,
        )  # fmt: skip
        said += done.stdout + done.stderr
    assert said
    assert key[17:] not in said
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "key"]
    assert not [path for path in files if key[17:].encode() in path.read_bytes()]
    if url == "{url}":
        assert "rejects.ndjson" in {path.name for path in files}
        assert any("spool" in str(path) for path in files)
