import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ioc.embedded import kafka_classpath
from ioc.embedded.kafka_classpath import KAFKA, LOGGING, resolve_class_path
from schemas.errors import ConfigurationError

RESOLVE = """
from ioc.embedded.kafka_classpath import resolve_class_path
from schemas.errors import ConfigurationError
try:
    resolve_class_path()
except ConfigurationError as error:
    print(error)
"""

FETCH = """
import os, pathlib, time, zipfile
from ioc.embedded import kafka_classpath

def build(artifact):
    with open({log!r}, "a") as log:
        print("begin", os.getpid(), file=log, flush=True)
        time.sleep(0.3)
        print("end", os.getpid(), file=log, flush=True)
    jar = pathlib.Path({log!r}).parent / f"{{artifact.split(':')[1]}}-1.jar"
    with zipfile.ZipFile(jar, "w") as content:
        content.writestr("name", "text")
    return [jar]

kafka_classpath._build = build
assert len(kafka_classpath.resolve_class_path()) == 2
"""


def test_one_version_of_every_library() -> None:
    """Resolved together with log4j, Kafka 4.1 once came with the clients of 3.8."""
    jars = [jar.name for jar in resolve_class_path()]
    assert "kafka_2.13-4.1.0.jar" in jars
    assert [name for name in jars if name.startswith("kafka-clients-")] == [
        "kafka-clients-4.1.0.jar"
    ]
    libraries = [name.rsplit("-", 1)[0] for name in jars]
    assert len(libraries) == len(set(libraries))


def test_a_listing_counts_only_while_its_jars_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    jar = tmp_path / "kafka_2.13-4.1.0.jar"
    jar.write_bytes(b"")
    listing = kafka_classpath.cache_folder() / "kafka-class-path.json"
    listing.parent.mkdir()
    listing.write_text(json.dumps({"artifacts": [KAFKA, LOGGING], "jars": [str(jar)]}))
    assert resolve_class_path() == [jar]
    jar.unlink()
    assert jar not in resolve_class_path()


def test_processes_that_are_first_together_wait_for_the_one_that_fetches(tmp_path: Path) -> None:
    """Two test processes on a fresh machine fetched at once, and one of them had no Kafka."""
    environment = os.environ | {
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "HOME": str(tmp_path / "home"),
    }
    script = FETCH.format(log=str(tmp_path / "log"))
    running = [subprocess.Popen([sys.executable, "-c", script], env=environment) for _ in range(4)]
    assert [each.wait(60) for each in running] == [0] * 4
    # Two artifacts, fetched by one process alone.
    steps = (tmp_path / "log").read_text().splitlines()
    assert [step.split()[0] for step in steps] == ["begin", "end"] * 2
    assert len({step.split()[1] for step in steps}) == 1


def test_a_jar_that_was_cut_off_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    half = tmp_path / "kafka_2.13-4.1.0.jar"
    half.write_bytes(b"PK half of it")
    monkeypatch.setattr(kafka_classpath, "_build", lambda artifact: [half])
    with pytest.raises(ConfigurationError, match=r"kafka_2\.13-4\.1\.0\.jar is no jar: a download"):
        resolve_class_path()


def test_without_network_the_message_says_what_to_do(tmp_path: Path) -> None:
    closed = "http://127.0.0.1:1"
    environment = os.environ | {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment |= {"HTTPS_PROXY": closed, "https_proxy": closed}
    output = subprocess.run(
        [sys.executable, "-c", RESOLVE],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    assert "cannot fetch org.apache.kafka:kafka_2.13:4.1.0" in output
    assert "needs the network once" in output
