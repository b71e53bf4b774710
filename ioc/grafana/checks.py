"""Whether this is a Grafana that can be published to; nothing is changed."""

from __future__ import annotations

import re

from dashboards.grafana.options import PLUGIN_ID
from ioc.grafana.client import GrafanaClient
from ioc.grafana.report import Report
from schemas.errors import ConfigurationError
from schemas.grafana_texts import GrafanaSaid

#: The oldest release that the data source plugin and the dashboards' JSON are made for.
NEEDED = (11, 6)
_NEEDED_TEXT = ".".join(map(str, NEEDED))


def check_grafana(client: GrafanaClient, language: str, report: Report) -> None:
    """Note the version and look for the plugin.

    Raises:
        ConfigurationError: no Grafana, too old, the token is refused, or the plugin is missing.
        RetryError: it does not answer.
    """
    health = client.find("/health", "/api/health")
    if not isinstance(health, dict) or "database" not in health:
        raise ConfigurationError(
            GrafanaSaid.NOT_GRAFANA.in_language(language, url=client.address.url)
        )
    report.version = str(health.get("version") or _version_when_signed_in(client))
    found = _numbers(report.version)
    if found is None:
        report.notes.append(GrafanaSaid.VERSION_UNKNOWN.in_language(language, needed=_NEEDED_TEXT))
    elif found < NEEDED:
        raise ConfigurationError(
            GrafanaSaid.TOO_OLD.in_language(language, version=report.version, needed=_NEEDED_TEXT)
        )
    if client.find(f"/plugins/{PLUGIN_ID}/settings", PLUGIN_ID) is None:
        raise ConfigurationError(GrafanaSaid.PLUGIN_MISSING.in_language(language, plugin=PLUGIN_ID))


def _version_when_signed_in(client: GrafanaClient) -> str:
    # A Grafana with auth.hide_version tells it only to those who signed in.
    settings = client.find("/frontend/settings", "/api/frontend/settings")
    build = settings.get("buildInfo") if isinstance(settings, dict) else None
    return str(build.get("version") or "") if isinstance(build, dict) else ""


def _numbers(version: str) -> tuple[int, int] | None:
    match = re.match(r"(\d+)\.(\d+)", version)
    return (int(match[1]), int(match[2])) if match else None
