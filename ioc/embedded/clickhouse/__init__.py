"""A real ClickHouse in a process of its own: chDB behind ClickHouse's HTTP interface."""

from ioc.embedded.clickhouse.launcher import EmbeddedClickHouse

__all__ = ["EmbeddedClickHouse"]
