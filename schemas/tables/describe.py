"""Compares the schema that the migrations declare with the one that a database has.

The declared schema is made by the server itself: the migrations run in a scratch database beside
the live one, and both are read from the system tables. So types, defaults and engine settings
are compared in the server's own spelling, whatever its version.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.tables.migrate import MIGRATIONS_TABLE, apply_statements
from schemas.tables.migration_files import Migration, load_migrations

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# Facts of a table or of one of its parts, by name. replaceAll takes the database's own name out
# of definitions that contain it (views, for instance).
_FACTS_SQL = """
SELECT name AS object, 'table' AS part,
    [('engine', replaceAll(engine_full, database || '.', '')),
     ('partition key', partition_key), ('sorting key', sorting_key),
     ('primary key', primary_key), ('comment', comment),
     ('select', replaceAll(as_select, database || '.', ''))] AS facts
FROM system.tables WHERE database = {database:String}
UNION ALL
SELECT table, 'column ' || name,
    [('type', type), ('position', toString(position)),
     ('default', default_kind || default_expression), ('codec', compression_codec),
     ('comment', comment)]
FROM system.columns WHERE database = {database:String}
UNION ALL
SELECT table, 'index ' || name,
    [('type', type_full), ('expression', expr), ('granularity', toString(granularity))]
FROM system.data_skipping_indices WHERE database = {database:String}
"""

_Facts = dict[tuple[str, str], dict[str, str]]


@dataclass(frozen=True, order=True)
class SchemaDifference:
    """One way in which the live schema is not the declared one.

    Attributes:
        table: name of the table.
        part: ``table``, ``column NAME`` or ``index NAME``.
        fact: what differs, e.g. ``type``; ``existence`` when one side lacks the part.
        declared: as the migrations say, ``""`` if they do not have it.
        live: as the database has it, ``""`` if it has not.
    """

    table: str
    part: str
    fact: str
    declared: str
    live: str

    def __str__(self) -> str:
        where = self.table if self.part == "table" else f"{self.table}, {self.part}"
        if self.fact == "existence":
            return f"{where}: {'missing' if self.declared else 'not declared by any migration'}"
        return f'{where}: {self.fact} is "{self.live}", declared is "{self.declared}"'


def schema_differences(
    client: Client, database: str, migrations: Sequence[Migration] | None = None
) -> list[SchemaDifference]:
    """Return every difference, in order; an empty list means that the schemas agree.

    Creates a scratch database and drops it again, so the client's user must be allowed to create
    databases; blocks for about a second.
    """
    known = load_migrations() if migrations is None else tuple(migrations)
    with _declared_schema(client, database, known) as scratch:
        declared = _facts(client, scratch)
    live = _facts(client, database)
    return sorted(_compare(declared, live))


@contextmanager
def _declared_schema(
    client: Client, database: str, migrations: Sequence[Migration]
) -> Iterator[str]:
    scratch = f"{database}_declared_{secrets.token_hex(4)}"
    bound = {"database": scratch}
    client.command("CREATE DATABASE {database:Identifier}", parameters=bound, use_database=False)
    try:
        for migration in migrations:
            apply_statements(client, scratch, migration)
        yield scratch
    finally:
        client.command("DROP DATABASE {database:Identifier}", parameters=bound, use_database=False)


def _facts(client: Client, database: str) -> _Facts:
    rows = client.query(_FACTS_SQL, parameters={"database": database}).result_rows
    return {(table, part): dict(facts) for table, part, facts in rows if table != MIGRATIONS_TABLE}


def _compare(declared: _Facts, live: _Facts) -> Iterator[SchemaDifference]:
    for table, part in declared.keys() | live.keys():
        whole = (table, "table")
        if part != "table" and (whole not in declared or whole not in live):
            continue  # said once, for the table
        ours, theirs = declared.get((table, part)), live.get((table, part))
        if ours is None or theirs is None:
            there = ("exists", "") if theirs is None else ("", "exists")
            yield SchemaDifference(table, part, "existence", *there)
            continue
        for fact, value in ours.items():
            if theirs[fact] != value:
                yield SchemaDifference(table, part, fact, value, theirs[fact])
