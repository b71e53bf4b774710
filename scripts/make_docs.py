"""Writes the pages of docs/ that are made from the code; run by `make docs`."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings

from schemas.alert_settings import AnswerSettings, ChannelSettings
from schemas.alerting.settings import AlertSettings
from schemas.calendar.settings import CalendarSettings
from schemas.gateway_settings import GatewaySettings
from schemas.mapping_settings import MappingSettings
from schemas.metric_names import METRICS
from schemas.monitor_settings import AlertPagesSettings, MetricsSettings, WorkerPagesSettings
from schemas.reading_settings import ReadingSettings
from schemas.settings import (
    ClickHouseSettings,
    GrafanaSettings,
    KafkaSettings,
    ReportingSettings,
    WallSettings,
    WorkerSettings,
)

DOCS = Path(__file__).parents[1] / "docs"
SETTINGS_PAGE = DOCS / "settings.md"
METRICS_PAGE = DOCS / "metrics.md"
CLASSES: tuple[type[BaseSettings], ...] = (
    KafkaSettings,
    ClickHouseSettings,
    WorkerSettings,
    WorkerPagesSettings,
    AlertPagesSettings,
    MetricsSettings,
    WallSettings,
    GatewaySettings,
    MappingSettings,
    ReadingSettings,
    AlertSettings,
    ChannelSettings,
    AnswerSettings,
    GrafanaSettings,
    ReportingSettings,
    CalendarSettings,
)


def settings_page() -> str:
    """Return the page of all settings, one table a class, in the order of the code."""
    lines = [
        "# Settings",
        "",
        "Made by `make docs` from the settings' classes; do not edit.",
        "",
        "Values come from the environment or from a file `.env` in the working folder. A secret",
        "may also be given as a file (`…_FILE`) that only its owner can read.",
    ]
    for each in CLASSES:
        lines += ["", f"## {(each.__doc__ or '').splitlines()[0]}", ""]
        lines += ["| Variable | Default | Meaning |", "|---|---|---|"]
        prefix = each.model_config.get("env_prefix", "")
        for name, field in each.model_fields.items():
            # Empty secrets are empty texts when written out.
            default = "" if str(field.default) in ("", "None") else f"`{field.default}`"
            meaning = (field.description or "").replace("|", "\\|")
            lines.append(f"| `{prefix}{name}`".upper() + f" | {default} | {meaning} |")
    return "\n".join(lines) + "\n"


def metrics_page() -> str:
    """Return the page of all metrics, in the order of the code."""
    lines = [
        "# Metrics",
        "",
        "Made by `make docs` from `schemas/metric_names.py`; do not edit. How to scrape them:",
        "[monitoring](monitoring.md).",
        "",
        "| Name | Kind | Labels | Told by | Meaning |",
        "|---|---|---|---|---|",
    ]
    for each in METRICS:
        labels = ", ".join(f"`{label}`" for label in each.labels)
        lines.append(
            f"| `{each.name}` | {each.kind} | {labels} | {each.process} | {each.meaning} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    SETTINGS_PAGE.write_text(settings_page(), encoding="utf-8")
    METRICS_PAGE.write_text(metrics_page(), encoding="utf-8")
    print(f"wrote {SETTINGS_PAGE.name}, {METRICS_PAGE.name}")
