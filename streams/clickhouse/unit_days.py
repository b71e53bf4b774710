"""`unit_days`: the coarser table of the walls, derived from `dossier_days` inside ClickHouse."""

from __future__ import annotations

from collections.abc import Collection

from clickhouse_connect.driver.client import Client

from streams.cells import MEASURES

_SUMS = ", ".join(f"sum({measure})" for measure in MEASURES)

# A row's version is the sum of the versions of all the cells behind it. Cells' versions only
# grow and cells never disappear, so of two refreshes the one that saw more has the larger sum,
# whichever worker made it and whenever it lands.
_REFRESH = f"""
INSERT INTO unit_days (day, role, unit, version, {", ".join(MEASURES)}, received_online)
SELECT day, role_unit.1 AS role, role_unit.2 AS unit, sum(toUInt128(version)), {_SUMS},
       sumIf(received, channel = 2)
FROM dossier_days FINAL
ARRAY JOIN [('receiver', receiver), ('authority', authority), ('handler', handler)] AS role_unit
WHERE day IN (SELECT toDate(arrayJoin({{days:Array(UInt16)}})))
GROUP BY day, role, unit
SETTINGS async_insert = 0
"""

_STALE = """
SELECT toUInt32(day)
FROM (SELECT day, sum(toUInt128(version)) AS version FROM dossier_days FINAL GROUP BY day) AS cells
LEFT JOIN
    (SELECT day, sum(version) AS version FROM unit_days FINAL WHERE role = 'authority' GROUP BY day)
    AS units
USING day
WHERE cells.version != units.version
"""


def refresh_days(client: Client, days: Collection[int]) -> None:
    """Make the rows of some days anew; day numbers since 1970. Blocks for one statement."""
    client.command(_REFRESH, parameters={"days": sorted(days)})


def stale_days(client: Client) -> set[int]:
    """Return the days whose rows do not show the newest cells. Blocks for one scan."""
    return {int(row[0]) for row in client.query(_STALE).result_rows}
