"""Settings of the session's engines, as a process of the project would read them."""

from __future__ import annotations

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
