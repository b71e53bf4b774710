"""The client as people run it: one file, a folder, standard input, and power cuts.

Under the oldest Python that this machine has and the client is for; each test's id says which.
"""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pythons import OLDEST_MINOR, found_pythons, version_name
from receiver import Receiver
from rig import eventually

from ioc.desk.client.failpoints import VARIABLE
from ioc.desk.client.spool import Spool
from ioc.desk.one_file import build_one_file, one_file_sources


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_one_file(tmp_path_factory.mktemp("one") / "ioc-desk.pyz")


def events(count: int, first: int = 0) -> list[dict[str, Any]]:
    return [
        {
            "event_id": f"e{number}",
            "source": "motcua-thu",
            "dossier_id": f"H28-{number % 7}",
            "status": 2,
            "occurred_at": "2024-09-03T08:15:00+07:00",
        }
        for number in range(first, first + count)
    ]


def ndjson(found: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(event).encode() + b"\n" for event in found)


class Desk:
    """A desk's machine: a folder of its own, and the one-file client run in it."""

    def __init__(self, program: Path, folder: Path, url: str, python: str) -> None:
        self.folder, self._program = folder, program
        self.python = python
        self.env = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            "IOC_DESK_URL": url,
            "IOC_DESK_KEY": "a-key",
            "IOC_DESK_BATCH_ITEMS": "5",
            "IOC_DESK_RETRY_MIN_SECONDS": "0.05",
            "IOC_DESK_RETRY_MAX_SECONDS": "0.2",
            "IOC_LANGUAGE": "en",
        }

    def command(self, *arguments: str) -> list[str]:
        # -I: nothing of this project's environment helps it; -S: nor any installed package.
        return [self.python, "-I", "-S", str(self._program), *arguments]

    def run(
        self, *arguments: str, stdin: bytes = b"", **env: str
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env={**self.env, **env},
            input=stdin,
            capture_output=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(params=[min(found_pythons())], ids=version_name)
def desk(request: pytest.FixtureRequest, program: Path, tmp_path: Path, receiver: Receiver) -> Desk:
    return Desk(program, tmp_path, receiver.url, found_pythons()[request.param])


def test_it_needs_no_newer_python_than_3_9() -> None:
    found = subprocess.run(
        [Path(sys.executable).with_name("vermin"), "--no-tips", "--violations", "-t=3.9-",
         *one_file_sources()],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout
    # And by the grammar of that Python itself.
    for source in one_file_sources():
        ast.parse(source.read_text("utf-8"), feature_version=(3, OLDEST_MINOR))


def test_it_imports_nothing_but_the_standard_library_and_itself() -> None:
    inside = {".".join(path.with_suffix("").parts[-4:]) for path in one_file_sources()}
    for source in one_file_sources():
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for name in names:
                own = name.split(".")[0] in ("ioc", "schemas")
                assert own or name.split(".")[0] in sys.stdlib_module_names, (source, name)
                if own:
                    fits = any(one.endswith(name) or name in one for one in inside)
                    assert fits or name == "ioc.desk.client", (source, name)


@pytest.mark.parametrize(
    "minors", [sorted(found_pythons())], ids=lambda found: ", ".join(map(version_name, found))
)
def test_a_file_is_sent_under_every_python_of_this_machine(
    desk: Desk, receiver: Receiver, minors: list[int]
) -> None:
    """All of them go on with the spool that another one left."""
    (desk.folder / "events.ndjson").write_bytes(b"\xef\xbb\xbf" + ndjson(events(12)))
    for times, minor in enumerate(minors, start=1):
        desk.python = found_pythons()[minor]
        done = desk.run("events.ndjson")
        assert done.returncode == 0, done.stderr
        assert b"Sent 12" in done.stdout
        assert len(receiver.stored) == 12
        # Again is harmless: the gateway knows them.
        assert set(receiver.stored.values()) == {times}


def test_other_shapes_of_files(desk: Desk, receiver: Receiver) -> None:
    (desk.folder / "list.json").write_text(json.dumps(events(2), indent=2), "utf-8")
    (desk.folder / "table.csv").write_text(
        "\ufeffevent_id;source;dossier_id;status;occurred_at;due_at\n"
        "e7;motcua-thu;H28-1;2;2024-09-03T08:15:00+07:00;\n",
        "utf-8",
    )
    message = {"service": "DongBoHoSoMC", "data": [{"MaHoSo": "H28-9", "TrangThaiHoSo": "2"}]}
    (desk.folder / "sync.json").write_text(json.dumps(message), "utf-8")
    done = desk.run("list.json", "table.csv", "sync.json")
    assert done.returncode == 0, done.stdout
    assert [path for path, _ in receiver.requests] == ["/v1/events", "/v1/sync"]
    assert "e7" in receiver.stored
    (desk.folder / "other.csv").write_text("ma;ngay\n1;2\n", "utf-8")
    assert b"--mapping" in desk.run("other.csv").stdout
    assert desk.run("none.ndjson").returncode == 2
    assert desk.run("table.xlsx").returncode == 2


def test_what_cannot_be_read_is_kept_shown_mended_and_sent(desk: Desk, receiver: Receiver) -> None:
    lines = b'{"event_id": "e1", "dossier_id"\n' + ndjson(events(1, first=2))
    done = desk.run("-", stdin=lines)
    assert done.returncode == 3
    assert b"1 bad" in done.stdout
    assert list(receiver.stored) == ["e2"]
    assert desk.run("--rejects", "rejects.ndjson").returncode == 0
    path = desk.folder / "rejects.ndjson"
    assert path.stat().st_mode & 0o077 == 0
    (kept,) = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert kept["code"] == "not_json"
    assert kept["text"].startswith('{"event_id": "e1"')
    path.write_text(json.dumps({"spool_id": kept["spool_id"], "event": events(1, 1)[0]}), "utf-8")
    assert desk.run("--mend", "rejects.ndjson").returncode == 0
    assert set(receiver.stored) == {"e1", "e2"}


def test_a_full_spool_says_so(desk: Desk) -> None:
    done = desk.run("-", "--no-send", "--max-megabytes", "0.1", stdin=ndjson(events(2_000)))
    assert done.returncode == 4
    assert b"NOT taken" in done.stdout
    assert b"Waiting: " in desk.run("--status").stdout


@pytest.mark.parametrize(
    "point",
    ["before_accept", "after_accept", "before_send", "after_answer", "before_settle",
     "after_settle"],
)  # fmt: skip
def test_power_cut_at_every_step_loses_nothing(desk: Desk, receiver: Receiver, point: str) -> None:
    """Killed at the point in every run until the events are through; then run to the end."""
    (desk.folder / "events.ndjson").write_bytes(ndjson(events(12)))
    cut = desk.run("events.ndjson", **{VARIABLE: point})
    assert cut.returncode == -signal.SIGKILL, cut
    spool = Spool(desk.folder / "ioc-spool", 10**9)
    before = spool.counts().waiting
    spool.close()
    if point == "before_accept":
        assert before == 0, "a call that did not return took nothing"
    else:
        assert before + len(receiver.stored) >= 12, "what was accepted is there"
    assert desk.run("events.ndjson" if point == "before_accept" else "--wait").returncode == 0
    assert set(receiver.stored) == {f"e{number}" for number in range(12)}
    assert max(receiver.stored.values()) <= 2
    for dossier in range(7):
        names = [name for where, name in receiver.order if where == f"H28-{dossier}"]
        assert names == sorted(names, key=lambda name: int(name[1:]))


class Running:
    def __init__(self, desk: Desk, *arguments: str, **env: str) -> None:
        self.process = subprocess.Popen(
            desk.command(*arguments),
            cwd=desk.folder,
            env={**desk.env, **env},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def stop(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=60)[0].decode()


@pytest.fixture
def start(desk: Desk) -> Iterator[Any]:
    begun: list[Running] = []

    def begin(*arguments: str, **env: str) -> Running:
        begun.append(Running(desk, *arguments, **env))
        return begun[-1]

    yield begin
    for one in begun:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait()


def test_a_watched_folder_is_emptied_also_after_a_power_cut(
    desk: Desk, receiver: Receiver, start: Any
) -> None:
    folder = desk.folder / "out"
    folder.mkdir()
    (folder / "1.ndjson").write_bytes(ndjson(events(6)))
    cut = start("--watch", "out", **{VARIABLE: "before_move"})
    assert cut.process.wait(60) == -signal.SIGKILL
    running = start("--watch", "out")
    eventually(lambda: len(receiver.stored) == 6, "the first file is sent")
    (folder / "2.ndjson").write_bytes(ndjson(events(6, first=6)))
    (folder / "3.csv").write_text("no;such;columns\n", "utf-8")
    eventually(lambda: len(receiver.stored) == 12, "the second file is sent")
    eventually((folder / "bad" / "3.csv").exists, "the bad file is put aside")
    eventually((folder / "done" / "2.ndjson").exists, "the file is put away")
    assert "Watching" in running.stop()
    assert sorted(path.name for path in (folder / "done").iterdir()) == ["1.ndjson", "2.ndjson"]


def test_a_line_that_comes_back_empties_what_waited_whatever_the_clock_says(
    desk: Desk, receiver: Receiver, start: Any
) -> None:
    """The line is down for long; nothing depends on how much time the clock says has passed."""
    receiver.answer = lambda _: None
    running = start("-", "--wait")
    assert running.process.stdin is not None
    running.process.stdin.write(ndjson(events(9)))
    running.process.stdin.close()
    eventually(lambda: len(receiver.requests) >= 3, "it tries again")
    # Somebody sets the clock two days back and then ahead: all times of the spool are wrong now.
    spool = Spool(desk.folder / "ioc-spool", 10**9)
    for days in (-2, 2):
        spool._base.execute("UPDATE item SET added_at = added_at + ?", (days * 86_400,))
    spool.close()
    receiver.answer = receiver.take
    assert running.process.wait(60) == 0
    assert len(receiver.stored) == 9


def test_lines_of_standard_input_are_safe_soon_after_they_came(desk: Desk, start: Any) -> None:
    running = start("-", "--no-send")
    assert running.process.stdin is not None
    running.process.stdin.write(ndjson(events(3)))
    running.process.stdin.flush()
    eventually((desk.folder / "ioc-spool").exists, "the spool is made")
    spool = Spool(desk.folder / "ioc-spool", 10**9)
    eventually(lambda: spool.counts().waiting == 3, "the lines are on the disk", 30)
    running.process.kill()
    assert spool.counts().waiting == 3
    spool.close()


def test_the_status_tells_of_a_clock_that_is_wrong(desk: Desk, receiver: Receiver) -> None:
    past = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() - 86_400))
    take = receiver.take
    receiver.answer = lambda items: (200, {"Date": past}, take(items)[2])  # type: ignore[index]
    desk.run("-", stdin=ndjson(events(1)))
    said = desk.run("--status").stdout.decode()
    assert "Clock differs: 86" in said
    assert "ahead of the server" in said
