"""The warehouse behind the `Store` contract: clickhouse-connect in threads of its own."""

from streams.clickhouse.store import ClickHouseStore

__all__ = ["ClickHouseStore"]
