"""Runs the real `ioc up` as a person does, and reads what it says."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

COMMAND = [sys.executable, "-m", "ioc.cli", "--lang", "en"]
READY = re.compile(r"The system is ready after ([\d.]+) s")


def until(condition: Callable[[], bool], timeout_seconds: float, what: str) -> None:
    """Wait for a condition, looking often."""
    deadline = time.monotonic() + timeout_seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for: {what}"
        time.sleep(0.05)


class Up:
    """One running `ioc up` on a data folder, its output in a file."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self._output = folder.with_suffix(".out")
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [*COMMAND, "--data", str(folder), "up", *options],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.own_environment(),
                start_new_session=True,
            )
        self.seen: set[psutil.Process] = set()

    @staticmethod
    def own_environment() -> dict[str, str]:
        """This process's environment without its settings; servers get any free port."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("IOC_")}
        # A wide terminal keeps lines whole.
        return {**kept, "IOC_WALL_PORT": "0", "IOC_GATEWAY_PORT": "0", "COLUMNS": "400"}

    @property
    def output(self) -> str:
        """Everything said so far."""
        return self._output.read_text(encoding="utf-8")

    def wait_until_ready(self, timeout_seconds: float = 90) -> float:
        """Wait for the ready line and return the seconds that it names."""
        until(
            lambda: READY.search(self.output) is not None or self.process.poll() is not None,
            timeout_seconds,
            f"ready; output so far:\n{self.output}",
        )
        match = READY.search(self.output)
        assert match, self.output
        return float(match[1])

    def says(self, text: str, timeout_seconds: float = 30) -> None:
        """Wait until a text is said."""
        until(lambda: text in self.output, timeout_seconds, f"{text!r} in:\n{self.output}")

    def parts(self) -> list[psutil.Process]:
        """All processes below the supervisor; remembered for the clean-up."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.seen.update(children)
        return children

    def part(self, marker: str) -> psutil.Process:
        """The one child whose command line contains a marker."""
        (found,) = [
            child for child in self.parts() if any(marker in word for word in child.cmdline())
        ]
        return found

    def environment(self) -> dict[str, str]:
        """How other processes reach the system."""
        content = json.loads((self.folder / "running.json").read_text())
        return dict(content["environment"])

    def end(self) -> None:
        """Leave nothing behind, whatever happened."""
        if self.process.poll() is None:
            self.parts()
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for child in self.seen:
            if child.is_running():
                child.kill()


@contextmanager
def running_up(folder: Path, *options: str) -> Iterator[Up]:
    """Run `ioc up`; it is ended with everything below it on leaving."""
    up = Up(folder, *options)
    try:
        yield up
    finally:
        up.end()
