"""The commands of "Connect your desk software" and "Straight to Kafka" work as they stand there."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from gateway_kit import GatewayChild, make_key, running_gateway
from pipeline_kit import own_rig
from rig import Rig

from ioc.desk.client.__main__ import _parser
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from schemas.gateway_texts import Fault

DOCS = Path(__file__).parents[3] / "docs"
_BLOCK = re.compile(r"(?:<!-- (file|run): ([\w.-]+) -->\n)?```(\w+)\n(.*?)```", re.DOTALL)
_URL, _BROKER, _TOPIC = "http://127.0.0.1:8500", "127.0.0.1:9092", "ioc.dossier-events.v1"


class Block(NamedTuple):
    what: str
    name: str
    language: str
    text: str


def blocks(page: str) -> list[Block]:
    found = _BLOCK.findall((DOCS / page).read_text("utf-8"))
    return [Block(*each) for each in found]


@pytest.fixture(scope="module")
def rig(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rig]:
    with own_rig(kafka, clickhouse, tmp_path_factory.mktemp("docs")) as made:
        made.start_worker()
        yield made


@pytest.fixture(scope="module")
def gateway(rig: Rig) -> Iterator[GatewayChild]:
    with running_gateway(rig) as child:
        yield child


def test_both_languages_have_the_same_commands() -> None:
    assert blocks("connect.md") == blocks("ket-noi.md")
    kinds = {block.language for block in blocks("connect.md")}
    assert {"sh", "powershell", "python", "json", "yaml", "csv"} == kinds


def test_the_powershell_examples_ask_what_the_others_ask() -> None:
    """Nobody runs them here; their addresses, files and options are at least the real ones."""
    page = blocks("connect.md")
    helper, sync, client = [block.text for block in page if block.language == "powershell"]
    for part in (f"{_URL}$Path", "Bearer", "key.txt", "application/json", "SkipHttpErrorCheck",
                 "Tls12", "GetResponseStream"):  # fmt: skip
        assert part in helper
    files = {block.name for block in page if block.what == "file"}
    others = "".join(block.text for block in page if block.language == "sh")
    for path, file in re.findall(r'Send-Ioc "(\S+)" "(\S+)"', helper + sync):
        assert f"{_URL}{path} " in others
        assert file in files
    commands = re.findall(r"^py ioc-desk\.pyz (.*)$", client, re.MULTILINE)
    assert len(commands) == 5
    for command in commands:
        _parser("en").parse_args(shlex.split(command))
        assert f"python3 ioc-desk.pyz {command}\n" in others


def test_the_page_can_be_followed_from_top_to_bottom(
    rig: Rig, gateway: GatewayChild, tmp_path: Path
) -> None:
    key = make_key(rig, source="motcua-tai-lieu")
    gateway.wait_for_key(key)
    (tmp_path / "key.txt").write_text(key + "\n")
    (tmp_path / "outbox").mkdir()
    said: list[str] = []
    page = blocks("connect.md")
    for block in page:
        text = block.text.replace(_URL, gateway.url)
        text = text.replace("@127.0.0.1:8500", "@" + gateway.url.removeprefix("http://"))
        if block.what == "file":
            (tmp_path / block.name).write_text(text, "utf-8")
        elif block.language == "sh":
            if "reconcile" in text:
                rig.expect_all()
                rig.wait_stored()
            said.append(_run(["bash", "-eu", "-o", "pipefail", "-c", _bounded(text)], tmp_path))
        elif block.what == "run":
            said.append(_run([sys.executable, "-c", text], tmp_path))
    one, dry, sync, basic, built, push, watched, lines, mended, program, mapped, same = said
    refused = (tmp_path / "rejects.ndjson").read_text("utf-8")
    assert json.loads(refused)["cure"]["vi"] == Fault.BAD_STATUS.value.cure.vi
    assert json.loads(refused)["request_id"]
    assert json.loads(one)["accepted"] == 1
    assert json.loads(dry)["results"][0]["outcome"] in ("valid", "duplicate")
    assert json.loads(sync)["error_code"] == "0"
    assert json.loads(basic)["results"][0]["outcome"] == "duplicate"
    assert "ioc-desk.pyz" in built
    assert "Sent" in push
    assert "Waiting: 0" in push
    assert "Watching" in watched
    assert "1 rejected" in lines
    assert "Put 1 events back" in mended
    assert "Counts(" in program
    assert "2 valid events" in mapped
    assert "Sent 2" in mapped
    assert "2 agree" in same
    # The program's event was safe on the disk when `push` returned; it may not have gone yet.
    _run([sys.executable, "ioc-desk.pyz", "--spool", "my-spool", "--wait",
          "--url", gateway.url, "--key-file", "key.txt"], tmp_path)  # fmt: skip
    rig.expect_all()
    rig.wait_stored()
    stored = {
        row[0][-4:]: row[1] for row in rig.rows("SELECT dossier_id, status FROM dossiers FINAL")
    }
    assert stored == {"0003": 9, "0004": 9, "0005": 2, "0006": 2, "0007": 9}
    # By `ioc push` with a mapping: the key's source, not the mapping's.
    sources = "SELECT DISTINCT source FROM dossier_events WHERE dossier_id = 'H28-0007'"
    assert rig.rows(sources) == [("motcua-tai-lieu",)]


def test_the_kafka_example_runs(rig: Rig, tmp_path: Path) -> None:
    (program,) = [block for block in blocks("straight-to-kafka.md") if block.what == "run"]
    text = program.text.replace(_BROKER, rig.kafka.bootstrap)
    text = text.replace(_TOPIC, rig.kafka_settings.events_topic)
    assert "2 events sent" in _run([sys.executable, "-c", text], tmp_path)
    rig.expect_all()
    rig.wait_stored()
    rows = rig.rows(
        "SELECT status FROM dossier_events FINAL WHERE source = 'motcua-hoabinh' ORDER BY status"
    )
    assert rows == [(2,), (9,)]


def _bounded(text: str) -> str:
    """A command that watches runs until it is stopped: here, for as long as one look takes."""
    if "--watch" not in text:
        return text
    return f"timeout --preserve-status --signal TERM 5 {text}"


def _run(command: list[str], folder: Path) -> str:
    binaries = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": binaries, "IOC_LANGUAGE": "en", "COLUMNS": "200"}
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    # 3: something was rejected, which the page shows on purpose.
    assert done.returncode in (0, 3), done.stdout + done.stderr
    return done.stdout
