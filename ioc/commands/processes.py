"""`ioc worker` and `ioc wall`: one process of the system in this terminal."""

from __future__ import annotations

import os
import sys

import typer

from ioc.commands.session import session_of
from schemas.help_texts import Help
from schemas.messages import LANGUAGE_VARIABLE


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("worker", help=Help.WORKER.name)(worker)
    app.command("wall", help=Help.WALL.name)(wall)


def worker(context: typer.Context) -> None:
    """Become a worker: this process is replaced, so signals reach it directly."""
    become(context, "ioc.worker")


def wall(context: typer.Context) -> None:
    """Become the wall."""
    session = session_of(context)
    os.environ.setdefault("IOC_WALL_LANGUAGE", session.language)
    become(context, "ioc.wall")


def become(context: typer.Context, module: str) -> None:
    """Replace this process by a module of the system, on the engines of a running `ioc up`."""
    session = session_of(context)
    session.attach()
    os.environ[LANGUAGE_VARIABLE] = session.language
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module])  # noqa: S606 - constant arguments
