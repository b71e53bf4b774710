"""A real child process with a health page; what it does is told by its environment.

TINY_PORT: where /health is served. TINY_FOLDER: the file `sick` in it makes /health answer 503,
`broken` makes a start fail with code 3, `deaf` makes SIGTERM be ignored.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER = Path(os.environ["TINY_FOLDER"])


class Health(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(503 if (FOLDER / "sick").exists() else 200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


def main() -> None:
    if (FOLDER / "broken").exists():
        sys.stderr.write("tiny part is broken\n")
        sys.exit(3)
    ended = threading.Event()
    if not (FOLDER / "deaf").exists():
        signal.signal(signal.SIGTERM, lambda *_: ended.set())
    else:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["TINY_PORT"])), Health)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write("READY\n")
    sys.stdout.flush()
    ended.wait()


main()
