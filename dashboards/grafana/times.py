"""Ranges of the time picker: whole days, weeks, months, as the built-in wall has them.

All are relative, so that a published dashboard never grows old. Grafana rounds each `/unit` of an
end up, to its last instant. A reporting month that begins on day d is a calendar month moved by
d-1 days; quarters and years of a reporting year are Grafana's fiscal ones.
"""

from __future__ import annotations

from grafana_foundation_sdk.builders import dashboard as build

from dashboards.grafana.options import RenderOptions
from dashboards.grafana.texts import GrafanaText


def time_picker(options: RenderOptions) -> build.TimePicker:
    """Return the picker with the quick ranges of the settings."""
    return build.TimePicker().quick_ranges(
        [
            build.TimeOption().display(text.in_language(options.language)).from_val(start).to(end)
            for text, start, end in _ranges(options)
        ]
    )


def default_range(options: RenderOptions) -> tuple[str, str]:
    """Return the range with which a dashboard opens: this month."""
    month = _month(options)
    return month, month


def fiscal_year_start_month(options: RenderOptions) -> int:
    """Return the calendar month, from 0, in which the reporting year begins.

    A month that does not begin on the first begins in the calendar month before its own.
    """
    return (options.reporting_month - 1 - (options.reporting_day > 1)) % 12


def _ranges(options: RenderOptions) -> list[tuple[GrafanaText, str, str]]:
    back, forth = _moves(options)
    is_fiscal = "f" if fiscal_year_start_month(options) else ""
    quarter, year = f"{is_fiscal}Q", f"{is_fiscal}y"
    whole = [
        (GrafanaText.TODAY, "now/d"),
        (GrafanaText.WEEK, "now/w"),
        (GrafanaText.MONTH, _month(options)),
        (GrafanaText.MONTH_BEFORE, f"now{back}-1M/M{forth}"),
        (GrafanaText.QUARTER, f"now{back}/{quarter}{forth}"),
        (GrafanaText.YEAR, f"now{back}/{year}{forth}"),
        (GrafanaText.YEAR_BEFORE, f"now{back}-1y/{year}{forth}"),
    ]
    this_year = f"now{back}/{year}"
    halves = [
        # Six months before a month's last day may fall short of a month's end: rounded once more.
        (GrafanaText.FIRST_HALF, f"{this_year}{forth}", f"{this_year}-6M/{quarter}{forth}"),
        (GrafanaText.SECOND_HALF, f"{this_year}+6M{forth}", f"{this_year}{forth}"),
    ]
    return [*((text, both, both) for text, both in whole), *halves]


def _month(options: RenderOptions) -> str:
    back, forth = _moves(options)
    return f"now{back}/M{forth}"


def _moves(options: RenderOptions) -> tuple[str, str]:
    days = options.reporting_day - 1
    return (f"-{days}d", f"+{days}d") if days else ("", "")
