"""The command line of the one-file client: `python ioc-desk.pyz events.ndjson`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from ioc.desk.client.command import WRONG, Order, carry_out
from ioc.desk.client.errors import DeskError
from ioc.desk.client.options import Options, options_from
from schemas.desk_help import DeskHelp
from schemas.messages import LANGUAGE_VARIABLE, chosen_language


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    language = chosen_language(_language(given))
    _speak_utf8()
    stop = threading.Event()
    for name in ("SIGINT", "SIGTERM"):
        signal.signal(getattr(signal, name), lambda *_: stop.set())
    try:
        chosen = _parser(language).parse_args(given)
        options = _options(chosen, options_from())
    except DeskError as error:
        print(error.in_language(language), file=sys.stderr)  # noqa: T201 - for people
        return WRONG
    order = Order(
        files=tuple(chosen.files),
        watch=chosen.watch,
        status=chosen.status,
        rejects=chosen.rejects,
        mend=chosen.mend,
        send=not chosen.no_send,
        wait=chosen.wait,
        language=language,
    )
    return carry_out(order, options, lambda text: print(text, flush=True), stop)  # noqa: T201


def _language(arguments: Sequence[str]) -> str | None:
    for index, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
        if argument == "--lang" and index + 1 < len(arguments):
            return arguments[index + 1]
    return os.environ.get(LANGUAGE_VARIABLE)


def _speak_utf8() -> None:
    """Write Vietnamese also where the console's code page cannot (Windows)."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def _parser(language: str) -> argparse.ArgumentParser:
    def said(text: DeskHelp) -> str:
        return text.in_language(language).replace("%", "%%")

    parser = argparse.ArgumentParser(prog="ioc-desk", description=said(DeskHelp.PUSH))
    add = parser.add_argument
    add("files", nargs="*", help=said(DeskHelp.PUSH_FILES))
    add("--watch", type=Path, help=said(DeskHelp.PUSH_WATCH))
    add("--status", action="store_true", help=said(DeskHelp.PUSH_STATUS))
    add("--rejects", type=Path, help=said(DeskHelp.PUSH_REJECTS))
    add("--mend", type=Path, help=said(DeskHelp.PUSH_MEND))
    add("--no-send", action="store_true", help=said(DeskHelp.PUSH_NO_SEND))
    add("--wait", action="store_true", help=said(DeskHelp.PUSH_WAIT))
    add("--backfill", action="store_true", help=said(DeskHelp.PUSH_BACKFILL))
    add("--url", help=said(DeskHelp.PUSH_URL))
    add("--key-file", type=Path, help=said(DeskHelp.PUSH_KEY_FILE))
    add("--ca-file", type=Path, help=said(DeskHelp.PUSH_CA_FILE))
    add("--spool", type=Path, help=said(DeskHelp.PUSH_SPOOL))
    add("--max-megabytes", type=float, help=said(DeskHelp.PUSH_MAX_MEGABYTES))
    add("--lang", choices=("vi", "en"), help=said(DeskHelp.PUSH_LANG))
    return parser


def _options(chosen: argparse.Namespace, options: Options) -> Options:
    given = {
        "url": chosen.url,
        "key_file": chosen.key_file,
        "ca_file": chosen.ca_file,
        "folder": chosen.spool,
        "max_bytes": None
        if chosen.max_megabytes is None
        else int(chosen.max_megabytes * 1_000_000),
        "backfill": chosen.backfill or None,
    }
    return options._replace(**{name: value for name, value in given.items() if value is not None})


def start() -> None:
    """Run and exit; where the one-file client begins."""
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # A thread may still wait for a line of standard input. The interpreter's own end would take the
    # lock that it holds for a fatal error and abort, with a code that means nothing.
    os._exit(code)


if __name__ == "__main__":
    start()
