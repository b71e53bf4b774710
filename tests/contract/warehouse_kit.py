"""The embedded ClickHouse: settings as a process of the project reads them, and its client."""

from __future__ import annotations

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from pydantic import SecretStr

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from schemas.settings import ClickHouseSettings, KafkaSettings


def clickhouse_settings(engine: EmbeddedClickHouse, database: str) -> ClickHouseSettings:
    return ClickHouseSettings(
        url=engine.url,
        database=database,
        username=engine.username,
        password=SecretStr(engine.password),
        read_username=engine.read_username,
        read_password=SecretStr(engine.read_password),
    )


def kafka_settings(engine: EmbeddedKafka, prefix: str, **changes: int) -> KafkaSettings:
    names = {f"{kind}_topic": f"{prefix}{kind}" for kind in ("events", "alerts", "dead_letters")}
    return KafkaSettings(bootstrap=engine.bootstrap, **names, **changes)


def connect(server: EmbeddedClickHouse, database: str = "", *, reader: bool = False) -> Client:
    return clickhouse_connect.get_client(
        host=server.host,
        port=server.port,
        username=server.read_username if reader else server.username,
        password=server.read_password if reader else server.password,
        database=database or "default",
    )
