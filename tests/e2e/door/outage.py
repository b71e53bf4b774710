"""A load through a gateway whose Kafka is away for a minute, and which is killed itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from gateway_kit import QUICK, GatewayChild, event, make_key, start_gateway
from pipeline_kit import own_rig
from rig import Rig, eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.embedded.ports import free_ports

SENDERS = 4
BATCH = 20
STORE_SECONDS = 2
AWAY_SECONDS = 60.0


class Senders:
    """Send without end, each batch until it is acknowledged; remember what was."""

    def __init__(self, url: str, key: str) -> None:
        self._url, self._key = url, key
        self.stop = threading.Event()
        self.acknowledged: set[tuple[str, str]] = set()
        self.refusals: dict[int, int] = {}
        self.broken = 0

    def run(self, number: int) -> None:
        count = 0
        headers = {"Authorization": f"Bearer {self._key}"}
        with httpx.Client(base_url=self._url, headers=headers, timeout=60) as client:
            while not self.stop.is_set():
                size = BATCH if count % 2 else 1
                batch = [event(f"{number}-{count}-{n}") for n in range(size)]
                while not self._send(client, batch):
                    if self.stop.wait(0.5):
                        return
                count += 1
                self.stop.wait(0.02)

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


@dataclass
class Story:
    """What was seen; `stored` is (dossier, event) of every row of the audit log."""

    away_seconds: float = 0.0
    health: list[tuple[int, int]] = field(default_factory=list)
    memory_bytes: list[int] = field(default_factory=list)
    refusals: dict[int, int] = field(default_factory=dict)
    acknowledged: set[tuple[str, str]] = field(default_factory=set)
    exit_code: int | None = None
    stored: list[tuple[str, str]] = field(default_factory=list)
    payloads_of_a_dossier: int = 0
    counted: int = 0


def live_through(clickhouse: EmbeddedClickHouse, folder: Path) -> Story:
    """Run it all, on a broker and a database of its own; takes a good minute, mostly waiting."""
    with (
        EmbeddedKafka(folder / "kafka") as kafka,
        own_rig(kafka, clickhouse, folder) as rig,
        _load(rig) as (gateways, senders, environment),
    ):
        story = Story()
        rig.start_worker()
        _go_on(senders)
        kafka.kill()
        _stay_away(story, gateways[0], senders)
        kafka.start()
        _go_on(senders)
        gateways[0].kill()
        broken = senders.broken
        eventually(lambda: senders.broken >= broken + SENDERS, "lines are cut")
        gateways.append(start_gateway(environment))
        _go_on(senders)
        senders.stop.set()
        story.refusals, story.acknowledged = senders.refusals, senders.acknowledged
        story.exit_code = gateways[-1].stop()
        _wait_stored(rig)
        story.stored = rig.rows("SELECT dossier_id, event_id FROM dossier_events FINAL")
        versions = "SELECT max(bitAnd(version, 0xffffffff)) FROM dossiers FINAL"
        story.payloads_of_a_dossier = rig.rows(versions)[0][0]
        story.counted = rig.rows("SELECT sum(received) FROM province_days FINAL")[0][0]
        return story


@contextmanager
def _load(rig: Rig) -> Iterator[tuple[list[GatewayChild], Senders, dict[str, str]]]:
    environment = {
        **rig.env,
        **QUICK,
        "IOC_GATEWAY_PORT": str(free_ports(1)[0]),
        "IOC_GATEWAY_STORE_SECONDS": str(STORE_SECONDS),
        "IOC_GATEWAY_RETRY_SECONDS": "1",
    }
    key = make_key(rig)
    gateways = [start_gateway(environment)]
    try:
        senders = Senders(gateways[0].url, key)
        with ThreadPoolExecutor(SENDERS) as threads:
            running = [threads.submit(senders.run, number) for number in range(SENDERS)]
            try:
                yield gateways, senders, environment
            finally:
                senders.stop.set()
        for each in running:
            each.result(60)
    finally:
        for gateway in gateways:
            gateway.kill()


def _go_on(senders: Senders) -> None:
    before = len(senders.acknowledged)
    eventually(lambda: len(senders.acknowledged) > before + 200, "the load goes on", 120)


def _stay_away(story: Story, gateway: GatewayChild, senders: Senders) -> None:
    """Let Kafka be away for the minute; the gateway says so all the time, and does not grow."""
    since = time.monotonic()
    refused = senders.refusals.get(503, 0)
    # What was on its way is given up and answered, too.
    eventually(lambda: senders.refusals.get(503, 0) > refused + SENDERS, "senders hear of it")
    with httpx.Client(base_url=gateway.url, timeout=60) as client:
        while (left := since + AWAY_SECONDS - time.monotonic()) > 0:
            health = [client.get(f"/health/{kind}").status_code for kind in ("ready", "live")]
            story.health.append((health[0], health[1]))
            story.memory_bytes.append(gateway.memory_bytes())
            time.sleep(min(left, 2.0))
    story.away_seconds = time.monotonic() - since


def _wait_stored(rig: Rig) -> None:
    """Wait for the worker, and start it afresh where it ended: its supervisor would."""

    def is_stored() -> bool:
        worker = rig.workers[-1]
        if not worker.alive:
            assert worker.process.returncode != 0, "it ended as if all were well"
            rig.workers.remove(worker)
            rig.start_worker()
        stored = rig.stored_offsets()
        return all(stored.get(p, -1) >= offset for p, offset in rig.sent_offsets.items())

    def what() -> str:
        """Name what is missing and what the worker said last."""
        said = "".join(rig.workers[-1].output[-120:])
        return f"everything is stored: {rig.stored_offsets()} of {rig.sent_offsets}\n{said}"

    rig.expect_all()
    eventually(is_stored, what, 180, every=0.5)
    rig.settle()
