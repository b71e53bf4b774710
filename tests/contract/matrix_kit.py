"""The gateway's routes, and what each of them is asked in the matrix."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx
from gateway_kit import GatewayChild, event
from kafka import KafkaConsumer, TopicPartition
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from rig import Rig
from starlette.routing import BaseRoute

from ioc.gateway.app import make_app
from ioc.gateway.build import GatewayProcess
from ioc.gateway.page.session import COOKIE
from ioc.gateway.reading.receipt import Receipts
from ioc.metrics.routes import monitoring_routes
from schemas.gateway_settings import GatewaySettings
from schemas.settings import ClickHouseSettings, KafkaSettings

TIME = "2025-08-04T08:15:00+07:00"
RECEIPT_SECRET = "a secret of the matrix, long enough for it"
MAPPING = """\
source: whatever
shape: json
times: [iso]
fields:
  dossier_id: id
  receiver: {from: unit, as: code}
events:
  - {status: {from: status, as: number}, occurred_at: at}
"""
Routes = list[tuple[str, str]]


def dossier(unit: str) -> str:
    return f"H44.100-250804-{unit}"


def of_unit(unit: str, number: object, **changes: Any) -> dict[str, Any]:
    found = event(number, source=None, dossier_id=dossier(unit), receiver=unit)
    times = {"occurred_at": TIME, "due_at": "2025-08-11T17:00:00+07:00", "received_at": TIME}
    return {**found, **times, **changes}


def national(unit: str, name: str, **changes: Any) -> dict[str, Any]:
    """A snapshot of a unit's dossier that names an agency."""
    entry = {
        "MaHoSo": dossier(unit),
        "NgayTiepNhan": "20250804081500",
        "NgayHenTra": "20250811170000",
        "TrangThaiHoSo": "2",
        "DonViXuLy": name,
        **changes,
    }
    return {"service": "DongBoHoSoMC", "isUpdating": "False", "data": [entry]}


def progress(unit: str) -> dict[str, Any]:
    step = {
        "MaHoSo": dossier(unit),
        "NguoiXuLy": "Người xử lý",
        "ThoiDiemXuLy": "20250805081500",
        "TrangThai": "4",
    }
    return {"service": "CapNhatTienDoHoSoMC", "isUpdating": "True", "data": [step]}


def routes_of_the_application() -> Routes:
    """Every route that the gateway serves, also those that its document does not tell of."""

    async def build() -> list[BaseRoute]:
        nowhere = "127.0.0.1:9"
        process = GatewayProcess(
            GatewaySettings(_env_file=None),
            KafkaSettings(_env_file=None, bootstrap=nowhere),
            ClickHouseSettings(_env_file=None, url=f"http://{nowhere}"),
        )
        monitoring = monitoring_routes(lambda: (True, {}), CollectorRegistry())
        return make_app(process.gateway, monitoring).routes

    return sorted(set(_flat(asyncio.run(build()))))


def _flat(routes: Sequence[BaseRoute]) -> Iterator[tuple[str, str]]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _flat(inner.routes)
            continue
        # Something that is mounted has no methods: it fails here, and somebody must look at it.
        for method in route.methods - {"HEAD"}:  # type: ignore[attr-defined]
            yield method, route.path  # type: ignore[attr-defined]


class Client:
    """Asks one gateway with one key: in the header, or where the page keeps it."""

    def __init__(self, gateway: GatewayChild, key: str) -> None:
        self.key = key
        self._http = gateway.client(key)
        self._page = gateway.client()
        self._page.headers["Sec-Fetch-Site"] = "same-origin"
        if key:
            self._page.cookies.set(COOKIE, key)
        self._receipts = Receipts(SecretStr(RECEIPT_SECRET), 6)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()
        self._page.close()

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self._http.get(path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self._http.post(path, **options)

    def look_up(self, unit: str) -> httpx.Response:
        headers = {"X-Receipt-Digits": self._receipts.digits_of(dossier(unit))}
        return self.get(f"/v1/dossiers/{dossier(unit)}", headers=headers)

    def reconcile(self, *units: str) -> httpx.Response:
        held = [{"dossier_id": dossier(unit), "status": 2} for unit in units]
        period = {"from": "2025-08-01", "to": "2025-08-31"}
        return self.post("/v1/reconcile", json={**period, "dossiers": held})

    def page(self, path: str = "", **form: str) -> httpx.Response:
        path = f"/integrator{path}"
        return self._page.post(path, data=form) if form else self._page.get(path)

    def page_send(self, sent: dict[str, Any], what: str = "send") -> httpx.Response:
        return self.page("/send", event=json.dumps(sent), what=what)


def _changes(client: Client) -> httpx.Response:
    return client.get("/v1/dossiers", params={"changed_since": "2020-01-01T00:00:00+07:00"})


#: What each route that asks for a key is asked: something that every good key gets an answer to.
ASKED: dict[tuple[str, str], Callable[[Client], httpx.Response]] = {
    ("POST", "/v1/events"): lambda c: c.post(
        "/v1/events?dry_run=true", json=of_unit("04795", "asked")
    ),
    ("POST", "/v1/sync"): lambda c: c.post(
        "/v1/sync?dry_run=true", json=national("04795", "Phường Thịnh Lang")
    ),
    ("POST", "/v1/mapped/{name}"): lambda c: c.post(
        "/v1/mapped/matrix?dry_run=true", json=[record("04795", 2)]
    ),
    ("GET", "/v1/receipts/{dossier_id:path}"): lambda c: c.get(f"/v1/receipts/{dossier('04795')}"),
    ("GET", "/v1/dossiers/{dossier_id:path}"): lambda c: c.look_up("04795"),
    ("GET", "/v1/dossiers"): _changes,
    ("GET", "/v1/statistics"): lambda c: c.get("/v1/statistics"),
    ("POST", "/v1/reconcile"): lambda c: c.reconcile("04795"),
    ("GET", "/integrator"): lambda c: c.page(),
    ("GET", "/integrator/rejects.ndjson"): lambda c: c.page("/rejects.ndjson"),
    ("POST", "/integrator/enter"): lambda c: c.page("/enter", key=c.key),
    ("POST", "/integrator/send"): lambda c: c.page_send(of_unit("04795", "asked"), "check"),
}


def record(unit: str, status: int, of: str = "") -> dict[str, Any]:
    """What `MAPPING` reads."""
    return {"id": dossier(of or unit), "unit": unit, "status": status, "at": TIME}


def as_password(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"x:{key}".encode()).decode()}


class TopicWatch:
    """Says what came into a rig's topic since it looked last."""

    def __init__(self, rig: Rig) -> None:
        self._consumer = KafkaConsumer(bootstrap_servers=rig.kafka.bootstrap)
        partitions = range(rig.kafka_settings.partitions)
        self._places = [TopicPartition(rig.kafka_settings.events_topic, n) for n in partitions]
        self._consumer.assign(self._places)
        self._consumer.seek_to_end()
        self.new()

    def new(self) -> set[str]:
        """Return the dossiers of the events that came since."""
        found = set()
        ends = self._consumer.end_offsets(self._places)
        while any(self._consumer.position(place) < end for place, end in ends.items()):
            for batch in self._consumer.poll(timeout_ms=1000).values():
                found |= {record.key.decode() for record in batch}
        return found

    def close(self) -> None:
        self._consumer.close()
