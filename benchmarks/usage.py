"""What the processes of a run cost: CPU seconds and memory, and what else the machine did."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Usage:
    """From one moment to another.

    Attributes:
        seconds: wall time.
        cpu_seconds: process -> user and system time.
        peak_mib: process -> largest resident memory of the samples.
        others_cpu: cores that were busy with anything but these processes and the benchmark.
        load_average: of one minute, at the beginning.
    """

    seconds: float
    cpu_seconds: dict[str, float]
    peak_mib: dict[str, float]
    others_cpu: float
    load_average: float


class UsageMeter:
    """Counts from its making on; call `sample` a few times a second for the memory."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._processes = {name: psutil.Process(pid) for name, pid in pids.items()}
        self._own = psutil.Process()
        self._peak = dict.fromkeys(pids, 0.0)
        self._load_average = os.getloadavg()[0]
        self.started_at = time.monotonic()
        self._cpu_before = self._cpu()
        self._own_before = _seconds(self._own)
        self._busy_before = _busy_seconds()
        self.sample()

    def sample(self) -> None:
        """Look at the memory."""
        for name, process in self._processes.items():
            now = process.memory_info().rss / 2**20
            self._peak[name] = max(self._peak[name], now)

    def stop(self) -> Usage:
        """Return what was used until now."""
        seconds = time.monotonic() - self.started_at
        after = self._cpu()
        used = {name: after[name] - self._cpu_before[name] for name in after}
        own = _seconds(self._own) - self._own_before
        busy = _busy_seconds() - self._busy_before
        self.sample()
        others = max(0.0, busy - own - sum(used.values())) / seconds
        return Usage(seconds, used, dict(self._peak), others, self._load_average)

    def _cpu(self) -> dict[str, float]:
        return {name: _seconds(process) for name, process in self._processes.items()}


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0)
    # Guest time is part of user time already.
    guest = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
    return float(sum(times) - idle - guest)
