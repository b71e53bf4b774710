"""The numbered migration files: found, checked and cut into statements.

ClickHouse has no transactions and no locks for schema changes, so a migration may stop half-way
and two processes may run the same one at once. Every statement is therefore brought into a form
that may run again without effect; a file with a statement that has no such form is refused.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import ConfigurationError

MIGRATIONS_FOLDER = Path(__file__).parent / "migrations"

_FILE_NAME = re.compile(r"(?P<number>\d{4})_(?P<name>[a-z0-9_]+)\.sql")

# What stands before the object's name, and what to put there so that a re-run is harmless.
_GUARDED = tuple(
    (re.compile(pattern + r"(?!\s+IF\b)", re.IGNORECASE), guard)
    for pattern, guard in (
        (r"\ACREATE\s+(?:TABLE|VIEW|MATERIALIZED\s+VIEW|DICTIONARY)\b", " IF NOT EXISTS"),
        (r"\ADROP\s+(?:TABLE|VIEW|DICTIONARY)\b", " IF EXISTS"),
        (r"\AALTER\s+TABLE\s+\S+\s+ADD\s+(?:COLUMN|INDEX|PROJECTION)\b", " IF NOT EXISTS"),
        (r"\AALTER\s+TABLE\s+\S+\s+(?:DROP|RENAME)\s+(?:COLUMN|INDEX|PROJECTION)\b", " IF EXISTS"),
    )
)
_HARMLESS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\ACREATE\s+(?:TABLE|VIEW|MATERIALIZED\s+VIEW|DICTIONARY)\s+IF\s+NOT\s+EXISTS\b",
        r"\ACREATE\s+OR\s+REPLACE\s+(?:VIEW|DICTIONARY)\b",
        r"\ADROP\s+(?:TABLE|VIEW|DICTIONARY)\s+IF\s+EXISTS\b",
        r"\AALTER\s+TABLE\s+\S+\s+ADD\s+(?:COLUMN|INDEX|PROJECTION)\s+IF\s+NOT\s+EXISTS\b",
        r"\AALTER\s+TABLE\s+\S+\s+(?:DROP|RENAME)\s+(?:COLUMN|INDEX|PROJECTION)\s+IF\s+EXISTS\b",
        r"\AALTER\s+TABLE\s+\S+\s+(?:MODIFY|COMMENT)\s+(?:COLUMN|SETTING|COMMENT|QUERY|TTL)\b",
        r"\AALTER\s+TABLE\s+\S+\s+MATERIALIZE\s+(?:COLUMN|INDEX|PROJECTION)\b",
    )
)
# Quoted text, comments, the end of a statement; anything else is passed on as it is.
_TOKEN = re.compile(
    r"""(?P<quoted>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`)"""
    r"""|(?P<comment>--[^\n]*|/\*.*?\*/)|(?P<end>;)""",
    re.DOTALL,
)


@dataclass(frozen=True)
class Migration:
    """One numbered file.

    Attributes:
        number: 1, 2, 3 … without gaps.
        name: what the file is called behind its number.
        checksum: SHA-256 of the file's bytes; an applied file must never change.
        statements: in order, each harmless when run again.
    """

    number: int
    name: str
    checksum: str
    statements: tuple[str, ...]


def load_migrations(folder: Path = MIGRATIONS_FOLDER) -> tuple[Migration, ...]:
    """Read and check all numbered files of a folder, in order; blocks while reading.

    Raises:
        ConfigurationError: a name or number is wrong, there is a gap, a number stands twice, or
            a statement could do harm when it runs again. The message names the file.
    """
    migrations: dict[int, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        match = _FILE_NAME.fullmatch(path.name)
        if match is None:
            raise ConfigurationError(
                f"{path}: a migration is called NNNN_name.sql with a lower-case name"
            )
        number = int(match["number"])
        if number in migrations:
            raise ConfigurationError(
                f"{path}: number {number:04d} belongs to {migrations[number].name} already"
            )
        content = path.read_bytes()
        statements = tuple(
            _rerunnable(statement, path) for statement in split_statements(content.decode())
        )
        checksum = hashlib.sha256(content).hexdigest()
        migrations[number] = Migration(number, match["name"], checksum, statements)
    for expected, number in enumerate(sorted(migrations), start=1):
        if number != expected:
            raise ConfigurationError(
                f"{folder}: migration {expected:04d} is missing before {number:04d}"
            )
    if not migrations:
        raise ConfigurationError(f"{folder}: there is no migration; the installation is damaged")
    return tuple(migrations[number] for number in sorted(migrations))


def split_statements(sql: str) -> Iterator[str]:
    """Yield the statements of a file without their comments; quoted semicolons do not count."""
    parts: list[str] = []
    position = 0
    for match in _TOKEN.finditer(sql):
        parts.append(sql[position : match.start()])
        position = match.end()
        if match["quoted"] is not None:
            parts.append(match["quoted"])
        elif match["end"] is not None:
            if statement := "".join(parts).strip():
                yield statement
            parts.clear()
    parts.append(sql[position:])
    if statement := "".join(parts).strip():
        yield statement


def _rerunnable(statement: str, path: Path) -> str:
    if any(pattern.match(statement) for pattern in _HARMLESS):
        return statement
    for pattern, guard in _GUARDED:
        if match := pattern.match(statement):
            return statement[: match.end()] + guard + statement[match.end() :]
    first_line = statement.splitlines()[0][:60]
    raise ConfigurationError(
        f'{path}: "{first_line}" may do harm when it runs twice; '
        "write it as CREATE, DROP or ALTER TABLE … ADD, DROP, RENAME or MODIFY"
    )
