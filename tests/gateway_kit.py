"""A real gateway process for tests: its keys, its log, its memory."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import psutil
from rig import Rig, eventually

from ioc.gateway.keys.model import Key, Right, hash_of, new_text
from ioc.gateway.keys.store import write_key

#: Hòa Bình's and Phú Thọ's codes: the whole province, old and new.
PROVINCE = ("17", "25")
SOURCE = "motcua-test"
QUICK = {
    "IOC_GATEWAY_PORT": "0",
    "IOC_GATEWAY_KEYS_REFRESH_SECONDS": "0.1",
    "IOC_GATEWAY_AUDIT_SECONDS": "0.2",
    "IOC_GATEWAY_REQUESTS_PER_SECOND": "100000",
    "IOC_GATEWAY_REQUESTS_BURST": "100000",
    "IOC_GATEWAY_EVENTS_PER_SECOND": "1000000",
    "IOC_GATEWAY_EVENTS_BURST": "1000000",
    "IOC_GATEWAY_BAD_KEYS_PER_MINUTE": "1000000",
}


def event(number: object, **changes: Any) -> dict[str, Any]:
    """A valid event of a dossier of its own; `None` leaves a field out."""
    whole = {
        "event_id": f"e-{number}",
        "source": SOURCE,
        "dossier_id": f"000.25.28.H28-240903-{number}",
        "status": 2,
        "occurred_at": "2024-09-03T08:15:00+07:00",
        "receiver": "04795",
        "due_at": "2024-09-06T17:00:00+07:00",
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def make_key(rig: Rig, **changes: Any) -> str:
    """Store a key and return its text; a gateway knows it within its refresh time."""
    key_id, text = new_text()
    now_ms = int(time.time() * 1000)
    whole: dict[str, Any] = {
        "key_id": key_id,
        "version": now_ms,
        "label": "test",
        "source": SOURCE,
        "units": PROVINCE,
        "rights": frozenset(Right),
        "sandbox": False,
        "secret_hash": hash_of(text),
        "created_at": now_ms // 1000,
        **changes,
    }
    write_key(rig.client, Key(**whole))
    return text


@dataclass
class GatewayChild:
    """A running `python -m ioc.gateway`."""

    process: subprocess.Popen[str]
    url: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def log(self) -> str:
        return "".join(self.lines)

    def client(self, key: str = "", **options: Any) -> httpx.Client:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return httpx.Client(
            base_url=self.url, headers=headers, timeout=60, trust_env=False, **options
        )

    def wait_for_key(self, key: str, timeout_seconds: float = 60) -> None:
        """Wait until the gateway knows a key (whatever its rights)."""
        with self.client(key) as client:
            eventually(
                lambda: client.post("/v1/events", content=b"x").status_code != 401,
                "the key is known",
                timeout_seconds,
            )

    def memory_bytes(self) -> int:
        return psutil.Process(self.process.pid).memory_info().rss

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def stop(self, timeout_seconds: float = 60) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout_seconds)


def start_gateway(
    environment: dict[str, str], *, ready: bool = True, timeout_seconds: float = 90
) -> GatewayChild:
    """Start a process; it listens when this returns, and is ready unless told otherwise."""
    child = GatewayChild(
        subprocess.Popen(
            [sys.executable, "-m", "ioc.gateway"],
            env={**environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    )
    said: queue.Queue[str] = queue.Queue()

    def read() -> None:
        assert child.process.stdout is not None
        for line in child.process.stdout:
            child.lines.append(line)
            said.put(line)

    threading.Thread(target=read, daemon=True).start()
    deadline = time.monotonic() + timeout_seconds
    try:
        while True:
            assert time.monotonic() < deadline, f"not ready: {child.log}"
            assert child.process.poll() is None, f"ended: {child.log}"
            try:
                line = said.get(timeout=0.1)
            except queue.Empty:
                continue
            if line.startswith("LISTENING "):
                child.url = line.split()[1]
            if line.strip() == "READY" or (child.url and not ready):
                return child
    except BaseException:
        child.kill()
        raise


@contextmanager
def running_gateway(rig: Rig, **settings: str) -> Iterator[GatewayChild]:
    """A gateway on a rig's engines; it is gone afterwards."""
    child = start_gateway({**rig.env, **QUICK, **settings})
    try:
        yield child
    finally:
        child.kill()


class KeyBox:
    """Keys of a rig by what they are for; each is made once and known to the gateway."""

    def __init__(self, rig: Rig, gateway: Callable[[], GatewayChild]) -> None:
        self._rig = rig
        self._gateway = gateway
        self._keys: dict[str, tuple[str, dict[str, Any]]] = {}

    def get(self, name: str, **changes: Any) -> str:
        if name not in self._keys:
            text = make_key(self._rig, **changes)
            self._gateway().wait_for_key(text)
            self._keys[name] = text, changes
        text, made_with = self._keys[name]
        assert changes in ({}, made_with), f"two tests mean different keys by {name!r}"
        return text
