"""The coarser tables of the walls, derived inside ClickHouse: `unit_days` and those of 0004."""

from __future__ import annotations

from collections.abc import Collection

from clickhouse_connect.driver.client import Client

from streams.cells import MEASURES
from streams.clickhouse.live_lists import tidy_lists

_SUMS = ", ".join(f"sum({measure})" for measure in MEASURES)
_SUMS_AS = ", ".join(f"sum({measure}) AS {measure}" for measure in MEASURES)
_COLUMNS = ", ".join(MEASURES)

# A row's version is the sum of the versions of all the cells behind it. Cells' versions only
# grow and cells never disappear, so of two refreshes the one that saw more has the larger sum,
# whichever worker made it and whenever it lands. Rows that stand already with their sum are not
# written again. One thread: the walls' queries need the other cores.
_UNITS = f"""
INSERT INTO unit_days (day, role, unit, version, {_COLUMNS}, received_online)
SELECT day, role_unit.1 AS role, role_unit.2 AS unit, sum(toUInt128(version)) AS newest, {_SUMS},
       sumIf(received, channel = 2)
FROM dossier_days FINAL
ARRAY JOIN [('receiver', receiver), ('authority', authority), ('handler', handler)] AS role_unit
WHERE day IN (SELECT toDate(arrayJoin({{days:Array(UInt16)}})))
GROUP BY day, role, unit
HAVING (day, role, toString(unit), newest) NOT IN (
    SELECT day, toString(role), toString(unit), version FROM unit_days
    WHERE day IN (SELECT toDate(arrayJoin({{days:Array(UInt16)}}))))
SETTINGS async_insert = 0, max_threads = 1
"""
_NATIONAL = """
INSERT INTO national_unit_days (received_day, unit, late_from, version, n)
SELECT received_day, authority, late_from, sum(toUInt128(version)) AS newest, sum(n)
FROM national_days FINAL
WHERE received_day IN (SELECT toDate(arrayJoin({days:Array(UInt16)})))
GROUP BY received_day, authority, late_from
HAVING (received_day, toString(authority), late_from, newest) NOT IN (
    SELECT received_day, toString(unit), late_from, version FROM national_unit_days
    WHERE received_day IN (SELECT toDate(arrayJoin({days:Array(UInt16)}))))
SETTINGS async_insert = 0, max_threads = 1
"""
_FIELDS = f"""
INSERT INTO field_days (field, channel, day, unit, version, {_COLUMNS})
SELECT scope.1 AS in_field, scope.2 AS in_channel, day, unit, sum(base_version) AS newest, {_SUMS}
FROM
(
    SELECT day, authority AS unit, toString(dossier_days.field) AS base_field,
           dossier_days.channel AS base_channel, sum(toUInt128(version)) AS base_version, {_SUMS_AS}
    FROM dossier_days FINAL
    WHERE day IN (SELECT toDate(arrayJoin({{days:Array(UInt16)}})))
    GROUP BY day, unit, base_field, base_channel
)
ARRAY JOIN [('*', toUInt8(0)), ('*', base_channel), (base_field, toUInt8(0)),
            (base_field, base_channel)] AS scope
GROUP BY in_field, in_channel, day, unit
HAVING (in_field, in_channel, day, toString(unit), newest) NOT IN (
    SELECT toString(field), channel, day, toString(unit), version FROM field_days
    WHERE day IN (SELECT toDate(arrayJoin({{days:Array(UInt16)}}))))
SETTINGS async_insert = 0, max_threads = 1
"""
_PROVINCE_FIELDS = f"""
INSERT INTO province_field_days (field, channel, day, version, {_COLUMNS})
SELECT scope.1 AS in_field, scope.2 AS in_channel, day, sum(base_version) AS newest, {_SUMS}
FROM
(
    SELECT day, toString(dossier_days.field) AS base_field,
           dossier_days.channel AS base_channel, sum(toUInt128(version)) AS base_version, {_SUMS_AS}
    FROM dossier_days FINAL
    WHERE day IN (SELECT toDate(arrayJoin({{days:Array(UInt16)}})))
    GROUP BY day, base_field, base_channel
)
ARRAY JOIN [('*', toUInt8(0)), ('*', base_channel), (base_field, toUInt8(0)),
            (base_field, base_channel)] AS scope
GROUP BY in_field, in_channel, day
HAVING (in_field, in_channel, day, newest) NOT IN (
    SELECT toString(field), channel, day, version FROM province_field_days
    WHERE day IN (SELECT toDate(arrayJoin({{days:Array(UInt16)}}))))
SETTINGS async_insert = 0, max_threads = 1
"""

# Rows are also made anew one by one (`streams.clickhouse.touched_rows`), so a day whose largest sum
# is up to date may lack others: a worker ended before it refreshed what it had touched, and another
# one touched the same day. Every cell is in one row for each role, in one row by field and channel,
# and in one for all fields and channels of its authority; coarser rows are made together with
# those. No row is ahead of its cells, so where the sums of a day's versions are the same all are.
_STALE = """
SELECT toUInt32(day)
FROM
    (SELECT day, sum(toUInt128(version)) AS of_all,
            sumIf(toUInt128(version), channel != 0) AS of_channels
     FROM dossier_days FINAL GROUP BY day) AS cells
LEFT JOIN
    (SELECT day, sumIf(version, role = 'receiver') AS receivers,
            sumIf(version, role = 'authority') AS authorities,
            sumIf(version, role = 'handler') AS handlers
     FROM unit_days FINAL GROUP BY day) AS units
USING day
LEFT JOIN
    (SELECT day, sum(version) AS version FROM field_days FINAL
     WHERE field = '*' AND channel = 0 GROUP BY day) AS fields
USING day
LEFT JOIN
    (SELECT day, sum(version) AS version FROM province_field_days FINAL
     WHERE field != '*' AND channel != 0 GROUP BY day) AS province
USING day
WHERE arrayExists(each -> each != cells.of_all,
    [units.receivers, units.authorities, units.handlers, fields.version])
   OR province.version != cells.of_channels
UNION DISTINCT
SELECT toUInt32(day)
FROM (SELECT received_day AS day, sum(toUInt128(version)) AS version FROM national_days FINAL
      GROUP BY day) AS cells
LEFT JOIN
    (SELECT received_day AS day, sum(version) AS version FROM national_unit_days FINAL
     GROUP BY day) AS units
USING day
WHERE cells.version != units.version
"""


def refresh_days(client: Client, days: Collection[int]) -> None:
    """Make the rows of some days anew; day numbers since 1970. Blocks for some statements."""
    bound = {"days": sorted(days)}
    for statement in (_UNITS, _NATIONAL, _FIELDS, _PROVINCE_FIELDS):
        client.command(statement, parameters=bound)
    tidy_lists(client)


def stale_days(client: Client) -> set[int]:
    """Return the days whose rows do not show the newest cells. Blocks for one scan."""
    return {int(row[0]) for row in client.query(_STALE).result_rows}
