"""`ioc up` starts the answers' server beside the alerts, and both agree on port, key, address."""

from __future__ import annotations

from pathlib import Path

import pytest

from ioc.alerts.answers.links import make_links
from ioc.data_folder import DataFolder
from ioc.supervisor.plan import UpOptions, make_plan
from schemas.alert_settings import AnswerSettings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("IOC_WALL_PORT", "0")
    monkeypatch.setenv("IOC_GATEWAY_PORT", "0")
    monkeypatch.setenv("IOC_ANSWERS_PORT", "0")
    made = DataFolder(tmp_path / "data")
    made.acquire()
    yield made
    made.release()


def test_nobody_is_configured_so_nothing_of_alerts_starts(folder, monkeypatch):
    monkeypatch.delenv("IOC_ALERTS_PEOPLE_FILE", raising=False)
    plan = make_plan(UpOptions(), folder)
    assert list(plan.alerts()) == []
    assert not [name for name in plan.environment if name.startswith("IOC_ANSWERS_")]


def test_senders_and_pages_share_one_key_and_one_address(folder, monkeypatch):
    for name in ("PEOPLE", "RULES"):
        monkeypatch.setenv(f"IOC_ALERTS_{name}_FILE", str(folder.path / f"{name}.yaml"))
    plan = make_plan(UpOptions(), folder)
    assert [part.name for part in plan.alerts()] == ["alerts", "answers"]
    for name, value in plan.environment.items():
        monkeypatch.setenv(name, value)
    links = make_links(AnswerSettings(_env_file=None))
    assert links is not None
    port = plan.environment["IOC_ANSWERS_PORT"]
    assert links.of_alert("a", "desk_lead", "x", 0).startswith(f"http://127.0.0.1:{port}/a/")
    key = Path(plan.environment["IOC_ANSWERS_KEY_FILE"])
    assert key.stat().st_mode & 0o777 == 0o600
    again = make_plan(UpOptions(), folder)
    assert again.environment["IOC_ANSWERS_KEY_FILE"] == str(key), "links outlive a restart"
