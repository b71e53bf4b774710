"""Which of ClickHouse's errors pass by themselves."""

from __future__ import annotations

from clickhouse_connect.driver.exceptions import Error

from schemas.errors import FatalError, RetryError

# Codes of ClickHouse that say "later", from its ErrorCodes: time-outs, too many parts or
# queries, memory, network, read-only replica, keeper.
_LATER = frozenset({159, 160, 164, 202, 209, 210, 241, 242, 252, 279, 319, 425, 439, 999})


def translate(error: Exception) -> Exception:
    """Turn a client's error into `RetryError` (the server is away or busy) or `FatalError`."""
    if isinstance(error, Error):
        code = error.code
        if code is None or code in _LATER:
            return RetryError(f"ClickHouse does not answer as it should: {error}")
        return FatalError(f"ClickHouse refuses a statement: {error}")
    return RetryError(f"ClickHouse is away: {error}")
