"""`python -m ioc.alerts`: tells people of late files; configured wholly by the environment.

Prints `READY` once it reads the alerts topic. Of several processes one delivers, the others keep
cases and stand by. Ends with 0 after SIGTERM or Ctrl-C, with 2 when settings or files are wrong,
with 70 after any error: its supervisor starts it afresh, and it goes on where the ledger ends.
"""

from __future__ import annotations

import logging
import os
import sys

from ioc.alerts.process import build
from schemas.errors import ConfigurationError

_WRONG_SETTINGS = 2
_NICENESS = 5


def main() -> int:
    """Run until told to stop; return the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    try:
        app = build()
    except ConfigurationError as error:
        logging.getLogger("ioc.alerts").critical("%s", error)
        return _WRONG_SETTINGS
    # Beside a worker on one machine, events come first: people can wait for a second.
    os.nice(_NICENESS)
    from faust.worker import Worker  # noqa: PLC0415 half a second, only when really running

    worker = Worker(app, loglevel="WARNING", redirect_stdouts=False, quiet=True)
    logging.getLogger("aiokafka").setLevel(logging.WARNING)
    try:
        worker.execute_from_commandline()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return 0


if __name__ == "__main__":
    code = main()
    # Everything is stored and closed; threads of an engine that is away must not hold the end up.
    logging.shutdown()
    sys.stdout.flush()
    os._exit(code)
