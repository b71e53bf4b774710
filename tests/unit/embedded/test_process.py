import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from ioc.embedded.folder_lock import FolderLock
from ioc.embedded.ports import StoredPorts, free_ports
from ioc.embedded.process import EngineProcess
from schemas.errors import ConfigurationError, FatalError

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
PARENT = """
import sys, time
from pathlib import Path
from ioc.embedded.process import EngineProcess
sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
child = EngineProcess("child", sleeper, log=Path(sys.argv[1]))
print(child.pid, flush=True)
time.sleep(60)
"""


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's death signal is Linux only")
def test_a_killed_parent_leaves_no_orphan(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        try:
            assert not gone(child)
            parent.send_signal(signal.SIGKILL)
            wait_for(lambda: gone(child))
        finally:
            parent.kill()
            if not gone(child):
                os.kill(child, signal.SIGKILL)


def test_one_owner_for_a_folder(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    first.acquire()
    with pytest.raises(ConfigurationError, match=rf"process {os.getpid()}\b"):
        second.acquire()
    first.release()
    second.acquire()
    second.release()


def test_the_lock_stands_while_the_engine_lives(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    lock.acquire()
    engine = EngineProcess("sleeper", SLEEPER, log=tmp_path / "log", inherited=[lock.descriptor])
    try:
        lock.release()
        with pytest.raises(ConfigurationError):
            lock.acquire()
    finally:
        engine.kill()
    lock.acquire()
    lock.release()


def test_an_early_end_shows_the_log(tmp_path: Path) -> None:
    process = EngineProcess(
        "x", [sys.executable, "-c", "raise SystemExit('no disk')"], log=tmp_path / "log"
    )
    with pytest.raises(FatalError, match="no disk"):
        process.wait_until_ready(lambda: False, 10)


def test_a_silent_engine_is_killed(tmp_path: Path) -> None:
    process = EngineProcess("x", SLEEPER, log=tmp_path / "log")
    with pytest.raises(FatalError, match="not ready"):
        process.wait_until_ready(lambda: False, 0.1)
    assert not process.alive


def test_ports_stay(tmp_path: Path) -> None:
    ports = StoredPorts(tmp_path / "ports.json")
    chosen = ports.load_or_choose(["a", "b"], {})
    assert ports.load_or_choose(["a", "b"], {}) == chosen
    assert chosen["a"] != chosen["b"]
    [other] = free_ports(1)
    assert ports.load_or_choose(["a", "b"], {"a": other}) == {"a": other, "b": chosen["b"]}
