from __future__ import annotations

from pathlib import Path

import pytest

from schemas.errors import ConfigurationError
from schemas.tables.migration_files import load_migrations, split_statements

CREATE = "CREATE TABLE a (n UInt8) ENGINE = MergeTree ORDER BY n;\n"


def _write(folder: Path, **files: str) -> Path:
    for name, content in files.items():
        (folder / f"{name}.sql").write_text(content)
    return folder


def test_the_shipped_files_are_valid():
    migrations = load_migrations()
    assert [migration.number for migration in migrations] == list(range(1, len(migrations) + 1))
    assert all(migration.statements for migration in migrations)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["0001_a", "0003_c"], "0002 is missing before 0003"),
        (["0002_b"], "0001 is missing before 0002"),
        (["0001_a", "0001_b"], "0001 belongs to a already"),
        (["1_a"], "NNNN_name.sql"),
        (["0001_A"], "NNNN_name.sql"),
        ([], "no migration"),
    ],
)
def test_numbers_are_gapless_and_unique(tmp_path, names, message):
    with pytest.raises(ConfigurationError, match=message):
        load_migrations(_write(tmp_path, **dict.fromkeys(names, CREATE)))


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("CREATE TABLE a (n UInt8)", "CREATE TABLE IF NOT EXISTS a (n UInt8)"),
        ("create table if not exists a (n UInt8)", "create table if not exists a (n UInt8)"),
        ("DROP TABLE a", "DROP TABLE IF EXISTS a"),
        ("ALTER TABLE a ADD COLUMN b UInt8", "ALTER TABLE a ADD COLUMN IF NOT EXISTS b UInt8"),
        ("ALTER TABLE a DROP COLUMN b", "ALTER TABLE a DROP COLUMN IF EXISTS b"),
        ("ALTER TABLE a MODIFY COLUMN b UInt16", "ALTER TABLE a MODIFY COLUMN b UInt16"),
        ("CREATE OR REPLACE VIEW v AS SELECT 1", "CREATE OR REPLACE VIEW v AS SELECT 1"),
    ],
)
def test_every_statement_is_made_harmless_when_run_again(tmp_path, statement, expected):
    (migration,) = load_migrations(_write(tmp_path, **{"0001_a": statement + ";"}))
    assert migration.statements == (expected,)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO a VALUES (1)",
        "RENAME TABLE a TO b",
        "TRUNCATE TABLE a",
        "ALTER TABLE a UPDATE n = n + 1 WHERE 1",
    ],
)
def test_a_statement_that_may_do_harm_twice_is_refused(tmp_path, statement):
    with pytest.raises(ConfigurationError, match=r"0001_a\.sql.*may do harm"):
        load_migrations(_write(tmp_path, **{"0001_a": statement}))


def test_splits_at_semicolons_outside_of_texts_and_comments():
    sql = """-- first; comment
    CREATE TABLE a (t String DEFAULT 'x;''y\\';') /* ; */;
    SELECT `a;b`, "c;d" -- end
    """
    assert list(split_statements(sql)) == [
        "CREATE TABLE a (t String DEFAULT 'x;''y\\';')",
        'SELECT `a;b`, "c;d"',
    ]
