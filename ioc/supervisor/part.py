"""What the supervisor can do with any part: an engine, a worker, the wall."""

from __future__ import annotations

import abc
import http.client
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

_PROBE_TIMEOUT_SECONDS = 2.0


class State(Enum):
    """What a part does just now."""

    STARTING = "starting"
    READY = "ready"
    UNHEALTHY = "unhealthy"
    WAITING = "waiting"
    STOPPED = "stopped"


class Part(abc.ABC):
    """One process that is started, watched and stopped; starts again after it ended."""

    def __init__(self, name: str, log: Path) -> None:
        self.name = name
        self.log = log

    @property
    @abc.abstractmethod
    def address(self) -> str:
        """Where others reach it, or an empty text."""

    @property
    @abc.abstractmethod
    def pid(self) -> int | None:
        """Process id while it runs."""

    @property
    @abc.abstractmethod
    def ending(self) -> str:
        """How the last process ended, for people; only meaningful when it did."""

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.pid is not None

    @abc.abstractmethod
    async def start(self) -> None:
        """Start the process and return when it is ready.

        Raises:
            IocError: it ended, or was not ready in time; nothing is left running then.
        """

    @abc.abstractmethod
    async def stop(self) -> None:
        """Let the process finish its work and end; kill it if that takes too long."""

    @abc.abstractmethod
    def healthy(self) -> bool:
        """Whether it answers; blocks for two seconds at most, so call it in a thread."""


def answers_ok(url: str) -> bool:
    """Whether an HTTP GET is answered with 200 within two seconds."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(
        parts.hostname or "", parts.port or 80, timeout=_PROBE_TIMEOUT_SECONDS
    )
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
