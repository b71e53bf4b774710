"""The first page of the wall, in reading order."""

from __future__ import annotations

from dashboards.catalogue import main_figures, operations, over_time, units
from dashboards.panel import Panel

PANELS: tuple[Panel, ...] = (
    *main_figures.PANELS,
    *over_time.PANELS,
    *units.PANELS,
    *operations.PANELS,
)
