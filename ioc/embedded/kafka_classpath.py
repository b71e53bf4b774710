"""Find the jars of Kafka, fetching them once into the user's cache."""

from __future__ import annotations

import fcntl
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import ConfigurationError

KAFKA = "org.apache.kafka:kafka_2.13:4.1.0"
# Kafka 4.1 logs through SLF4J 1.7; this is the binding for it that matches its log4j-core.
# It is resolved apart: together, the parent of log4j would manage Kafka's own versions
# and silently bring kafka-clients 3.8.
LOGGING = "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3"


def cache_folder() -> Path:
    """Folder for things that can be fetched or computed again."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "ioc-streams"


def class_path_listing() -> Path:
    """Return the file that lists the jars; it is there once they were fetched."""
    return cache_folder() / "kafka-class-path.json"


def resolve_class_path() -> list[Path]:
    """Return the jars to run Kafka with.

    The first call on a machine downloads about 45 MB from Maven Central (some 20 s);
    later calls read a list from the cache and check that its files are there. Processes that
    call it for the first time at once wait for the one that downloads.

    Raises:
        ConfigurationError: the jars are not cached and cannot be fetched.
    """
    listing = class_path_listing()
    if jars := _read(listing):
        return jars
    with _alone(listing):
        return _read(listing) or _fetch(listing)


@contextmanager
def _alone(listing: Path) -> Iterator[None]:
    """One process at a time: jgo asserts that nobody else puts the same file into the cache."""
    listing.parent.mkdir(parents=True, exist_ok=True)
    with listing.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read(listing: Path) -> list[Path] | None:
    try:
        content = json.loads(listing.read_text())
        jars = [Path(jar) for jar in content["jars"]]
        if content["artifacts"] != [KAFKA, LOGGING]:
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return jars if jars and all(jar.is_file() for jar in jars) else None


def _fetch(listing: Path) -> list[Path]:
    jars = [jar for artifact in (KAFKA, LOGGING) for jar in _build(artifact)]
    for broken in [jar for jar in jars if not zipfile.is_zipfile(jar)]:
        raise ConfigurationError(
            f"{broken} is no jar: a download was cut off. Delete it, and its copy below "
            f"{Path.home() / '.m2'}, and start again"
        )
    # One version of each library: Kafka's own choice comes first.
    chosen: dict[str, Path] = {}
    for jar in jars:
        chosen.setdefault(_artifact_name(jar), jar)
    content = {"artifacts": [KAFKA, LOGGING], "jars": [str(jar) for jar in chosen.values()]}
    partial = listing.with_suffix(f".{os.getpid()}.tmp")
    partial.write_text(json.dumps(content, indent=1) + "\n")
    partial.replace(listing)
    return list(chosen.values())


def _build(artifact: str) -> list[Path]:
    try:
        import jgo  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise ConfigurationError(
            "the embedded Kafka needs the extra 'embedded': pip install 'ioc-streams[embedded]'"
        ) from error
    try:
        return [Path(jar) for jar in jgo.build(artifact).all_jars]
    except Exception as error:  # jgo raises whatever its HTTP and XML layers raise
        raise ConfigurationError(
            f"cannot fetch {artifact} from Maven Central ({type(error).__name__}: {error}). The "
            "first start of the embedded Kafka needs the network once; or give the address of a "
            "Kafka that runs"
        ) from error


def _artifact_name(jar: Path) -> str:
    return jar.name.rsplit("-", 1)[0]
