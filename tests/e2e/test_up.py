"""`ioc up`, as a person starts it: real engines, a real worker, the real wall."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from up_kit import COMMAND, Up, running_up, until

from ioc.supervisor.part import answers_ok

READY_WITHIN_SECONDS = 25


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    with running_up(tmp_path_factory.mktemp("up") / "data") as up:
        up.wait_until_ready()
        yield up


def test_is_ready_soon_and_says_what_runs_where(up: Up):
    assert up.wait_until_ready() < READY_WITHIN_SECONDS
    rows = [line for line in up.output.splitlines() if "│" in line]
    assert len(rows) == 5
    for name in ("Kafka", "ClickHouse", "worker-1", "wall", "gateway"):
        (row,) = [row for row in rows if f" {name} " in row]
        assert " ready " in row
        assert "127.0.0.1:" in row
        assert any(str(child.pid) in row for child in up.parts())


def test_nothing_listens_beyond_loopback(up: Up):
    for process in up.parts():
        for connection in process.net_connections(kind="inet"):
            if connection.status == psutil.CONN_LISTEN:
                assert connection.laddr.ip in ("127.0.0.1", "::ffff:127.0.0.1"), process


def test_secrets_are_files_of_their_owner_and_never_arguments(up: Up):
    environment = up.environment()
    files = [Path(value) for name, value in environment.items() if name.endswith("_FILE")]
    assert len(files) == 3
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        secret = file.read_text()
        assert len(secret) > 20
        assert secret not in up.output
        for process in up.parts():
            assert not any(secret in word for word in process.cmdline())
            assert secret not in process.environ().values()


def test_a_second_one_on_the_same_folder_says_who_holds_it(up: Up):
    second = subprocess.run(
        [*COMMAND, "--data", str(up.folder), "up"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 2
    message = " ".join(second.stderr.split())
    assert f"in use by process {up.process.pid}" in message
    assert "--data FOLDER" in message
    assert up.process.poll() is None


def test_a_killed_worker_is_started_again_and_that_is_said(up: Up):
    first = up.part("ioc.worker")
    first.kill()
    up.says("worker-1: ended (SIGKILL), starting again in 0.5 s")
    up.says("worker-1: works again", timeout_seconds=60)
    assert up.part("ioc.worker").pid != first.pid


def test_the_first_key_opens_the_gateway(up: Up):
    file = up.folder / "secrets" / "gateway.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    key = file.read_text()
    assert key not in up.output
    (url,) = re.findall(r"Send events to (\S+/v1/events)", up.output)
    event = {
        "event_id": "1",
        "dossier_id": "000.25.28.H28-240903-0003",
        "status": 2,
        "occurred_at": "2024-09-03T08:15:00+07:00",
        "receiver": "04795",
    }
    answer = httpx.post(url, json=event, headers={"Authorization": f"Bearer {key}"}, timeout=60)
    assert answer.json()["accepted"] == 1, answer.text


def test_a_killed_engine_is_started_again_at_the_same_address(up: Up):
    url = up.environment()["IOC_CLICKHOUSE_URL"]
    up.part("ioc.embedded.clickhouse").kill()
    up.says("ClickHouse: ended")
    up.says("ClickHouse: works again", timeout_seconds=60)
    assert answers_ok(f"{url}/ping")


def test_sigterm_stops_all_in_order(up: Up):
    parts = up.parts()
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(60) == 0
    stopped = [
        line.split()[1] for line in up.output.splitlines() if line.rstrip().endswith(": stopped")
    ]
    assert stopped == ["gateway:", "worker-1:", "wall:", "ClickHouse:", "Kafka:"]
    assert not [part for part in parts if part.is_running()]
    assert not (up.folder / "running.json").exists()


def test_no_orphan_is_left_after_the_supervisor_was_killed(tmp_path: Path):
    """Engines that live on would hold the folder and its ports for ever."""
    with running_up(tmp_path / "data") as up:
        up.wait_until_ready()
        parts = up.parts()
        assert len(parts) >= 4
        up.process.kill()
        up.process.wait()
        until(lambda: not [part for part in parts if part.is_running()], 10, "the parts' end")
    with running_up(tmp_path / "data", "--once", "--workers", "2") as again:
        again.wait_until_ready()
        assert again.process.wait(60) == 0
        assert "worker-2: stopped" in again.output


def test_ctrl_c_while_starting_ends_everything(tmp_path: Path):
    with running_up(tmp_path / "data") as up:
        up.says("Kafka: starting")
        until(lambda: bool(up.parts()), 20, "a first part")
        started = time.monotonic()
        up.process.send_signal(signal.SIGINT)
        assert up.process.wait(30) == 0
        assert time.monotonic() - started < 20
        assert "The system is ready" not in up.output
        assert not [part for part in up.seen if part.is_running()]


def test_a_taken_port_is_named(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = subprocess.run(
            [*COMMAND, "--data", str(tmp_path / "data"), "up", "--once"],
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
            env={**os.environ, "IOC_WALL_PORT": str(port), "IOC_GATEWAY_PORT": "0"},
        )
    assert result.returncode == 2
    assert f"port {port} of the wall is taken" in " ".join(result.stderr.split())
