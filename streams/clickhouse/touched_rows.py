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

# PREWHERE works below FINAL: its columns are all of the tables' keys, the same in every version.
_UNITS = f"""
INSERT INTO unit_days (day, role, unit, version, {_COLUMNS}, received_online)
WITH touched AS ({_KEYS})
SELECT day, role_unit.1 AS role, role_unit.2 AS unit, sum(toUInt128(version)), {_SUMS},
       sumIf(received, channel = 2)
FROM dossier_days FINAL
ARRAY JOIN [('receiver', receiver), ('authority', authority), ('handler', handler)] AS role_unit
PREWHERE (day, receiver) IN touched OR (day, authority) IN touched OR (day, handler) IN touched
WHERE (day, role_unit.2) IN touched
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
_FIELDS = f"""
INSERT INTO field_days (field, channel, day, unit, version, {_COLUMNS})
SELECT scope.1 AS in_field, scope.2 AS in_channel, day, unit, sum(base_version), {_SUMS}
FROM
(
    SELECT day, authority AS unit, toString(dossier_days.field) AS base_field,
           dossier_days.channel AS base_channel, sum(toUInt128(version)) AS base_version, {_SUMS_AS}
    FROM dossier_days FINAL
    PREWHERE (day, authority) IN ({_KEYS})
    GROUP BY day, unit, base_field, base_channel
)
ARRAY JOIN [('*', toUInt8(0)), ('*', base_channel), (base_field, toUInt8(0)),
            (base_field, base_channel)] AS scope
GROUP BY in_field, in_channel, day, unit
SETTINGS async_insert = 0, max_threads = 1
"""
# From the rows just made. One of them may be behind its cells, when another worker has touched it:
# then this sum is behind too, and that worker's next refresh makes it anew.
_PROVINCE_FIELDS = f"""
INSERT INTO province_field_days (field, channel, day, version, {_COLUMNS})
SELECT field, channel, day, sum(field_days.version), {_SUMS}
FROM field_days FINAL
PREWHERE (field, channel, day) IN (
    SELECT part[1], toUInt8(part[2]), toDate(toUInt16(part[3])) FROM {_PARTS})
GROUP BY field, channel, day
SETTINGS async_insert = 0, max_threads = 1
"""


def refresh_touched(client: Client, touched: Touched) -> None:
    """Make the touched rows anew. Blocks for some statements; may be repeated."""
    steps = (
        (_UNITS, touched.units),
        (_NATIONAL, touched.national),
        (_FIELDS, touched.authorities),
        (_PROVINCE_FIELDS, touched.scopes),
    )
    for statement, keys in steps:
        if keys:
            text = "\n".join("\t".join(map(str, key)) for key in keys)
            client.command(statement, parameters={"keys": text})
