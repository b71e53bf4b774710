"""What the read-only account may set and ask."""

from __future__ import annotations

from collections.abc import Mapping

from ioc.embedded.clickhouse.faults import READONLY, fault
from ioc.embedded.clickhouse.statement import Statement

# A wall query reads some million rows in well under a second; these stop a mistake.
READER_LIMITS: dict[str, int] = {
    "max_execution_time": 30,
    "max_rows_to_read": 200_000_000,
    "max_result_rows": 1_000_000,
    "max_result_bytes": 256 * 1024 * 1024,
    "max_memory_usage": 2 * 1024 * 1024 * 1024,
}
# Drivers derive this one from their own deadlines, so asking for more is no attack.
_CAPPED = "max_execution_time"
# How rows are written, not what may be done.
_HARMLESS_PREFIXES = ("output_format_", "format_", "date_time_output_", "bool_")
_HARMLESS = frozenset(
    {"extremes", "join_use_nulls", "log_comment", "max_block_size", "session_timezone"}
)
_READING = frozenset(
    {b"SELECT", b"WITH", b"SHOW", b"DESCRIBE", b"DESC", b"EXISTS", b"EXPLAIN", b"USE"}
)


def reader_settings(asked: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of a reader's query: the harmless ones asked for, and the limits.

    Limits may be lowered. A longer time than allowed is cut to the limit.

    Raises:
        ClickHouseError: READONLY, for every other setting and for lifting a limit.
    """
    settings = {name: str(limit) for name, limit in READER_LIMITS.items()}
    for name, value in asked.items():
        if name in READER_LIMITS:
            if _within(value, READER_LIMITS[name]):
                settings[name] = value
            elif name != _CAPPED:
                raise _refusal(name)
        elif name in _HARMLESS or name.startswith(_HARMLESS_PREFIXES):
            settings[name] = value
        else:
            raise _refusal(name)
    return settings


def check_reader_statement(statement: Statement) -> None:
    """Refuse what the engine's own read-only mode lets pass.

    That mode does not stop KILL QUERY, or chDB's table function over Python objects.

    Raises:
        ClickHouseError: READONLY.
    """
    if statement.keyword not in _READING or statement.has_words(b"PYTHON", b"("):
        raise fault(READONLY, "Cannot execute query in readonly mode")


def _within(value: str, limit: int) -> bool:
    try:
        return 0 < float(value) <= limit  # zero means no limit at all
    except ValueError:
        return False


def _refusal(name: str) -> Exception:
    return fault(READONLY, f"Cannot modify '{name}' setting in readonly mode")
