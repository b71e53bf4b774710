"""Start and stop the embedded ClickHouse's process."""

from __future__ import annotations

import http.client
import os
import sys
from pathlib import Path

from ioc.embedded.clickhouse.users import READER, WRITER, load_or_create
from ioc.embedded.engine import EmbeddedEngine
from ioc.embedded.ports import LOOPBACK, StoredPorts, accepts_connections
from ioc.embedded.process import EngineProcess
from schemas.errors import ConfigurationError


class EmbeddedClickHouse(EmbeddedEngine):
    """chDB, the real ClickHouse engine, behind ClickHouse's HTTP interface.

    Acknowledged inserts survive `kill`: they are files in the operating system's cache.
    They may not survive a power cut. `clickhouse_connect.get_client` is the client:
    `get_client(host=…, port=…, username=…, password=…, database=…)`.
    """

    username = WRITER
    read_username = READER

    def __init__(self, data_folder: Path, *, port: int | None = None) -> None:
        """Prepare without touching the disk.

        Args:
            data_folder: made if it is not there; one owner at a time.
            port: fixed port; without it a free one is chosen once and kept in the folder.
        """
        super().__init__(data_folder.absolute())
        self._fixed_port = port
        self._port = port
        self._passwords: dict[str, str] = {}

    @property
    def host(self) -> str:
        """The loopback address."""
        return LOOPBACK

    @property
    def port(self) -> int:
        """The port; known from the first start on."""
        if self._port is None:
            raise RuntimeError("the port is chosen at the first start")
        return self._port

    @property
    def url(self) -> str:
        """`http://127.0.0.1:port`, without user and password."""
        return f"http://{self.host}:{self.port}"

    @property
    def password(self) -> str:
        """Password of the account `ioc`, which may do everything; known after the start."""
        return self._passwords[WRITER]

    @property
    def read_password(self) -> str:
        """Password of the account `ioc_read`, which may only read; known after the start."""
        return self._passwords[READER]

    @property
    def users_file(self) -> Path:
        """The 0600 file with the passwords (unless the environment gives them)."""
        return self.data_folder / "users.json"

    def _launch(self) -> EngineProcess:
        stored = StoredPorts(self.data_folder / "ports.json")
        self._port = stored.load_or_choose(["http"], {"http": self._fixed_port})["http"]
        if accepts_connections(self._port):
            raise ConfigurationError(
                f"port {self._port} of the embedded ClickHouse is taken by another program; "
                f"stop it, or remove {self.data_folder / 'ports.json'} to choose another port"
            )
        self._passwords = load_or_create(self.users_file)
        return EngineProcess(
            "ClickHouse",
            [
                sys.executable,
                "-m",
                "ioc.embedded.clickhouse.server",
                f"--data-folder={self.data_folder / 'data'}",
                f"--port={self._port}",
                f"--users-file={self.users_file}",
            ],
            log=self.log_folder / "clickhouse.log",
            # One time zone wherever it runs; columns name theirs.
            environment=os.environ | {"TZ": "UTC"},
            inherited=[self._lock.descriptor],
        )

    def _ready(self) -> bool:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=1)
        try:
            connection.request("GET", "/ping")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()
