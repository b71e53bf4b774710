"""Many screens in one process: `python -m benchmarks.screen_clients URL SCREENS SECONDS`.

Most only take what comes, as packed as a browser asks for it; some read it and note when a frame
came that was made when, and when a figure first showed another value. Prints one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import sys
import time
import zlib
from dataclasses import dataclass, field
from urllib.parse import urlsplit

#: Screens that read what they get.
READERS = 40
_OPENING_AT_ONCE = 50
_MADE = re.compile(rb'"now":(\d+)')
_WATCHED = re.compile(rb'"flow":\[\[(\d+)')


@dataclass
class Seen:
    """What the screens saw; times in epoch seconds."""

    frames: int = 0
    bytes: int = 0
    lost: int = 0
    lags: list[float] = field(default_factory=list)
    changes: dict[int, float] = field(default_factory=dict)


async def _screen(url: str, reads: bool, seen: Seen, opening: asyncio.Semaphore) -> None:
    address = urlsplit(url)
    async with opening:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(
            f"GET /events/province HTTP/1.1\r\nHost: {address.netloc}\r\n"
            "Accept: text/event-stream\r\nAccept-Encoding: gzip\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(head.decode())
    unpack, text = zlib.decompressobj(wbits=31), b""
    while True:
        # Each frame comes as one chunk of the transfer encoding.
        size = int(await reader.readline() or b"0", 16)
        if not size:
            seen.lost += 1
            return
        piece = await reader.readexactly(size + 2)
        seen.frames += 1
        seen.bytes += size
        if not reads:
            continue
        now = time.time()
        text += unpack.decompress(piece[:-2])
        *whole, text = text.split(b"\n\n")
        for event in whole:
            if made := _MADE.search(event):
                seen.lags.append(now - int(made[1]) / 1000)
            if found := _WATCHED.search(event):
                seen.changes.setdefault(int(found[1]), now)


async def _run(url: str, screens: int, seconds: float) -> Seen:
    seen = Seen()
    opening = asyncio.Semaphore(_OPENING_AT_ONCE)
    tasks = [
        asyncio.create_task(_screen(url, number < READERS, seen, opening))
        for number in range(screens)
    ]
    while seen.frames < 2 * screens:  # everybody has heard something
        await asyncio.sleep(0.2)
        for task in tasks:
            if task.done():
                task.result()
    sys.stdout.write("OPEN\n")
    sys.stdout.flush()
    seen.frames, seen.bytes, seen.lags = 0, 0, []
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return seen


def main() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    url, screens, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    seen = asyncio.run(_run(url, screens, seconds))
    sys.stdout.write(json.dumps(vars(seen)) + "\n")


if __name__ == "__main__":
    main()
