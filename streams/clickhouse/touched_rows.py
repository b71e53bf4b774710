"""The coarser tables of the walls, made anew row by row: what a few events touched.

An event of today touches the days of its dossier's receipt and due time too: by whole days a few
hundred events would have half a month derived anew each second. The rows are the same as those
of `streams.clickhouse.unit_days`, and so are their versions.
"""

from __future__ import annotations

from clickhouse_connect.driver.client import Client

from streams.cells import MEASURES
from streams.ports import Touched

_SUMS = ", ".join(f"sum({measure})" for measure in MEASURES)
_SUMS_AS = ", ".join(f"sum({measure}) AS {measure}" for measure in MEASURES)
_COLUMNS = ", ".join(MEASURES)
# The keys come as one text in the statement's body, bound and quoted by the client: as an array of
# tuples a thousand of them kept the query's analysis busy for seconds, and did not fit into a URL.
_PARTS = """(SELECT splitByChar('\\t', arrayJoin(splitByChar('\\n', %(keys)s))) AS part)"""
_KEYS = f"SELECT toDate(toUInt16(part[1])), part[2] FROM {_PARTS}"


def _as_number(day: str, name: str, channel: str = "0") -> str:
    """Return SQL that makes a key one number, since a set of numbers is asked twice as quickly.

    Should two keys have the same number, both are made anew, each of them from all of its cells.
    """
    return (
        f"cityHash64({name}) + (toUInt64({channel}) * 65536 + toUInt64(toUInt16({day})))"
        " * 0x9E3779B97F4A7C15"
    )


def _is_touched(unit: str) -> str:
    return f"{_as_number('day', unit)} IN touched"


# PREWHERE works below FINAL: its columns are all of the tables' keys, the same in every version.
# The days stand beside the numbers for the tables' index.
_UNITS = f"""
INSERT INTO unit_days (day, role, unit, version, {_COLUMNS}, received_online)
WITH
    days AS (SELECT toDate(toUInt16(part[1])) FROM {_PARTS}),
    touched AS (SELECT {_as_number("part[1]", "part[2]")} FROM {_PARTS})
SELECT day, role_unit.1 AS role, role_unit.2 AS unit, sum(toUInt128(version)), {_SUMS},
       sumIf(received, channel = 2)
FROM dossier_days FINAL
ARRAY JOIN [('receiver', receiver), ('authority', authority), ('handler', handler)] AS role_unit
PREWHERE day IN days
    AND ({_is_touched("receiver")} OR {_is_touched("authority")} OR {_is_touched("handler")})
WHERE {_is_touched("role_unit.2")}
GROUP BY day, role, unit
SETTINGS async_insert = 0, max_threads = 1
"""
_NATIONAL = f"""
INSERT INTO national_unit_days (received_day, unit, late_from, version, n)
SELECT received_day, authority, late_from, sum(toUInt128(version)), sum(n)
FROM national_days FINAL
PREWHERE (received_day, authority) IN ({_KEYS})
GROUP BY received_day, authority, late_from
SETTINGS async_insert = 0, max_threads = 1
"""
# Of an authority's day only the rows that a touched cell is part of: all of its fields and channels
# together are some fifty. A fine row and the coarser ones above it are made by one statement, so
# that none of these can be behind it: a cell that nobody refreshed shows in a fine row's version.
_FIELDS = f"""
INSERT INTO field_days (field, channel, day, unit, version, {_COLUMNS})
WITH
    cells AS
    (
        SELECT toDate(toUInt16(part[1])) AS day, part[2] AS unit, part[3] AS field,
               toUInt8(part[4]) AS channel
        FROM {_PARTS}
    ),
    touched AS (SELECT {_as_number("day", "unit")} FROM cells),
    scopes AS
    (
        SELECT cityHash64(scope.1, scope.2, day, unit)
        FROM cells
        ARRAY JOIN [('*', toUInt8(0)), ('*', channel), (field, toUInt8(0)),
                    (field, channel)] AS scope
    )
SELECT scope.1 AS in_field, scope.2 AS in_channel, day, unit, sum(base_version), {_SUMS}
FROM
(
    SELECT day, toString(authority) AS unit, toString(dossier_days.field) AS base_field,
           dossier_days.channel AS base_channel, sum(toUInt128(version)) AS base_version, {_SUMS_AS}
    FROM dossier_days FINAL
    PREWHERE day IN (SELECT day FROM cells) AND {_is_touched("authority")}
    GROUP BY day, unit, base_field, base_channel
)
ARRAY JOIN [('*', toUInt8(0)), ('*', base_channel), (base_field, toUInt8(0)),
            (base_field, base_channel)] AS scope
WHERE cityHash64(scope.1, scope.2, day, unit) IN scopes
GROUP BY in_field, in_channel, day, unit
SETTINGS async_insert = 0, max_threads = 1
"""
# From the rows just made. One of them may be behind its cells, when another worker has touched it:
# then this sum is behind too, and that worker's next refresh makes it anew.
_PROVINCE_FIELDS = f"""
INSERT INTO province_field_days (field, channel, day, version, {_COLUMNS})
WITH
    days AS (SELECT toDate(toUInt16(part[3])) FROM {_PARTS}),
    touched AS (SELECT {_as_number("part[3]", "part[1]", "part[2]")} FROM {_PARTS})
SELECT field, channel, day, sum(field_days.version), {_SUMS}
FROM field_days FINAL
PREWHERE day IN days AND {_as_number("day", "field", "channel")} IN touched
GROUP BY field, channel, day
SETTINGS async_insert = 0, max_threads = 1
"""


def refresh_touched(client: Client, touched: Touched) -> None:
    """Make the touched rows anew. Blocks for some statements; may be repeated."""
    # What walls show of today comes first.
    steps = (
        (_FIELDS, touched.cells),
        (_PROVINCE_FIELDS, touched.scopes),
        (_NATIONAL, touched.national),
        (_UNITS, touched.units),
    )
    for statement, keys in steps:
        if keys:
            text = "\n".join("\t".join(map(str, key)) for key in keys)
            client.command(statement, parameters={"keys": text})
