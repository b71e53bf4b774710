"""`python -m benchmarks`: measure, show the figures, write docs/benchmarks.md."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import NoReturn

from benchmarks.options import read_options
from benchmarks.run import run


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    # As Ctrl-C does: every `with` on the way out ends what it started.
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        sys.exit(run(read_options()))
    except KeyboardInterrupt:
        sys.exit(130)
