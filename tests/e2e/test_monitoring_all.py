"""Every process of a whole system answers probes and scrapes, those of the engine as well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from up_kit import Up, until

RULES = """\
version: 1
rules:
  - {id: late, what: overdue, tell: [handler_lead]}
"""
PEOPLE = """\
version: 1
people:
  - id: lead
    title: Trưởng bộ phận Một cửa
    posts: [{role: handler_lead, unit: "04795-2025"}]
    contacts: {email: lead@ioc.example}
"""
#: Part of the command line -> the setting of its port, in its own environment.
PROCESSES = {
    "ioc.worker": "IOC_WORKER_HEALTH_PORT",
    "ioc.wall": "IOC_WALL_PORT",
    "ioc.gateway": "IOC_GATEWAY_PORT",
    "ioc.alerts": "IOC_ALERTS_HEALTH_PORT",
    "ioc.alerts.answers": "IOC_ANSWERS_PORT",
    "ioc.embedded.clickhouse.server": "--port=",
}


class WithAlerts(Up):
    """A whole system that tells people."""

    written: Path

    @classmethod
    def own_environment(cls) -> dict[str, str]:
        files = {}
        for name, text in (("RULES", RULES), ("PEOPLE", PEOPLE)):
            path = cls.written / f"{name.lower()}.yaml"
            path.touch(mode=0o600)
            path.write_text(text, encoding="utf-8")
            files[f"IOC_ALERTS_{name}_FILE"] = str(path)
        mail = {"IOC_ALERTS_SMTP_HOST": "127.0.0.1", "IOC_ALERTS_SMTP_PORT": "9",
                "IOC_ALERTS_MAIL_FROM": "ioc@ioc.example"}  # fmt: skip
        return {**Up.own_environment(), **files, **mail, "IOC_ANSWERS_PORT": "0"}


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    folder = tmp_path_factory.mktemp("monitored")
    WithAlerts.written = folder
    up = WithAlerts(folder / "data")
    try:
        up.wait_until_ready(180)
        yield up
    finally:
        up.end()


def base_of(up: Up, module: str) -> str:
    for process in up.parts():
        command = process.cmdline()
        if module not in command:
            continue
        setting = PROCESSES[module]
        given = [each.removeprefix(setting) for each in command if each.startswith(setting)]
        return f"http://127.0.0.1:{given[0] if given else process.environ()[setting]}"
    raise AssertionError(f"{module} does not run: {up.output}")


@pytest.mark.parametrize("module", PROCESSES)
def test_it_says_that_it_lives_and_is_ready_and_how_it_is(up: Up, module: str):
    base = base_of(up, module)
    assert httpx.get(f"{base}/health/live", timeout=20).status_code == 200
    until(
        lambda: httpx.get(f"{base}/health/ready", timeout=20).status_code == 200,
        60,
        f"{module} is ready",
    )
    answer = httpx.get(f"{base}/metrics", timeout=20)
    assert answer.status_code == 200
    told = {family.name: family for family in text_string_to_metric_families(answer.text)}
    assert told["process_resident_memory_bytes"].samples[0].value > 1e6
    # Whether the answers' pages are ready, a question to the warehouse tells.
    if module != "ioc.alerts.answers":
        assert told["ioc_ready"].samples[0].value == 1
