"""Ranges of the time picker: whole days, weeks, months, as the built-in wall has them.

All are relative, so that a published dashboard never grows old. Grafana rounds an end up: `now/M`
as an end is the month's last instant. A reporting month that begins on day d is a calendar month
moved by d-1 days, both ends alike.
"""

from __future__ import annotations

from grafana_foundation_sdk.builders import dashboard as build

from dashboards.grafana.options import RenderOptions
from dashboards.grafana.texts import GrafanaText

DEFAULT_RANGE = ("now/M", "now/M")
_RANGES = (
    (GrafanaText.TODAY, "now/d", "now/d"),
    (GrafanaText.WEEK, "now/w", "now/w"),
    (GrafanaText.MONTH, *DEFAULT_RANGE),
    (GrafanaText.MONTH_BEFORE, "now-1M/M", "now-1M/M"),
    (GrafanaText.QUARTER, "now/Q", "now/Q"),
    (GrafanaText.HALF_YEAR, "now-5M/M", "now/M"),
    (GrafanaText.YEAR, "now/y", "now/y"),
    (GrafanaText.YEAR_BEFORE, "now-1y/y", "now-1y/y"),
)


def time_picker(options: RenderOptions) -> build.TimePicker:
    """Return the picker with the quick ranges of the settings."""
    ranges = [*_RANGES, *_reporting_ranges(options)]
    return build.TimePicker().quick_ranges(
        [
            build.TimeOption().display(text.in_language(options.language)).from_val(start).to(end)
            for text, start, end in ranges
        ]
    )


def _reporting_ranges(options: RenderOptions) -> list[tuple[GrafanaText, str, str]]:
    ranges: list[tuple[GrafanaText, str, str]] = []
    shift = options.reporting_day - 1
    if shift:
        this, before = f"now-{shift}d/M+{shift}d", f"now-{shift}d-1M/M+{shift}d"
        ranges.append((GrafanaText.REPORTING_MONTH, this, this))
        ranges.append((GrafanaText.REPORTING_MONTH_BEFORE, before, before))
    if options.reporting_month != 1:
        # Grafana's fiscal quarters and years, from the dashboard's fiscal month.
        moved = f"now-{shift}d/f{{}}+{shift}d" if shift else "now/f{}"
        ranges.append((GrafanaText.REPORTING_QUARTER, moved.format("Q"), moved.format("Q")))
        ranges.append((GrafanaText.REPORTING_YEAR, moved.format("y"), moved.format("y")))
    return ranges
