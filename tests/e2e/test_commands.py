"""The commands, beside a running `ioc up`: a small month from file to verified figures."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import clickhouse_connect
import pytest
from up_kit import COMMAND, Up, running_up, until

GARBAGE = b'{"status": "xong", "phone": "0912345678"}'


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    folder = tmp_path_factory.mktemp("commands") / "data"
    with running_up(folder, "--scenario", "small") as up:
        up.wait_until_ready()
        up.says("Scenario small: done", timeout_seconds=60)
        yield up


def ioc(up: Up, *arguments: str, code: int = 0) -> str:
    """Run a command on the folder of the running system and return what it says."""
    result = subprocess.run(
        [*COMMAND, "--data", str(up.folder), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=up.own_environment(),
    )
    assert result.returncode == code, result.stdout + result.stderr
    return result.stdout + result.stderr


def query(up: Up, sql: str) -> list:
    environment = up.environment()
    client = clickhouse_connect.get_client(
        dsn=environment["IOC_CLICKHOUSE_URL"] + "/ioc",
        username=environment["IOC_CLICKHOUSE_READ_USERNAME"],
        password=Path(environment["IOC_CLICKHOUSE_READ_PASSWORD_FILE"]).read_text(),
    )
    try:
        return list(client.query(sql).result_rows)
    finally:
        client.close()


def received(up: Up) -> int:
    return int(query(up, "SELECT sum(received) FROM province_days FINAL")[0][0])


def test_a_scenario_gives_its_figures_and_they_verify(up: Up):
    figures = ioc(up, "scenario", "small", "--figures")
    expected = int(re.search(r"received\s*│\s*([\d,]+)", figures)[1].replace(",", ""))
    until(lambda: received(up) >= expected, 60, "the figures")
    assert "follows from the audit log" in ioc(up, "verify")


def test_doctor_finds_nothing_wrong(up: Up):
    report = ioc(up, "doctor")
    assert "Nothing needs doing now" in report
    assert "✗" not in report


def test_repeating_everything_changes_nothing(up: Up):
    """Sending a scenario twice is harmless: events have identities."""
    sums = "SELECT sum(received), sum(early), sum(late) FROM province_days FINAL"
    before = query(up, sums)
    end_before = ioc(up, "scenario", "small")
    assert "records in" in end_before
    assert "0 migrations applied" in ioc(up, "migrate")
    assert "exist already" in ioc(up, "topics", "create")
    assert "as declared" in ioc(up, "topics", "check")
    until(lambda: "✓  Lag" in ioc(up, "doctor"), 60, "no lag")
    assert (
        query(up, "SELECT sum(received), sum(early), sum(late) FROM province_days FINAL") == before
    )


def test_a_change_by_hand_is_told_with_its_cure(up: Up):
    environment = up.environment()
    client = clickhouse_connect.get_client(
        dsn=environment["IOC_CLICKHOUSE_URL"] + "/ioc",
        username=environment["IOC_CLICKHOUSE_USERNAME"],
        password=Path(environment["IOC_CLICKHOUSE_PASSWORD_FILE"]).read_text(),
    )
    client.command("ALTER TABLE units ADD COLUMN mayor String")
    try:
        report = ioc(up, "doctor", code=1)
    finally:
        client.command("ALTER TABLE units DROP COLUMN mayor")
        client.close()
    assert "units, column mayor: not declared by any migration" in report
    assert "undo the change made by hand" in report


def test_a_dead_letter_is_listed_shown_and_sent_again(up: Up, tmp_path: Path):
    """It comes back as a new letter, because nothing was mended."""
    send(up, GARBAGE)
    until(lambda: "Letters that wait: 1" in ioc(up, "dead-letters", "list"), 30, "the letter")
    listed = ioc(up, "dead-letters", "list")
    assert "0912345678" not in listed
    (letter_id,) = [row[0] for row in query(up, "SELECT letter_id FROM dead_letters FINAL")]
    assert "0912345678" in ioc(up, "dead-letters", "show", letter_id)
    ioc(up, "dead-letters", "redrive", code=2)
    assert "Sent 1 letters again" in ioc(up, "dead-letters", "redrive", letter_id)

    def states() -> list:
        return sorted(row[0] for row in query(up, "SELECT state FROM dead_letters FINAL"))

    until(lambda: states() == ["open", "redriven"], 30, "the letter's return")
    key = tmp_path / "other.key"
    ioc(up, "dead-letters", "new-key", str(key))
    assert key.stat().st_mode & 0o777 == 0o600
    ioc(up, "dead-letters", "new-key", str(key), code=2)


def test_a_file_is_replayed_and_its_rejects_are_told(up: Up, tmp_path: Path):
    file = tmp_path / "events.ndjson"
    file.write_text(
        '{"event_id":"r1","source":"test","dossier_id":"R-1","status":2,'
        '"occurred_at":"2024-09-03T08:15:00+07:00","receiver":"155"}\n'
        '{"event_id":"r2","source":"test","dossier_id":"R-1","status":99,'
        '"occurred_at":"2024-09-03T08:15:00+07:00"}\n'
    )
    said = ioc(up, "replay", str(file), code=1)
    assert "Sent 1 records" in said
    assert "1 lines rejected" in said
    until(
        lambda: query(up, "SELECT count() FROM dossiers FINAL WHERE dossier_id = 'R-1'") == [(1,)],
        30,
        "the dossier",
    )


def test_partitions_grow_under_a_running_worker(up: Up):
    assert "4 → 8" in ioc(up, "topics", "grow", "8")
    assert "do not divide 48" in ioc(up, "topics", "grow", "10", code=2)
    up.says("worker-1: works again", timeout_seconds=90)
    ioc(up, "scenario", "small", "--seed", "7")
    until(lambda: "✓  Lag" in ioc(up, "doctor"), 60, "no lag")
    assert "follows from the audit log" in ioc(up, "verify")


def send(up: Up, value: bytes) -> None:
    from kafka import KafkaProducer

    producer = KafkaProducer(bootstrap_servers=up.environment()["IOC_KAFKA_BOOTSTRAP"])
    producer.send("ioc.dossier-events.v1", value, key=b"x").get(10)
    producer.close()
