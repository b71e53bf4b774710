"""Where clicks lead: other boards, with the time range and every shared variable kept."""

from __future__ import annotations

from collections.abc import Iterable

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.cog import builder as cogbuilder
from grafana_foundation_sdk.models import dashboard as model

from dashboards.board import Board, Variable
from dashboards.grafana.options import RenderOptions
from dashboards.grafana.parameters import AT
from dashboards.grafana.texts import GrafanaText
from dashboards.grafana.words import said
from dashboards.panel import Link


def dashboard_uid(board_id: str, language: str) -> str:
    """Return the stable uid of a board's dashboard in one language."""
    return f"ioc-{board_id}-{language}"


def data_link(
    link: Link, source: Board, boards: Iterable[Board], options: RenderOptions
) -> dict[str, object] | None:
    """Return the data link of a row; None if the target is in no catalogue (yet)."""
    target = next((board for board in boards if board.id == link.board), None)
    if target is None:
        return None
    sets = {str(variable): column for variable, column in link.sets.items()}
    kept = [name for name in _names(target) if name in _names(source) and name not in sets]
    query = ["${__url_time_range}", *(f"${{{name}:queryparam}}" for name in kept)]
    query += [
        f"var-{variable}=${{__data.fields.{column}:percentencode}}"
        for variable, column in sets.items()
        if variable != Variable.PERIOD
    ]
    return {
        "title": said(target.title, options),
        "url": f"/d/{dashboard_uid(target.id, options.language)}?{'&'.join(query)}",
        "targetBlank": False,
    }


def board_links(
    board: Board, boards: Iterable[Board], options: RenderOptions
) -> list[cogbuilder.Builder[model.DashboardLink]]:
    """Return the menu: every other board, and this one in the other language."""
    other = "vi" if options.language == "en" else "en"
    links: list[cogbuilder.Builder[model.DashboardLink]] = [
        _menu_link(said(each.title, options), dashboard_uid(each.id, options.language))
        for each in boards
        if each.id != board.id
    ]
    title = GrafanaText.OTHER_LANGUAGE.in_language(options.language)
    return [*links, _menu_link(title, dashboard_uid(board.id, other))]


def _menu_link(title: str, uid: str) -> build.DashboardLink:
    return (
        build.DashboardLink(title)
        .type(model.DashboardLinkType.LINK)
        .url(f"/d/{uid}")
        .keep_time(True)
        .include_vars(True)
    )


def _names(board: Board) -> list[str]:
    return [*(str(name) for name in board.variables if name != Variable.PERIOD), AT]
