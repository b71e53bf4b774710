"""Ports of the loopback address for embedded engines."""

from __future__ import annotations

import json
import socket
from pathlib import Path

from schemas.errors import ConfigurationError

LOOPBACK = "127.0.0.1"


def free_ports(count: int) -> list[int]:
    """Return different ports that nobody listened on a moment ago.

    All sockets are open at once, so the ports differ from each other. Another process
    may take one before it is used; the engine then fails to start and says so.
    """
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def accepts_connections(port: int) -> bool:
    """Tell whether somebody listens on the port; waits at most half a second."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=0.5):
            return True
    except OSError:
        return False


class StoredPorts:
    """The ports of one data folder, the same at every start.

    Clients keep the address across restarts of the engine, so a port is chosen once and
    kept in a small JSON file beside the data.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def load_or_choose(self, names: list[str], fixed: dict[str, int | None]) -> dict[str, int]:
        """Return a port for each name: the fixed one, else the stored one, else a free one.

        Raises:
            ConfigurationError: the file is there but unreadable.
        """
        stored = self._load()
        ports = {name: fixed.get(name) or stored.get(name) for name in names}
        missing = [name for name, port in ports.items() if port is None]
        for name, port in zip(missing, free_ports(len(missing)), strict=True):
            ports[name] = port
        chosen = {name: port for name, port in ports.items() if port is not None}
        if chosen != stored:
            self._path.write_text(json.dumps(chosen, sort_keys=True) + "\n")
        return chosen

    def _load(self) -> dict[str, int]:
        if not self._path.exists():
            return {}
        try:
            return {
                str(name): int(port) for name, port in json.loads(self._path.read_text()).items()
            }
        except (ValueError, AttributeError, TypeError) as error:
            raise ConfigurationError(
                f"{self._path} does not hold a table of ports; remove the file to choose new ones"
            ) from error
