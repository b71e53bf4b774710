"""`ioc push`: the desk client, and the one-file client for machines without this package."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from ioc.commands.session import session_of
from schemas.desk_help import DeskHelp
from schemas.messages import Text

if TYPE_CHECKING:
    from ioc.desk.client.reading import TakeFile


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("push", help=DeskHelp.PUSH.name)(push)
    app.command("desk-file", help=DeskHelp.DESK_FILE.name)(desk_file)


def push(
    context: typer.Context,
    files: Annotated[list[str] | None, typer.Argument(help=DeskHelp.PUSH_FILES.name)] = None,
    watch: Annotated[Path | None, typer.Option(help=DeskHelp.PUSH_WATCH.name)] = None,
    status: Annotated[bool, typer.Option("--status", help=DeskHelp.PUSH_STATUS.name)] = False,
    rejects: Annotated[Path | None, typer.Option(help=DeskHelp.PUSH_REJECTS.name)] = None,
    mend: Annotated[Path | None, typer.Option(help=DeskHelp.PUSH_MEND.name)] = None,
    no_send: Annotated[bool, typer.Option("--no-send", help=DeskHelp.PUSH_NO_SEND.name)] = False,
    wait: Annotated[bool, typer.Option("--wait", help=DeskHelp.PUSH_WAIT.name)] = False,
    backfill: Annotated[bool, typer.Option("--backfill", help=DeskHelp.PUSH_BACKFILL.name)] = False,
    url: Annotated[str, typer.Option(help=DeskHelp.PUSH_URL.name)] = "",
    key_file: Annotated[Path | None, typer.Option(help=DeskHelp.PUSH_KEY_FILE.name)] = None,
    ca_file: Annotated[Path | None, typer.Option(help=DeskHelp.PUSH_CA_FILE.name)] = None,
    spool: Annotated[Path | None, typer.Option(help=DeskHelp.PUSH_SPOOL.name)] = None,
    mapping: Annotated[Path | None, typer.Option(help=DeskHelp.PUSH_MAPPING.name)] = None,
    max_megabytes: Annotated[float, typer.Option(help=DeskHelp.PUSH_MAX_MEGABYTES.name)] = 0,
) -> None:
    """Take files into the spool and send what waits; the exit codes are the client's."""
    session = session_of(context)
    from ioc.desk.client.command import Order, carry_out  # noqa: PLC0415 - slow imports
    from ioc.desk.client.options import options_from  # noqa: PLC0415
    from ioc.desk.client.reading import take_file  # noqa: PLC0415

    options = options_from()
    options = options._replace(
        url=url or options.url,
        key_file=key_file or options.key_file,
        ca_file=ca_file or options.ca_file,
        folder=spool or options.folder,
        max_bytes=int(max_megabytes * 1_000_000) or options.max_bytes,
        backfill=backfill,
    )
    order = Order(
        files=tuple(files or ()),
        watch=watch,
        status=status,
        rejects=rejects,
        mend=mend,
        send=not no_send,
        wait=wait,
        language=session.language,
    )
    stop = threading.Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, ask_to_stop)
    take = take_file if mapping is None else _by_mapping(mapping)
    code = carry_out(
        order, options, lambda text: session.out.print(text, markup=False), stop, take=take
    )
    if "-" in (files or ()):
        # As in the one-file client: a thread may still hold the lock of standard input.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    raise typer.Exit(code)


def _by_mapping(mapping: Path) -> TakeFile:
    from ioc.desk.mapped_files import take_by_mapping  # noqa: PLC0415 - slow imports
    from ioc.own_files import load_units  # noqa: PLC0415
    from schemas.settings import WorkerSettings  # noqa: PLC0415

    return take_by_mapping(mapping, load_units(WorkerSettings()))


def desk_file(
    context: typer.Context,
    target: Annotated[Path, typer.Argument(help=DeskHelp.DESK_FILE_TARGET.name)] = Path(
        "ioc-desk.pyz"
    ),
) -> None:
    """Write the one-file client."""
    from ioc.desk.one_file import build_one_file  # noqa: PLC0415 - slow imports

    session_of(context).say(Text.SCHEMA_WRITTEN, "green", file=build_one_file(target))
