"""How soon all screens are back after the wall was restarted, killed, or hung."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable

from benchmarks.wall_place import WallProcess

#: Longer than the screens' patience, so that they let go of a wall that hangs.
_HANG_SECONDS = 8.0
#: A wall that is away: long enough for every screen to notice.
_AWAY_SECONDS = 2.0
_REST_SECONDS = 5.0


def measure_outages(wall: WallProcess, clients: subprocess.Popen[str]) -> dict[str, float]:
    """Make each kind of outage in turn.

    Returns:
        Seconds from the moment in which the wall answers again (after a hang: from the signal
        that lets it go on) until the last screen has a frame that was made after it.
    """
    outages: dict[str, Callable[[], None]] = {
        "restart": lambda: _start_again(wall, signal.SIGTERM),
        "kill": lambda: _start_again(wall, signal.SIGKILL),
        "hang": lambda: _hang(wall),
    }
    return {name: _back_seconds(clients, outage) for name, outage in outages.items()}


def _start_again(wall: WallProcess, number: int) -> None:
    wall.end(number)
    time.sleep(_AWAY_SECONDS)
    wall.start()


def _hang(wall: WallProcess) -> None:
    wall.send(signal.SIGSTOP)
    try:
        time.sleep(_HANG_SECONDS)
    finally:
        wall.send(signal.SIGCONT)


def _back_seconds(clients: subprocess.Popen[str], outage: Callable[[], None]) -> float:
    assert clients.stdin is not None
    assert clients.stdout is not None
    outage()
    clients.stdin.write(f"{time.time()}\n")
    clients.stdin.flush()
    seen = json.loads(clients.stdout.readline())
    if seen["missing"]:
        raise RuntimeError(f"{seen['missing']} screens never came back")
    time.sleep(_REST_SECONDS)
    return float(seen["seconds"])
