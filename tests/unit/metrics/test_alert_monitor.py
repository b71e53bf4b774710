"""What an alert process answers, over real HTTP, before and after it reads its topic."""

from __future__ import annotations

import httpx

from ioc.metrics.alerts import AlertMonitor
from schemas.monitor_settings import AlertPagesSettings


def test_it_lives_before_it_is_ready_and_says_who_delivers():
    delivers = False
    monitor = AlertMonitor(lambda: delivers)
    port = monitor.serve(AlertPagesSettings(_env_file=None, port=0))
    base = f"http://127.0.0.1:{port}"
    assert httpx.get(f"{base}/health/live").status_code == 200
    for path in ("/health", "/health/ready"):
        assert httpx.get(base + path).json() == {"ready": False, "delivers": False}
        assert httpx.get(base + path).status_code == 503
    assert httpx.head(f"{base}/health/live").content == b""
    monitor.beat()
    monitor.is_ready = delivers = True
    assert httpx.get(f"{base}/health/ready").status_code == 200
    figures = httpx.get(f"{base}/metrics").text
    assert "\nioc_alerts_delivers 1.0\n" in figures
    assert "\nioc_ready 1.0\n" in figures
    assert httpx.get(f"{base}/anything").status_code == 404


def test_without_a_port_nothing_listens():
    assert AlertMonitor(lambda: False).serve(AlertPagesSettings(_env_file=None)) is None
