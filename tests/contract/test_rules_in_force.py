"""Which rules are in force, and which epoch they make: on the real engine."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from warehouse_kit import clickhouse_settings

from ioc.alerts.store.rules_check import check_rules
from ioc.alerts.store.warehouse import Warehouse
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.prepare import prepare_warehouse
from ioc.warehouse import connect_server, connect_writer
from schemas.errors import ConfigurationError, RetryError
from schemas.tables.migrate import migrate
from streams.worker.epochs import Epoch, register_epoch
from streams.worker.rules_in_force import register_rules

A, B, C = 7, 2**64 - 1, 2**63


@pytest.fixture
def client(clickhouse: EmbeddedClickHouse, clickhouse_database: str) -> Iterator[Any]:
    settings = clickhouse_settings(clickhouse, clickhouse_database)
    with contextlib.closing(connect_server(settings)) as server:
        migrate(server, clickhouse_database)
    with contextlib.closing(connect_writer(settings)) as client:
        yield client


def test_news_come_into_force_once(client: Any) -> None:
    assert [register_rules(client, rules) for rules in (A, A, B, B, C)] == [1, 1, 2, 2, 3]


def test_replaced_rules_are_refused_unless_a_person_wants_them(client: Any) -> None:
    """Machines with different files would fold everything anew by turns, for ever."""
    register_rules(client, A)
    register_rules(client, B)
    with pytest.raises(ConfigurationError, match="older than those in force"):
        register_rules(client, A)
    assert register_rules(client, A, may_go_back=True) == 3
    assert register_rules(client, A) == 3
    with pytest.raises(ConfigurationError, match="older than those in force"):
        register_rules(client, B)


def test_two_at_once_end_with_one_in_force(client: Any) -> None:
    client.insert("fold_rules", [[1, A], [1, B]], column_names=["generation", "fingerprint"])
    assert register_rules(client, A) == 2
    with pytest.raises(ConfigurationError):
        register_rules(client, B)


def test_other_rules_are_another_epoch_with_the_same_offsets(client: Any) -> None:
    assert register_epoch(client, "t", "one", 4, A) == Epoch(1, 1)
    assert register_epoch(client, "t", "one", 4, A) == Epoch(1, 1)
    assert register_epoch(client, "t", "one", 4, B) == Epoch(2, 1)
    assert register_epoch(client, "t", "one", 4, A) == Epoch(3, 1)
    # Offsets of other partitions, or of a topic that was made anew, are other records.
    assert register_epoch(client, "t", "one", 8, A) == Epoch(4, 4)
    assert register_epoch(client, "t", "two", 8, A) == Epoch(5, 5)
    assert register_epoch(client, "t", "two", 8, C) == Epoch(6, 5)
    assert register_epoch(client, "another", "x", 4, C) == Epoch(1, 1)


def test_an_epoch_of_an_older_release_has_unknown_rules(client: Any) -> None:
    client.insert(
        "topic_epochs",
        [["t", "one", 4, 1]],
        column_names=["topic", "topic_id", "partitions", "epoch"],
    )
    assert register_epoch(client, "t", "one", 4, A) == Epoch(2, 1)


def test_preparing_the_warehouse_brings_its_files_into_force(
    clickhouse: EmbeddedClickHouse,
    clickhouse_database: str,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The way back that the refusal names."""
    settings = clickhouse_settings(clickhouse, clickhouse_database)
    days = tmp_path / "days.csv"
    days.write_text("date,kind,reason\n2026-10-01,off,Ngày hội của tỉnh\n", encoding="utf-8")
    for path in ("", str(days), ""):
        monkeypatch.setenv("IOC_CALENDAR_DAYS_FILE", path)
        if not path:
            monkeypatch.delenv("IOC_CALENDAR_DAYS_FILE")
        prepare_warehouse(settings)
        prepare_warehouse(settings)
    with contextlib.closing(connect_writer(settings)) as client:
        rows = client.query("SELECT fingerprint FROM fold_rules ORDER BY generation").result_rows
    first, second, third = (number for (number,) in rows)
    assert first == third != second


async def test_the_alert_process_judges_by_the_rules_in_force_or_not_at_all(
    client: Any, clickhouse: EmbeddedClickHouse, clickhouse_database: str
) -> None:
    settings = clickhouse_settings(clickhouse, clickhouse_database)
    with contextlib.closing(Warehouse(lambda: connect_writer(settings))) as warehouse:
        await check_rules(warehouse, A)  # no worker was ever there
        register_rules(client, A)
        await check_rules(warehouse, A)
        with pytest.raises(RetryError, match="no worker folds with"):
            await check_rules(warehouse, B)
        register_rules(client, B)
        await check_rules(warehouse, B)
        with pytest.raises(ConfigurationError, match="older than those that the workers"):
            await check_rules(warehouse, A)
        register_rules(client, A, may_go_back=True)
        await check_rules(warehouse, A)
        with pytest.raises(ConfigurationError):
            await check_rules(warehouse, B)
