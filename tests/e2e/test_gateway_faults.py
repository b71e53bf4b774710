"""What a gateway acknowledged is there, once: Kafka killed, the gateway killed, under load."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from gateway_kit import QUICK, GatewayChild, event, make_key, start_gateway
from rig import Rig, eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.embedded.ports import free_ports

SENDERS = 4
BATCH = 20
STORE_SECONDS = 2


@pytest.fixture
def own_kafka(tmp_path: Path) -> Iterator[EmbeddedKafka]:
    with EmbeddedKafka(tmp_path / "kafka") as engine:
        yield engine


class Desk:
    """Sends without end, each batch until it is acknowledged; remembers what was."""

    def __init__(self, url: str, key: str) -> None:
        self._url, self._key = url, key
        self.stop = threading.Event()
        self.acknowledged: set[tuple[str, str]] = set()
        self.refusals: dict[int, int] = {}
        self.broken = 0

    def run(self, number: int) -> None:
        count = 0
        headers = {"Authorization": f"Bearer {self._key}"}
        with httpx.Client(base_url=self._url, headers=headers, timeout=30) as client:
            while not self.stop.is_set():
                size = BATCH if count % 2 else 1
                batch = [event(f"{number}-{count}-{n}") for n in range(size)]
                while not self._send(client, batch):
                    time.sleep(0.05)
                    if self.stop.is_set():
                        return
                count += 1

    def _send(self, client: httpx.Client, batch: list[dict[str, object]]) -> bool:
        try:
            answer = client.post("/v1/events", json=batch)
        except httpx.HTTPError:
            self.broken += 1
            return False
        if answer.status_code != 200:
            self.refusals[answer.status_code] = self.refusals.get(answer.status_code, 0) + 1
            if answer.status_code == 503:
                assert answer.headers["retry-after"]
                assert answer.json()["detail"].startswith("Dữ liệu CHƯA được ghi nhận")
        if "results" in answer.json():
            for each in answer.json()["results"]:
                if each["outcome"] in ("accepted", "duplicate"):
                    self.acknowledged.add((each["dossier_id"], each["event_id"]))
        return answer.status_code == 200


def test_everything_acknowledged_is_stored_once(
    own_kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path: Path
):
    rig = Rig(own_kafka, clickhouse, tmp_path)
    environment = {
        **rig.env,
        **QUICK,
        "IOC_GATEWAY_PORT": str(free_ports(1)[0]),
        "IOC_GATEWAY_STORE_SECONDS": str(STORE_SECONDS),
        "IOC_GATEWAY_RETRY_SECONDS": "1",
    }
    gateways: list[GatewayChild] = []
    try:
        key = make_key(rig)
        gateways.append(start_gateway(environment))
        desk = Desk(gateways[0].url, key)
        with ThreadPoolExecutor(SENDERS) as threads:
            running = [threads.submit(desk.run, number) for number in range(SENDERS)]
            try:
                eventually(lambda: len(desk.acknowledged) > 200, "the load runs")
                own_kafka.kill()
                # Long enough that what was on its way is given up and answered with 503.
                eventually(lambda: desk.refusals.get(503, 0) > 5, "senders are told to come again")
                with httpx.Client(base_url=gateways[0].url) as client:
                    assert client.get("/health/ready").status_code == 503
                    assert client.get("/health/live").status_code == 200
                own_kafka.start()
                before = len(desk.acknowledged)
                eventually(lambda: len(desk.acknowledged) > before + 200, "it goes on")

                gateways[0].kill()
                eventually(lambda: desk.broken > SENDERS, "lines are cut")
                gateways.append(start_gateway(environment))
                before = len(desk.acknowledged)
                eventually(lambda: len(desk.acknowledged) > before + 200, "it goes on again")
            finally:
                desk.stop.set()
            for each in running:
                each.result(60)
        assert set(desk.refusals) <= {401, 503}, desk.refusals
        assert gateways[-1].stop() == 0
        rig.start_worker()
        rig.expect_all()
        rig.wait_stored()
        stored = rig.rows("SELECT dossier_id, event_id FROM dossier_events FINAL")
        assert len(stored) == len(set(stored))
        assert desk.acknowledged <= set(stored)
        # One payload for each dossier, however often it was sent.
        assert rig.rows("SELECT max(bitAnd(version, 0xffffffff)) FROM dossiers FINAL") == [(1,)]
        counted = rig.rows("SELECT sum(received) FROM province_days FINAL")
        assert counted == [(len(stored),)]
    finally:
        for gateway in gateways:
            gateway.kill()
        rig.close()
