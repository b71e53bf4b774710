"""How the embedded ClickHouse keeps house: its merges, its parts on the disk, what survives."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from clickhouse_connect.driver.client import Client
from directory_marks import is_marked
from warehouse_kit import connect

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.clickhouse.spread_parts import spread_new_tables


@pytest.fixture
def client(clickhouse: EmbeddedClickHouse, clickhouse_database: str) -> Iterator[Client]:
    client = connect(clickhouse, clickhouse_database)
    yield client
    client.close()


def test_merges_wait_for_queries(clickhouse: EmbeddedClickHouse, client: Client) -> None:
    """On two cores they would take a third of one from whoever asks."""
    client.command("CREATE TABLE merged (n UInt64) ENGINE = MergeTree ORDER BY n")
    for number in range(12):
        client.command(f"INSERT INTO merged VALUES ({number})")
    folder = Path(f"/proc/{clickhouse.pid}/task")

    def niceness() -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for thread in psutil.Process(clickhouse.pid).threads():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                name = (folder / str(thread.id) / "comm").read_text().strip()
                found.setdefault(name, set()).add(os.getpriority(os.PRIO_PROCESS, thread.id))
        return found

    deadline = time.monotonic() + 20
    while niceness().get("MergeMutate") != {10}:
        assert time.monotonic() < deadline, niceness()
        time.sleep(0.5)
    assert niceness()["ThreadPool"] == {0}


def test_parts_lie_all_over_the_disk(
    clickhouse: EmbeddedClickHouse, client: Client, tmp_path: Path
) -> None:
    """Where the file system can do that: the engine's folder is on that of the tests."""
    (tmp_path / "store" / "a" / "b").mkdir(parents=True)
    is_known = spread_new_tables(tmp_path, {})
    client.command("CREATE TABLE spread (n UInt64) ENGINE = MergeTree ORDER BY n")
    (paths,) = client.query(
        "SELECT data_paths FROM system.tables WHERE database = currentDatabase()"
        " AND name = 'spread'"
    ).first_row
    deadline = time.monotonic() + 20
    while is_marked(Path(paths[0])) != is_known:
        assert time.monotonic() < deadline, paths
        time.sleep(0.1)


def test_acknowledged_rows_survive_kill_and_stop(tmp_path: Path) -> None:
    engine = EmbeddedClickHouse(tmp_path / "data")
    try:
        engine.start()
        address = engine.url
        client = connect(engine)
        client.command("CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a")
        for i in range(20):
            client.insert("t", [list(range(i * 500, (i + 1) * 500))], ["a"], column_oriented=True)
        engine.kill()
        assert not engine.alive
        assert engine.pid is None
        engine.start()
        assert engine.url == address
        expected = (10_000, sum(range(10_000)))
        assert client.query("SELECT count(), sum(a) FROM t").first_row == expected
        engine.stop()
        engine.start()
        assert client.query("SELECT count(), sum(a) FROM t").first_row == expected
        client.close()
    finally:
        engine.stop()
