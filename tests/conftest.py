"""Real engines for every test that needs one: one Kafka and one ClickHouse a session."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import clickhouse_connect
import pytest
from hypothesis import HealthCheck, settings

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka

# The same examples in every run, so that a run tells of what was changed, and no clock: a busy
# machine is no counterexample. `make search` looks for new ones.
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("search"), derandomize=True)
settings.load_profile("same")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Let `make test` give some folders to one process whole."""
    from scheduling import FilesAndFolders

    return FilesAndFolders(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedKafka]:
    """A running broker, shared by the session: use topics of your own (`topic_prefix`)."""
    with EmbeddedKafka(tmp_path_factory.mktemp("kafka")) as engine:
        yield engine


@pytest.fixture(scope="session")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedClickHouse]:
    """A running server, shared by the session: use `clickhouse_database`."""
    with EmbeddedClickHouse(tmp_path_factory.mktemp("clickhouse")) as engine:
        yield engine


@pytest.fixture
def clickhouse_database(clickhouse: EmbeddedClickHouse) -> Iterator[str]:
    """Name of an empty database that only this test uses; dropped afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    client = clickhouse_connect.get_client(
        host=clickhouse.host,
        port=clickhouse.port,
        username=clickhouse.username,
        password=clickhouse.password,
    )
    try:
        client.command(f"CREATE DATABASE {name}")
        yield name
        client.command(f"DROP DATABASE {name} SYNC")
    finally:
        client.close()


@pytest.fixture
def topic_prefix() -> str:
    """Beginning of topic names that only this test uses."""
    return f"test-{uuid.uuid4().hex[:12]}-"
