"""Which of ClickHouse's errors pass by themselves."""

from __future__ import annotations

from clickhouse_connect.driver.exceptions import (
    DataError,
    Error,
    NotSupportedError,
    ProgrammingError,
    StreamClosedError,
)

from schemas.errors import FatalError, RetryError

# Codes of ClickHouse that say "later", from its ErrorCodes: time-outs, too many parts or
# queries, memory, network, read-only replica, keeper.
_LATER = frozenset({159, 160, 164, 202, 209, 210, 241, 242, 252, 279, 319, 425, 439, 999})

#: What the client raises by itself about rows or calls that no server would take: the same call
#: fails for ever. A stream that closed under a reader is of this class too, and is none of it.
_OURS = (DataError, ProgrammingError, NotSupportedError)


def translate(error: Exception, what: str = "") -> Exception:
    """Turn a client's error into `RetryError` (the server is away or busy) or `FatalError`.

    Args:
        error: of the client, or of the network below it.
        what: what was being done, e.g. which table was written; for the message.
    """
    about = f" ({what})" if what else ""
    if isinstance(error, Error):
        code = error.code
        if code is None and isinstance(error, _OURS) and not isinstance(error, StreamClosedError):
            return FatalError(f"rows or a call that ClickHouse cannot take{about}: {error}")
        if code is None or code in _LATER:
            return RetryError(f"ClickHouse does not answer as it should{about}: {error}")
        return FatalError(f"ClickHouse refuses a statement{about}: {error}")
    return RetryError(f"ClickHouse is away{about}: {error}")
