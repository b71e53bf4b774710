"""Many screens in one process: `python -m benchmarks.screen_clients URL SCREENS SECONDS`.

Most only take what comes, as packed as a browser asks for it; some read it and note when a frame
came that was made when, and when a figure first showed another value. Prints one line of JSON.

Then each line of the input is an epoch second: it prints how long after it the last screen had a
frame that was made later. Screens come back as the page does (`ioc/wall/static/stream.js`): one
whose stream ended tries again after a second, one that hears nothing for five lets go of it, and an
opening may take three.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import resource
import sys
import time
import zlib
from dataclasses import asdict, dataclass, field
from urllib.parse import urlsplit

#: Screens that read what they get.
READERS = 40
_OPENING_AT_ONCE = 50
_RETRY_SECONDS, _OPENING_SECONDS, _SILENT_SECONDS = 1.0, 3.0, 5.0
_BACK_TIMEOUT_SECONDS = 60.0
_RAW = -15
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


class Screen:
    """One screen.

    Attributes:
        piece: the newest frame as it came, and when.
    """

    def __init__(self, url: str, reads: bool, seen: Seen, opening: asyncio.Semaphore) -> None:
        self._address = urlsplit(url)
        self._reads, self._seen = reads, seen
        self._opening: contextlib.AbstractAsyncContextManager[None] = opening
        self.piece = b""
        self.came_at = 0.0

    def made_at(self) -> float:
        """Return when its newest frame was made; each piece can be unpacked on its own."""
        with contextlib.suppress(zlib.error):
            made = _MADE.search(zlib.decompressobj(_RAW).decompress(self.piece))
            return int(made[1]) / 1000 if made else 0.0
        return 0.0  # the head of the stream

    async def run(self) -> None:
        """Take frames, again and again."""
        while True:
            try:
                await self._listen()
            except (OSError, EOFError, TimeoutError, ValueError):
                self._seen.lost += 1
            await asyncio.sleep(_RETRY_SECONDS)

    async def _listen(self) -> None:
        async with self._opening, asyncio.timeout(_OPENING_SECONDS):
            reader, writer = await self._open()
        # At the beginning they come one after the other; back they come all at once.
        self._opening = contextlib.nullcontext()
        try:
            unpack, text = zlib.decompressobj(wbits=31), b""
            while True:
                async with asyncio.timeout(_SILENT_SECONDS):
                    # Each frame comes as one chunk of the transfer encoding.
                    size = int(await reader.readline() or b"0", 16)
                    if not size:
                        raise EOFError
                    piece = (await reader.readexactly(size + 2))[:-2]
                self._seen.frames += 1
                self._seen.bytes += size
                self.piece, self.came_at = piece, time.time()
                if self._reads:
                    text = self._read(text + unpack.decompress(piece))
        finally:
            writer.close()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(self._address.hostname, self._address.port)
        try:
            writer.write(
                f"GET /events/province HTTP/1.1\r\nHost: {self._address.netloc}\r\n"
                "Accept: text/event-stream\r\nAccept-Encoding: gzip\r\n\r\n".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
        except BaseException:
            writer.close()
            raise
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            writer.close()
            raise ValueError(head.decode())
        return reader, writer

    def _read(self, text: bytes) -> bytes:
        """Note what whole events say; return what is not whole yet."""
        *whole, rest = text.split(b"\n\n")
        for event in whole:
            if made := _MADE.search(event):
                self._seen.lags.append(self.came_at - int(made[1]) / 1000)
            if found := _WATCHED.search(event):
                self._seen.changes.setdefault(int(found[1]), self.came_at)
        return rest


async def _back(screens: list[Screen], since: float) -> dict[str, float]:
    """Wait until each has a frame that was made after a moment."""
    came: dict[Screen, float] = {}
    while len(came) < len(screens) and time.time() < since + _BACK_TIMEOUT_SECONDS:
        for screen in screens:
            if screen not in came and screen.came_at > since and screen.made_at() > since:
                came[screen] = screen.came_at
        await asyncio.sleep(0.05)
    last = max(came.values(), default=since)
    return {"seconds": last - since, "missing": len(screens) - len(came)}


async def _run(url: str, count: int, seconds: float) -> None:
    seen = Seen()
    opening = asyncio.Semaphore(_OPENING_AT_ONCE)
    screens = [Screen(url, number < READERS, seen, opening) for number in range(count)]
    tasks = [asyncio.create_task(screen.run()) for screen in screens]
    while seen.frames < 2 * count:  # everybody has heard something
        await asyncio.sleep(0.2)
        for task in tasks:
            if task.done():
                task.result()
    _say("OPEN")
    seen.frames, seen.bytes, seen.lost, seen.lags = 0, 0, 0, []
    await asyncio.sleep(seconds)
    _say(json.dumps(asdict(seen)))
    while line := await asyncio.to_thread(sys.stdin.readline):
        _say(json.dumps(await _back(screens, float(line))))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(_run(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))


if __name__ == "__main__":
    main()
