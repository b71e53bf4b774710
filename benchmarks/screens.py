"""Thousands of screens on the province wall: what they cost, and how soon they know."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.outages import measure_outages
from benchmarks.scale import NOW
from benchmarks.wall_place import WallPlace, running_wall

#: The seeded province; a frame is as large as over ten million.
_DOSSIERS = 100_000
_CHANGES = 20
_MIB = 1 << 20


@dataclass(frozen=True)
class ScreensRun:
    """Figures of one run.

    Attributes:
        cpu_cores: what the wall's process used.
        memory_mib: resident at the beginning, in the middle, at the end.
        frames_per_second: of one screen.
        bytes_per_frame: as sent.
        lag_ms: from a frame's making to a screen, p50 and p99.
        update_ms: from a stored row to a screen, p50 and largest.
        lost: streams that ended by themselves.
        back_seconds: by kind of outage, until the last screen has a new frame; see `outages`.
    """

    screens: int
    seconds: float
    cpu_cores: float
    memory_mib: tuple[float, float, float]
    frames_per_second: float
    bytes_per_frame: float
    lag_ms: tuple[float, float]
    update_ms: tuple[float, float]
    lost: int
    back_seconds: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        """Return all figures."""
        return vars(self)


def measure_screens(screens: int, seconds: float) -> ScreensRun:
    """Open the screens against a wall of its own and watch it; blocks for a minute and more."""
    with tempfile.TemporaryDirectory(prefix="ioc-bench-") as name, \
            running_wall(Path(name), _DOSSIERS) as place:  # fmt: skip
        clients = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.screen_clients", place.url, str(screens),
             str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        try:
            return _watch(place, clients, screens, seconds)
        finally:
            clients.kill()
            clients.wait()


def _watch(
    place: WallPlace, clients: subprocess.Popen[str], screens: int, seconds: float
) -> ScreensRun:
    assert clients.stdout is not None
    if clients.stdout.readline().strip() != "OPEN":
        raise RuntimeError("the screens did not open")
    wall = psutil.Process(place.wall.pid)
    started, cpu = time.monotonic(), _cpu(wall)
    memory = [wall.memory_info().rss / _MIB]
    stored: dict[int, float] = {}
    pause = seconds / (_CHANGES + 2)
    for number in range(_CHANGES):
        stored.update([_change(place.client, number)])
        time.sleep(pause)
        if number == _CHANGES // 2:
            memory.append(wall.memory_info().rss / _MIB)
    took, used = time.monotonic() - started, _cpu(wall) - cpu
    memory.append(wall.memory_info().rss / _MIB)
    seen = json.loads(clients.stdout.readline())
    known = {int(value): at for value, at in seen["changes"].items()}
    missing = [value for value in stored if value not in known]
    if missing:
        raise RuntimeError(f"{len(missing)} changes never reached a screen")
    updates = [1000 * (known[value] - at) for value, at in stored.items()]
    lags = sorted(1000 * lag for lag in seen["lags"])
    return ScreensRun(
        screens,
        seconds,
        used / took,
        (memory[0], memory[1], memory[2]),
        seen["frames"] / screens / seconds,
        seen["bytes"] / max(1, seen["frames"]),
        (statistics.median(lags), lags[int(len(lags) * 0.99)]),
        (statistics.median(updates), max(updates)),
        seen["lost"],
        measure_outages(place.wall, clients),
    )


def _change(client: Any, number: int) -> tuple[int, float]:
    """Store another count of a day; return the month's figure that follows, and when it did."""
    client.command(
        "INSERT INTO province_days (shard, day, version, received)"
        " VALUES (47, {day:Date}, {version:UInt64}, {received:UInt32})",
        parameters={
            "day": NOW.date(),
            "version": (1 << 62) + number,
            "received": 1_000_000 + number,
        },
    )
    stored = time.time()
    (received,) = client.query(
        "SELECT sum(received) FROM province_days FINAL"
        " WHERE toStartOfMonth(day) = toStartOfMonth({day:Date})",
        parameters={"day": NOW.date()},
    ).first_row
    return int(received), stored


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
