"""A scratch database for intermediate results, and the SQL files that fill it."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# What a killed verification leaves behind is dropped by one of the next day.
_STALE = r"""
SELECT name FROM system.databases
WHERE match(name, '^ioc_verify_\\d{10}_[0-9a-f]{12}$')
    AND toUInt32OrZero(splitByChar('_', name)[3]) < toUnixTimestamp(now()) - 86400
"""


class Scratch:
    """Runs the package's SQL files with one set of bound parameters.

    Every call blocks for one statement and raises what clickhouse-connect raises.
    """

    def __init__(self, client: Client, parameters: Mapping[str, Any]) -> None:
        self._client = client
        self._parameters = dict(parameters)

    def fill(self, table: str, *, file: str | None = None, **parameters: Any) -> None:
        """Make a scratch table from the file of its name (or another), replacing an older one."""
        bound = self._parameters | parameters
        self._client.command(
            "DROP TABLE IF EXISTS {scratch:Identifier}.{table:Identifier}",
            parameters={"scratch": bound["scratch"], "table": table},
        )
        self._client.command(_statement(file or table), parameters=bound)

    def read(self, file: str, **parameters: Any) -> Sequence[Sequence[Any]]:
        """Return the rows of a file's SELECT."""
        bound = self._parameters | parameters
        rows: Sequence[Sequence[Any]] = self._client.query(
            _statement(file), parameters=bound
        ).result_rows
        return rows


@contextlib.contextmanager
def scratch_database(
    client: Client, database: str, parameters: Mapping[str, Any]
) -> Iterator[Scratch]:
    """Make a database of a unique name and drop it afterwards, also after errors.

    The account needs the rights to create and drop databases. Scratch tables are kept in memory
    by one server: behind a load balancer, connect to one replica.
    """
    for (stale,) in client.query(_STALE).result_rows:
        _drop(client, stale)
    now = client.query("SELECT toUnixTimestamp(now())").result_rows[0][0]
    name = f"ioc_verify_{now}_{uuid.uuid4().hex[:12]}"
    client.command("CREATE DATABASE {scratch:Identifier}", parameters={"scratch": name})
    try:
        yield Scratch(client, {**parameters, "scratch": name, "database": database})
    finally:
        _drop(client, name)


def _drop(client: Client, name: str) -> None:
    client.command("DROP DATABASE IF EXISTS {scratch:Identifier}", parameters={"scratch": name})


def _statement(file: str) -> str:
    text = resources.files("ioc.verify").joinpath("sql", f"{file}.sql").read_text("utf-8")
    # A server without sessions reads the whole text as one statement.
    return text.strip()
