"""`ioc dashboards publish|export|links`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from ioc.commands.session import Session, session_of
from schemas.grafana_texts import GrafanaSaid
from schemas.help_texts import Help
from schemas.settings import ClickHouseSettings, GrafanaSettings

if TYPE_CHECKING:
    from ioc.grafana.report import Report


class Languages(StrEnum):
    """Of the dashboards."""

    VI = "vi"
    EN = "en"
    BOTH = "both"


Language = Annotated[Languages, typer.Option("--language", help=Help.DASHBOARDS_LANGUAGE.name)]


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help=Help.DASHBOARDS.name, no_args_is_help=True)
    group.command("publish", help=Help.DASHBOARDS_PUBLISH.name)(publish)
    group.command("export", help=Help.DASHBOARDS_EXPORT.name)(export)
    group.command("links", help=Help.DASHBOARDS_LINKS.name)(links)
    app.add_typer(group, name="dashboards")


def publish(
    context: typer.Context,
    language: Language = Languages.BOTH,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=Help.DRY_RUN.name)] = False,
) -> None:
    """Bring a Grafana up to date; exit with 1 when it cannot read the warehouse."""
    session = session_of(context)
    session.attach()
    from ioc.grafana.bundle import make_bundle, warehouse_password  # noqa: PLC0415 - slow
    from ioc.grafana.client import GrafanaClient  # noqa: PLC0415
    from ioc.grafana.publisher import Publisher  # noqa: PLC0415

    grafana, clickhouse = GrafanaSettings(), ClickHouseSettings()
    client = GrafanaClient(grafana, session.language)
    bundle = make_bundle(language, grafana, clickhouse)
    password = warehouse_password(grafana, clickhouse)
    report = Publisher(client, bundle, password, session.language).run(dry_run=dry_run)
    _show(session, report, client.address.url, dry_run=dry_run)
    if report.problems:
        raise typer.Exit(1)


def export(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help=Help.EXPORT_FOLDER.name)],
    language: Language = Languages.BOTH,
    password_file: Annotated[str, typer.Option(help=Help.EXPORT_PASSWORD_FILE.name)] = "",
    dashboards_path: Annotated[str, typer.Option(help=Help.EXPORT_DASHBOARDS_PATH.name)] = "",
) -> None:
    """Write the files from which a Grafana provisions itself."""
    session = session_of(context)
    session.attach()
    from ioc.grafana.bundle import make_bundle  # noqa: PLC0415 - slow
    from ioc.grafana.files import DASHBOARDS_PATH, write_files  # noqa: PLC0415

    bundle = make_bundle(language, GrafanaSettings(), ClickHouseSettings())
    written = write_files(
        bundle,
        folder,
        password_file=password_file,
        dashboards_path=dashboards_path or DASHBOARDS_PATH,
    )
    session.say(GrafanaSaid.WROTE, "green", count=len(written), folder=folder)
    if not bundle.contact_points:
        session.say(GrafanaSaid.NO_CONTACT, "yellow")


def links(context: typer.Context, language: Language = Languages.VI) -> None:
    """Print addresses for TVs; the playlist's as well, where a token is set."""
    session = session_of(context)
    from ioc.grafana.address import read_address  # noqa: PLC0415 - with its siblings
    from ioc.grafana.bundle import LANGUAGES, screen_uids  # noqa: PLC0415
    from ioc.grafana.screens import playlist_link, screen_link  # noqa: PLC0415

    settings = GrafanaSettings()
    name = "IOC_GRAFANA_PUBLIC_URL" if settings.public_url else "IOC_GRAFANA_URL"
    url = read_address(settings.public_url or settings.url, name, session.language).url
    session.say(GrafanaSaid.LINKS_TITLE, "bold")
    chosen = LANGUAGES[language]
    for each in chosen:
        for uid in screen_uids(each):
            _plain(session, screen_link(url, uid))
    session.say(GrafanaSaid.LINKS_PLAYLIST, "bold")
    playlist = _playlist_uid(settings, session, chosen[0])
    if playlist is None:
        session.say(GrafanaSaid.LINKS_NO_PLAYLIST)
    else:
        _plain(session, playlist_link(url, playlist))


def _playlist_uid(settings: GrafanaSettings, session: Session, language: str) -> str | None:
    if not settings.url or not settings.secret().get_secret_value():
        return None
    from dashboards.grafana.texts import GrafanaText  # noqa: PLC0415 - with its siblings
    from ioc.grafana.client import GrafanaClient  # noqa: PLC0415
    from ioc.grafana.publisher import find_playlist  # noqa: PLC0415

    client = GrafanaClient(settings, session.language)
    found = find_playlist(client, GrafanaText.PLAYLIST.in_language(language))
    return None if found is None else str(found["uid"])


def _show(session: Session, report: Report, url: str, *, dry_run: bool) -> None:
    from ioc.grafana.report import Action, describe  # noqa: PLC0415 - with its siblings

    for line in describe(report.changes, session.language):
        _plain(session, line)
    for note in report.notes:
        session.out.print(f"[yellow]{escape(note)}[/]", soft_wrap=True)
    for problem in report.problems:
        session.out.print(f"[bold red]{escape(problem)}[/]", soft_wrap=True)
    counts = {action.value: report.count(action) for action in Action}
    if dry_run:
        session.say(GrafanaSaid.DRY_RUN, "bold", **counts)
    else:
        session.say(GrafanaSaid.DONE, "green", version=report.version, url=url, **counts)


def _plain(session: Session, line: str) -> None:
    session.out.print(line, markup=False, soft_wrap=True)
