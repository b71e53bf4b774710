"""Reads a scenario's figures from the tables that the walls read."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

from rig import Rig

from ioc.scenarios.figures import Counts
from ioc.scenarios.scenario import Scenario

_IN_PERIOD = "day >= {start:Date} AND day < {end:Date}"
_FINISHED = "early + on_time + late + no_due + withdrawn + stopped"
# Read by position: a sum that is named like its column cannot be used beside others.
_BY_DAY = f"""
    sumIf(received, {_IN_PERIOD}), sumIf(received_online, {_IN_PERIOD}),
    sumIf(received, day < {{start:Date}}) - sumIf({_FINISHED}, day < {{start:Date}}),
    sumIf(early, {_IN_PERIOD}), sumIf(on_time, {_IN_PERIOD}), sumIf(late, {_IN_PERIOD}),
    sumIf(no_due, {_IN_PERIOD}), sumIf(withdrawn, {_IN_PERIOD}), sumIf(stopped, {_IN_PERIOD}),
    sumIf(refused, {_IN_PERIOD}), sumIf(closed_unreceived, {_IN_PERIOD}),
    sum(receipt_late), sumIf(uncollected, {_IN_PERIOD})
"""
_DAY_COLUMNS = (
    *("received", "received_online", "carried_over", "early", "on_time", "late", "no_due"),
    *("withdrawn", "stopped", "refused", "closed_unreceived", "receipt_late", "uncollected"),
)
_PROVINCE = f"SELECT {_BY_DAY} FROM province_days FINAL"
_UNITS = f"SELECT unit, {_BY_DAY} FROM unit_days FINAL WHERE role = 'authority' GROUP BY unit"
_LEVELS = f"""
SELECT units.level, {_BY_DAY} FROM unit_days FINAL
INNER JOIN (SELECT code, level FROM units FINAL) AS units ON units.code = unit_days.unit
WHERE role = 'authority' GROUP BY units.level
"""
_POSTAL = """
SELECT authority, sumIf(received, day >= {start:Date} AND day < {end:Date})
FROM dossier_days FINAL WHERE channel = 3 GROUP BY authority
"""
# Late at an instant = the first late second has come by then.
_OPEN = """
SELECT authority,
    sumIf(n, phase != 'awaiting' AND is_late),
    sumIf(n, phase = 'processing' AND NOT is_late),
    sumIf(n, phase = 'supplement' AND NOT is_late),
    sumIf(n, phase = 'payment' AND NOT is_late),
    sumIf(n, phase = 'awaiting'),
    sumIf(n, phase = 'awaiting' AND is_late)
FROM (SELECT authority, phase, n, alarm_minute != 0 AND alarm_minute <= {at:Int64} AS is_late
      FROM open_cells)
GROUP BY authority
"""
_OPEN_COLUMNS = (
    *("overdue", "in_time", "paused_supplement", "paused_payment", "awaiting", "receipt_overdue"),
)


class StoredFigures:
    """The figures of a scenario's period, as the tables have them now."""

    def __init__(self, rig: Rig, scenario: Scenario) -> None:
        self._rig = rig
        self._period = {
            "start": scenario.start.date(),
            "end": scenario.end.date(),
            "at": int(scenario.end.astimezone(dt.UTC).timestamp()),
        }

    def total(self) -> Counts:
        """The whole province, by day from its own table."""
        (days,) = self._rig.rows(_PROVINCE, **self._period)
        counts = dict(zip(_DAY_COLUMNS, days, strict=True))
        for extra in self._extras().values():
            for name, value in extra.items():
                counts[name] = counts.get(name, 0) + value
        return Counts(**counts)

    def by_unit(self) -> Mapping[str, Counts]:
        """Every authority, from the walls' table of units."""
        extras = self._extras()
        return {
            unit: Counts(**dict(zip(_DAY_COLUMNS, days, strict=True)), **extras.get(unit, {}))
            for unit, *days in self._rig.rows(_UNITS, **self._period)
        }

    def by_level(self) -> Mapping[str, Counts]:
        """Every level of authorities by day: without open dossiers and post."""
        return {
            level: Counts(**dict(zip(_DAY_COLUMNS, days, strict=True)))
            for level, *days in self._rig.rows(_LEVELS, **self._period)
        }

    def open_now(self) -> int:
        """Received and unfinished."""
        ((n,),) = self._rig.rows("SELECT sum(n) FROM open_cells WHERE phase != 'awaiting'")
        return int(n)

    def _extras(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for unit, *values in self._rig.rows(_OPEN, **self._period):
            found[unit].update(zip(_OPEN_COLUMNS, values, strict=True))
        for unit, postal in self._rig.rows(_POSTAL, **self._period):
            found[unit]["received_postal"] = postal
        return found
