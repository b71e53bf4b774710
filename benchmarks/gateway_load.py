"""Loads an HTTP endpoint with events: `python -m benchmarks.gateway_load JSON`, answers JSON.

Raw sockets and requests written by hand, so that the load costs little beside what is measured.
`rate` 0 sends the next request of a connection when the last one was answered; otherwise requests
are due at fixed times, and a latency counts from when its request was due.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import uvloop

_EVENT = (
    '{"event_id":"%s","source":"bench","dossier_id":"000.25.28.H28-240903-%s","status":2,'
    '"occurred_at":"2024-09-03T08:15:00+07:00","receiver":"04795","procedure":"1.000894",'
    '"field":"HT","channel":2,"received_at":"2024-09-03T08:15:00+07:00",'
    '"due_at":"2024-09-06T17:00:00+07:00"}'
)


@dataclass
class Load:
    """What is sent, and what came of it."""

    port: int
    path: str
    key: str
    batch: int
    connections: int
    seconds: float
    rate: float
    name: str
    answered: int = 0
    failed: int = 0
    number: int = 0
    latencies: list[float] = field(default_factory=list)

    def request(self) -> bytes:
        """Return the next request, with events of its own."""
        self.number += 1
        if self.batch == 1:
            body = _EVENT % (f"{self.name}-{self.number}", f"{self.name}-{self.number}")
        else:
            parts = (f"{self.name}-{self.number}-{n}" for n in range(self.batch))
            body = "[" + ",".join(_EVENT % (part, part) for part in parts) + "]"
        return (
            f"POST {self.path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


class Line(asyncio.Protocol):
    """One connection; requests wait their turn."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._rest = b""
        self._missing = 0
        self._done: asyncio.Future[bool] | None = None
        self._status = b""
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    async def ask(self, request: bytes) -> bool:
        self._done = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._done

    def data_received(self, data: bytes) -> None:
        if self._missing:
            self._missing -= len(data)
        else:
            self._rest += data
            head, found, body = self._rest.partition(b"\r\n\r\n")
            if not found:
                return
            self._rest, self._status = b"", head[9:12]
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            self._missing = int(length) - len(body)
        if self._missing <= 0 and self._done is not None and not self._done.done():
            self._missing = 0
            self._done.set_result(self._status == b"200")

    def connection_lost(self, error: Exception | None) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_result(False)


async def run(load: Load) -> dict[str, Any]:
    """Load for as long as told."""
    loop = asyncio.get_running_loop()
    lines = [
        (await loop.create_connection(lambda: Line(load), "127.0.0.1", load.port))[1]
        for _ in range(load.connections)
    ]
    await lines[0].ask(load.request())
    ready: list[bytes] = []
    if load.batch > 1:  # making a batch costs more than sending it
        ready = [load.request() for _ in range(int(load.seconds * 150))]
    started = time.perf_counter()
    end = started + load.seconds
    if load.rate:
        await _open_loop(load, lines, started, end)
    else:
        await asyncio.gather(*(_closed_loop(load, line, end, ready) for line in lines))
    seconds = time.perf_counter() - started
    ordered = sorted(load.latencies)
    return {
        "requests_per_second": load.answered / seconds,
        "events_per_second": load.answered * load.batch / seconds,
        "failed": load.failed,
        "p50_ms": ordered[len(ordered) // 2] * 1000,
        "p99_ms": ordered[int(len(ordered) * 0.99)] * 1000,
        "max_ms": ordered[-1] * 1000,
    }


async def _closed_loop(load: Load, line: Line, end: float, ready: list[bytes]) -> None:
    while time.perf_counter() < end:
        request = ready.pop() if ready else load.request()
        asked = time.perf_counter()
        _count(load, await line.ask(request), asked)


async def _open_loop(load: Load, lines: list[Line], started: float, end: float) -> None:
    free: asyncio.Queue[Line] = asyncio.Queue()
    for line in lines:
        free.put_nowait(line)
    tasks: set[asyncio.Task[None]] = set()

    async def one(line: Line, due: float) -> None:
        _count(load, await line.ask(load.request()), due)
        free.put_nowait(line)

    number = 0
    while (due := started + number / load.rate) < end:
        wait = due - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        task = asyncio.create_task(one(await free.get(), due))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        number += 1
    await asyncio.gather(*tasks)


def _count(load: Load, is_fine: bool, since: float) -> None:
    if is_fine:
        load.answered += 1
        load.latencies.append(time.perf_counter() - since)
    else:
        load.failed += 1


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(run(Load(**json.loads(sys.argv[1]))))))
