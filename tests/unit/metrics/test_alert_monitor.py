"""What an alert process answers, over real HTTP, before and after it reads its topic."""

from __future__ import annotations

import socket

import httpx
import pytest

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


def test_a_second_process_on_a_machine_has_its_pages_elsewhere(monkeypatch, caplog):
    """The port that nobody chose may be taken; one that was set must be had."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(AlertPagesSettings.model_fields["port"], "default", port)
        AlertPagesSettings.model_rebuild(force=True)
        try:
            found = AlertMonitor(lambda: False).serve(AlertPagesSettings(_env_file=None))
        finally:
            monkeypatch.undo()
            AlertPagesSettings.model_rebuild(force=True)
        assert found != port
        assert str(found) in caplog.text
        assert httpx.get(f"http://127.0.0.1:{found}/health/live").status_code == 200
        with pytest.raises(OSError, match="in use"):
            AlertMonitor(lambda: False).serve(AlertPagesSettings(_env_file=None, port=port))
