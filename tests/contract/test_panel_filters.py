"""What stands before FINAL in a panel's query must not depend on a row's version.

A condition in PREWHERE chooses among all versions of a row; on a column that a newer version may
change it would bring an older one back.
"""

from __future__ import annotations

import re

from warehouse_kit import clickhouse_settings

from dashboards.catalogue.boards import BOARDS
from dashboards.query import load_query
from ioc.warehouse import connect_writer
from schemas.tables.migrate import migrate

_FILTERED = re.compile(
    r"FROM (?P<table>\w+)(?: AS \w+)? FINAL\s+(?:ARRAY JOIN (?:(?!FROM ).)*?\s+)?"
    r"PREWHERE (?P<condition>.*?)"
    r"(?=\n\s*(?:WHERE|GROUP BY|ORDER BY|UNION ALL|HAVING|LIMIT|\)))",
    re.DOTALL,
)
# An alert's rule is part of what its id is made from.
_UNCHANGING = {"alert_states": {"rule"}}


def test_only_keys_are_looked_at_before_the_newest_version_is_chosen(
    clickhouse, clickhouse_database
):
    client = connect_writer(clickhouse_settings(clickhouse, clickhouse_database))
    migrate(client, clickhouse_database)
    columns: dict[str, dict[str, bool]] = {}
    for table, name, is_key in client.query(
        "SELECT table, name, is_in_sorting_key FROM system.columns"
        " WHERE database = currentDatabase()"
    ).result_rows:
        columns.setdefault(table, {})[name] = bool(is_key)
    client.close()
    seen = 0
    for query in sorted({name for board in BOARDS for name in board.queries}):
        text = load_query(query).text
        for found in _FILTERED.finditer(text):
            table = found["table"]
            # Names of parameters are no columns.
            condition = re.sub(r"\{\w+:\w+\}|'[^']*'", "", found["condition"])
            used = set(re.findall(r"[a-z_]\w*", condition)) & columns[table].keys()
            changing = {name for name in used if not columns[table][name]}
            assert used, (query, condition)
            assert changing <= _UNCHANGING.get(table, set()), (query, table, changing)
            seen += 1
        assert text.count("PREWHERE") == len(_FILTERED.findall(text)), query
    assert seen > 10
