"""The province's boards, in reading order: the wall itself and what follows behind it."""

from __future__ import annotations

from dashboards.catalogue import alerts, dossiers, main_figures, operations, over_time, units
from dashboards.panel import Panel

PANELS: tuple[Panel, ...] = (
    *main_figures.PANELS,
    over_time.OVER_TIME,
    units.UNITS_OVERDUE,
    units.UNITS_IN_TIME,
    units.SHARES,
    over_time.BALANCE,
    alerts.FEED,
    alerts.ATTENTION,
    operations.PIPELINE,
    alerts.SILENT_COUNT,
)
DETAIL: tuple[Panel, ...] = (
    units.MAP,
    over_time.BACKLOG,
    units.LEVELS,
    units.CHANNELS,
    units.FIELDS_LATE,
    alerts.SILENT,
    dossiers.LONGEST_OVERDUE,
)
PIPELINE: tuple[Panel, ...] = (
    operations.HEALTH,
    operations.LATENCY,
    operations.STORED_EVENTS,
    operations.PARTITIONS,
    operations.SOURCES,
    operations.REJECTS,
    operations.RECONCILIATIONS,
    alerts.LETTERS,
)
