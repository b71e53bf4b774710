"""Requests are counted by template; what somebody asked for never becomes a label."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from ioc.metrics.http_meter import BOUNDS_SECONDS, UNKNOWN_ROUTE, HttpMeter
from ioc.metrics.registry import exposition, make_registry
from ioc.metrics.routes import monitoring_routes
from schemas.metric_names import METRICS, Kind
from schemas.monitor_settings import MetricsSettings


class Monitored:
    """An application as a process makes it: routes of ours, a router that is included, a meter."""

    def __init__(self) -> None:
        self.is_ready = self.is_seen = True

        def ready() -> tuple[bool, dict[str, object]]:
            return self.is_ready, {"why": "warehouse"}

        registry = make_registry(ready)
        router = APIRouter(prefix="/v1")

        @router.get("/dossiers/{dossier_id}")
        async def dossier(dossier_id: str) -> Response:
            if dossier_id == "broken":
                raise RuntimeError(dossier_id)
            return PlainTextResponse(dossier_id)

        async def plain(request: Request) -> Response:
            return PlainTextResponse("plain")

        routes = [Route("/plain/{name}", plain), Route("/alone", plain)]
        app = FastAPI(routes=[*monitoring_routes(ready, registry, self.may_read), *routes])
        app.mount("/files", StaticFiles(directory=Path(__file__).parent))
        app.include_router(router)
        meter = HttpMeter(app)
        registry.register(meter)
        self.registry = registry
        self.client = TestClient(meter, raise_server_exceptions=False)

    def may_read(self, address: str) -> bool:
        return self.is_seen

    def samples(self, name: str) -> dict[tuple[tuple[str, str], ...], float]:
        text = exposition(self.registry)[0].decode()
        return {
            tuple(sorted(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == name
        }


@pytest.fixture
def monitored() -> Monitored:
    return Monitored()


def test_routes_are_counted_by_template_and_status(monitored: Monitored):
    for address in (
        "/v1/dossiers/H28-1",
        "/v1/dossiers/H28-2",
        "/v1/dossiers/broken",
        "/plain/x",
        "/alone",
    ):
        monitored.client.get(address)
    counts = {
        (dict(key)["route"], dict(key)["status"]): value
        for key, value in monitored.samples("ioc_http_requests_total").items()
    }
    assert counts == {
        ("/v1/dossiers/{dossier_id}", "200"): 2,
        ("/v1/dossiers/{dossier_id}", "500"): 1,
        ("plain", "200"): 1,
        ("/alone", "200"): 1,
    }


def test_strangers_cannot_make_labels(monitored: Monitored):
    for number in range(50):
        monitored.client.request(f"X{number}", f"/secret-{number}")
        monitored.client.get(f"/secret-{number}")
        monitored.client.get(f"/files/secret-{number}")
    keys = [dict(key) for key in monitored.samples("ioc_http_requests_total")]
    assert {key["route"] for key in keys} == {UNKNOWN_ROUTE}
    assert {key["method"] for key in keys} == {"GET", "other"}
    assert "secret" not in exposition(monitored.registry)[0].decode()


def test_buckets_are_cumulative_and_hold_every_request(monitored: Monitored):
    for number in range(20):
        monitored.client.get(f"/plain/{number}")
    buckets = monitored.samples("ioc_http_request_seconds_bucket")
    values = [value for _, value in sorted(
        (float(dict(key)["le"]), value) for key, value in buckets.items()
    )]  # fmt: skip
    assert len(values) == len(BOUNDS_SECONDS) + 1
    assert values == sorted(values)
    assert values[-1] == 20
    assert monitored.samples("ioc_http_request_seconds_count")[(("route", "plain"),)] == 20
    assert monitored.samples("ioc_http_request_seconds_sum")[(("route", "plain"),)] > 0


def test_health_pages_and_their_figure(monitored: Monitored):
    assert monitored.client.get("/health/live").text == "alive\n"
    assert monitored.client.get("/health/ready").json() == {"ready": True, "why": "warehouse"}
    assert monitored.samples("ioc_ready") == {(): 1}
    monitored.is_ready = False
    assert monitored.client.get("/health/ready").status_code == 503
    assert monitored.client.get("/health/live").status_code == 200
    assert monitored.samples("ioc_ready") == {(): 0}
    page = monitored.client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain; version=")
    assert page.headers["cache-control"] == "no-store"
    assert "process_resident_memory_bytes" in page.text
    monitored.is_seen = False
    assert monitored.client.get("/metrics").status_code == 403


def test_files_of_a_folder_share_a_label(monitored: Monitored):
    assert monitored.client.get(f"/files/{Path(__file__).name}").status_code == 200
    keys = [dict(key)["route"] for key in monitored.samples("ioc_http_requests_total")]
    assert keys == [UNKNOWN_ROUTE]


def test_nothing_is_in_flight_after_an_error(monitored: Monitored):
    monitored.client.get("/v1/dossiers/broken")
    assert monitored.samples("ioc_http_requests_in_flight") == {(): 0}


def test_names_follow_prometheus_and_have_a_sentence():
    names = [each.name for each in METRICS]
    assert len(set(names)) == len(names)
    for each in METRICS:
        assert each.name.startswith("ioc_")
        assert each.meaning.endswith(".")
        assert (each.kind is Kind.COUNTER) == each.name.endswith("_total")


def test_metrics_are_read_from_this_machine_and_by_whom_is_named():
    alone = MetricsSettings(_env_file=None)
    assert alone.may_read("127.0.0.1")
    assert alone.may_read("::1")
    for address in ("10.0.0.5", "", "testclient", "::ffff:10.0.0.5"):
        assert not alone.may_read(address)
    named = MetricsSettings(_env_file=None, readers="10.0.0.0/24, 192.168.1.7")
    assert named.may_read("10.0.0.5")
    assert named.may_read("192.168.1.7")
    assert not named.may_read("10.0.1.5")
    with pytest.raises(ValueError, match="readers"):
        MetricsSettings(_env_file=None, readers="prometheus")
