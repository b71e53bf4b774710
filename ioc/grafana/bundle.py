"""Everything that a Grafana gets, made from catalogue and settings: no network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboards.board import Variable
from dashboards.catalogue.boards import BOARDS
from dashboards.grafana.alerts import AlertLimits, render_rules
from dashboards.grafana.dashboard import render_board
from dashboards.grafana.links import dashboard_uid
from dashboards.grafana.options import DATASOURCE_UID, FOLDER_UID, PLUGIN_ID, RenderOptions
from dashboards.grafana.texts import GrafanaText
from ioc.warehouse import split_url
from schemas.errors import ConfigurationError
from schemas.settings import (
    ClickHouseSettings,
    GrafanaSettings,
    ReportingSettings,
    WallSettings,
    WorkerSettings,
)

LANGUAGES = {"vi": ("vi",), "en": ("en",), "both": ("vi", "en")}


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is published or exported, as Grafana's interface takes it; no secret is in it.

    Attributes:
        folder: uid and title.
        datasource: without its password.
        dashboards: without id and version.
        contact_points: the ways of one receiver; empty if nobody is named.
        rules: alert rules.
        playlist: name, interval and items.
    """

    folder: dict[str, Any]
    datasource: dict[str, Any]
    dashboards: tuple[dict[str, Any], ...]
    contact_points: tuple[dict[str, Any], ...]
    rules: tuple[dict[str, Any], ...]
    playlist: dict[str, Any]


def make_bundle(languages: str, grafana: GrafanaSettings, clickhouse: ClickHouseSettings) -> Bundle:
    """Render everything for `vi`, `en` or `both`; folder and rules speak the first language.

    Raises:
        ConfigurationError: the warehouse's address is missing or wrong.
    """
    chosen = LANGUAGES[languages]
    options = {language: render_options(language, grafana) for language in chosen}
    first = chosen[0]
    contacts = _contact_points(grafana, first)
    receiver = GrafanaText.CONTACT_POINT.in_language(first) if contacts else ""
    return Bundle(
        folder={"uid": FOLDER_UID, "title": GrafanaText.FOLDER.in_language(first)},
        datasource=_datasource(grafana, clickhouse),
        dashboards=tuple(
            render_board(board, BOARDS, options[language])
            for language in chosen
            for board in BOARDS
        ),
        contact_points=contacts,
        rules=tuple(render_rules(options[first], _limits(grafana), receiver)),
        playlist=_playlist(grafana, first),
    )


def render_options(language: str, grafana: GrafanaSettings) -> RenderOptions:
    """Return the options that make Grafana agree with the built-in wall."""
    wall, reporting = WallSettings(), ReportingSettings()
    return RenderOptions(
        language=language,
        ranking_minimum=wall.ranking_minimum,
        ranking_rows=wall.ranking_rows,
        due_soon_working_seconds=WorkerSettings().due_soon_working_seconds,
        shift_start_seconds=reporting.shift_seconds(),
        reporting_day=reporting.month_first_day,
        reporting_month=reporting.year_first_month,
        refresh=grafana.refresh,
    )


def screen_uids(language: str) -> list[str]:
    """Return the dashboards that make sense on a TV: those on which nothing must be chosen."""
    return [
        dashboard_uid(board.id, language)
        for board in BOARDS
        if set(board.variables) <= {Variable.PERIOD} and not board.signed_in
    ]


def _limits(grafana: GrafanaSettings) -> AlertLimits:
    return AlertLimits(
        overdue_share=grafana.overdue_share,
        silence_working_hours=WorkerSettings().silence_after_seconds / 3600,
        lag_events=grafana.lag_events,
        worker_silence_seconds=grafana.worker_silence_seconds,
        dead_letters=grafana.dead_letters,
    )


def _datasource(grafana: GrafanaSettings, clickhouse: ClickHouseSettings) -> dict[str, Any]:
    url = grafana.clickhouse_url or clickhouse.url
    if not url:
        raise ConfigurationError(
            "IOC_GRAFANA_CLICKHOUSE_URL and IOC_CLICKHOUSE_URL are not set: where is the warehouse?"
        )
    scheme, host, port = split_url(url)
    return {
        "uid": DATASOURCE_UID,
        "name": "IOC ClickHouse",
        "type": PLUGIN_ID,
        "access": "proxy",
        "isDefault": False,
        "jsonData": {
            "host": host,
            "port": port,
            "protocol": "http",
            "secure": scheme == "https",
            "username": grafana.clickhouse_username or clickhouse.read_username,
            "defaultDatabase": clickhouse.database,
            "dialTimeout": "5",
            "queryTimeout": "15",
        },
    }


def warehouse_password(grafana: GrafanaSettings, clickhouse: ClickHouseSettings) -> str:
    """Return the password that the data source needs."""
    own = grafana.clickhouse_secret().get_secret_value()
    return own or clickhouse.read_secret().get_secret_value()


def _contact_points(grafana: GrafanaSettings, language: str) -> tuple[dict[str, Any], ...]:
    name = GrafanaText.CONTACT_POINT.in_language(language)
    mails = [mail.strip() for mail in grafana.alert_emails.split(",") if mail.strip()]
    webhook = grafana.webhook().get_secret_value()
    found: list[dict[str, Any]] = []
    if mails:
        settings = {"addresses": ";".join(mails), "singleEmail": False}
        found.append({"uid": "ioc-mail", "name": name, "type": "email", "settings": settings})
    if webhook:
        settings = {"url": webhook, "httpMethod": "POST"}
        found.append({"uid": "ioc-webhook", "name": name, "type": "webhook", "settings": settings})
    return tuple({**each, "disableResolveMessage": False} for each in found)


def _playlist(grafana: GrafanaSettings, language: str) -> dict[str, Any]:
    return {
        "name": GrafanaText.PLAYLIST.in_language(language),
        "interval": f"{grafana.rotate_seconds}s",
        "items": [{"type": "dashboard_by_uid", "value": uid} for uid in screen_uids(language)],
    }
