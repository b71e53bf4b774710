"""Decides which parts run, and what each of them is told through its environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from ioc.data_folder import DataFolder
from ioc.embedded.ports import LOOPBACK, accepts_connections, free_ports
from ioc.supervisor.child_part import ChildPart
from ioc.supervisor.engine_part import ClickHousePart, KafkaPart
from ioc.supervisor.part import Part
from schemas.alert_settings import AnswerSettings
from schemas.alerting.settings import AlertSettings
from schemas.errors import ConfigurationError
from schemas.gateway_settings import GatewaySettings
from schemas.settings import ClickHouseSettings, KafkaSettings, WallSettings, WorkerSettings

WORKER_MODULE = "ioc.worker"
WALL_MODULE = "ioc.wall"
GATEWAY_MODULE = "ioc.gateway"
ALERTS_MODULE = "ioc.alerts"
ANSWERS_MODULE = "ioc.alerts.answers"
CLI_MODULE = "ioc.cli"
READY_LINE = "READY"
#: A worker that loads millions of dossiers, or folds them anew, is not stuck.
_LOADING_SECONDS = 6 * 3600


@dataclass(frozen=True)
class UpOptions:
    """What `ioc up` was asked for.

    Attributes:
        workers: number of worker processes; more share the partitions.
        language: of the wall and of messages.
        scenario: name of a scenario to replay once all is up, or empty.
        scenario_options: further arguments of `ioc scenario`.
        once: stop again when all is up and, with a scenario, all its events are stored.
    """

    workers: int = 1
    language: str = "vi"
    scenario: str = ""
    scenario_options: tuple[str, ...] = ()
    once: bool = False


@dataclass
class Plan:
    """The parts of one run; the engines are None where settings name a server."""

    options: UpOptions
    folder: DataFolder
    kafka: KafkaPart | None
    clickhouse: ClickHousePart | None
    wall_port: int
    gateway_port: int
    environment: dict[str, str] = field(default_factory=dict)

    def share_kafka(self) -> None:
        """Tell the children where the embedded Kafka is; call it once it runs."""
        if self.kafka is not None:
            self.environment["IOC_KAFKA_BOOTSTRAP"] = self.kafka.address

    def share_clickhouse(self) -> None:
        """Tell the children where the embedded ClickHouse is; call it once it runs.

        Passwords travel as files, except those that the environment gave: these the children
        inherit, and nobody writes them down.
        """
        if self.clickhouse is None:
            return
        self.environment["IOC_CLICKHOUSE_URL"] = self.clickhouse.address
        for (name, password), prefix in zip(
            self.clickhouse.passwords.items(),
            ("IOC_CLICKHOUSE_", "IOC_CLICKHOUSE_READ_"),
            strict=True,
        ):
            self.environment[f"{prefix}USERNAME"] = name
            if not os.environ.get(f"{prefix}PASSWORD"):
                path = self.folder.write_secret(f"clickhouse-{name}.password", password)
                self.environment[f"{prefix}PASSWORD_FILE"] = str(path)

    def settings(self) -> tuple[KafkaSettings, ClickHouseSettings]:
        """Return the settings as the children will read them."""
        os.environ.update(self.environment)
        return KafkaSettings(), ClickHouseSettings()

    def workers(self) -> Iterator[Part]:
        """Make the worker parts; each has a health port of its own, kept over restarts."""
        ports = free_ports(self.options.workers)
        for number, port in enumerate(ports, start=1):
            yield ChildPart(
                f"worker-{number}",
                [sys.executable, "-m", WORKER_MODULE],
                log=self.folder.logs / f"worker-{number}.log",
                environment=self._child_environment(
                    IOC_WORKER_HEALTH_PORT=str(port),
                    IOC_WORKER_DATA=str(self.folder.path / f"worker-{number}"),
                ),
                address=f"http://{LOOPBACK}:{port}",
                health_url=f"http://{LOOPBACK}:{port}/health",
                ready_line=READY_LINE,
                start_timeout_seconds=_LOADING_SECONDS,
            )

    def wall(self) -> Part:
        """Make the wall part."""
        settings = WallSettings()
        port = self.wall_port
        host = LOOPBACK if settings.host in ("0.0.0.0", "::", "localhost") else settings.host  # noqa: S104 - where to ask it, not where it listens
        return ChildPart(
            "wall",
            [sys.executable, "-m", WALL_MODULE],
            log=self.folder.logs / "wall.log",
            environment=self._child_environment(
                IOC_WALL_PORT=str(port),
                IOC_WALL_USERS_FILE=str(settings.users_file or self.folder.wall_users),
                IOC_WALL_LANGUAGE=os.environ.get("IOC_WALL_LANGUAGE", self.options.language),
            ),
            address=f"http://{host}:{port}",
            health_url=f"http://{host}:{port}/alive",
        )

    def gateway(self) -> Part:
        """Make the gateway part."""
        settings = GatewaySettings()
        host = LOOPBACK if settings.host in ("0.0.0.0", "::", "localhost") else settings.host  # noqa: S104 - where to ask it, not where it listens
        scheme = "https" if settings.tls_cert_file else "http"
        return ChildPart(
            "gateway",
            [sys.executable, "-m", GATEWAY_MODULE],
            log=self.folder.logs / "gateway.log",
            environment=self._child_environment(
                IOC_GATEWAY_PORT=str(self.gateway_port),
                IOC_GATEWAY_LANGUAGE=os.environ.get("IOC_GATEWAY_LANGUAGE", self.options.language),
            ),
            address=f"{scheme}://{host}:{self.gateway_port}",
            # A certificate is made out for a name, not for the address on this machine.
            health_url=""
            if settings.tls_cert_file
            else f"http://{host}:{self.gateway_port}/health/live",
            ready_line=READY_LINE,
        )

    def alerts(self) -> Iterator[Part]:
        """Make the part that tells people, if rules and people are configured.

        There is no default: whoever starts the system to look at it must not write to anybody.
        """
        settings = AlertSettings()
        if settings.rules_file is None or settings.people_file is None:
            return
        (port,) = free_ports(1)
        yield ChildPart(
            "alerts",
            [sys.executable, "-m", ALERTS_MODULE],
            log=self.folder.logs / "alerts.log",
            environment=self._child_environment(
                IOC_ALERTS_HEALTH_PORT=str(port),
                IOC_ALERTS_DATA=str(self.folder.path / "alerts"),
            ),
            address=f"http://{LOOPBACK}:{port}",
            health_url=f"http://{LOOPBACK}:{port}/health/live",
            ready_line=READY_LINE,
        )
        yield self._answers()

    def _answers(self) -> Part:
        """Make the part on which those people answer."""
        environment = self._child_environment()
        port = environment["IOC_ANSWERS_PORT"]
        host = AnswerSettings().host
        host = LOOPBACK if host in ("0.0.0.0", "::", "localhost") else host  # noqa: S104 - where to ask it, not where it listens
        return ChildPart(
            "answers",
            [sys.executable, "-m", ANSWERS_MODULE],
            log=self.folder.logs / "answers.log",
            environment=environment,
            address=f"http://{host}:{port}",
            health_url=f"http://{host}:{port}/health/live",
        )

    def scenario_command(self) -> list[str]:
        """Return the command that replays the chosen scenario."""
        return [
            sys.executable,
            "-m",
            CLI_MODULE,
            "--lang",
            self.options.language,
            "scenario",
            self.options.scenario,
            *self.options.scenario_options,
        ]

    def child_environment(self) -> dict[str, str]:
        """Return the environment of a child without settings of its own."""
        return self._child_environment()

    def _child_environment(self, **own: str) -> dict[str, str]:
        common = {"PYTHONUNBUFFERED": "1", "IOC_LANGUAGE": self.options.language}
        return {**os.environ, **self.environment, **common, **own}


def make_plan(options: UpOptions, folder: DataFolder) -> Plan:
    """Decide which engines are embedded; reads settings, starts nothing.

    Raises:
        ConfigurationError: the port of the wall or the gateway is taken.
    """
    environment: dict[str, str] = {}
    if WorkerSettings().dead_letter_key_file is None:
        environment["IOC_WORKER_DEAD_LETTER_KEY_FILE"] = str(folder.dead_letter_key())
    if AlertSettings().people_file is not None:
        environment.update(_answers_environment(folder))
    return Plan(
        options,
        folder,
        None if KafkaSettings().bootstrap else KafkaPart(folder.kafka),
        None if ClickHouseSettings().url else ClickHousePart(folder.clickhouse),
        _port("wall", "IOC_WALL_PORT", WallSettings().port),
        _port("gateway", "IOC_GATEWAY_PORT", GatewaySettings().port),
        environment,
    )


def _answers_environment(folder: DataFolder) -> dict[str, str]:
    """Return what the sending and the answering process must agree on: port, address, key.

    Without a public address of its own the links lead to this machine.
    """
    settings = AnswerSettings()
    port = _port("answers", "IOC_ANSWERS_PORT", settings.port)
    return {
        "IOC_ANSWERS_PORT": str(port),
        "IOC_ANSWERS_PUBLIC_URL": settings.public_url or f"http://{LOOPBACK}:{port}",
        "IOC_ANSWERS_KEY_FILE": str(settings.key_file or folder.answers_key()),
    }


def _port(part: str, variable: str, wanted: int) -> int:
    if wanted and accepts_connections(wanted):
        raise ConfigurationError(
            f"port {wanted} of the {part} is taken by another program; "
            f"stop it, or choose another one: {variable}={wanted + 1} (0 = any free one)"
        )
    return wanted or free_ports(1)[0]
