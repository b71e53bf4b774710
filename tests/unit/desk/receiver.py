"""A real HTTP receiver with the gateway's answers, and the faults of real lines."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: Receives (path, items) and returns status, headers, document; None = cut the line.
Answer = tuple[int, dict[str, str], Any] | None


class Receiver:
    """Listens on the loopback; `answer` may be changed at any time.

    Attributes:
        stored: event id (or dossier and times of a national entry) -> how often it was stored.
        order: dossier ids and event ids as they were stored first.
        requests: paths that were asked, with their headers.
    """

    def __init__(self) -> None:
        self.stored: dict[str, int] = {}
        self.order: list[tuple[str, str]] = []
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.answer: Callable[[list[Any]], Answer] = self.take
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                receiver.requests.append((self.path, dict(self.headers)))
                if "/v1/sync" in self.path:
                    items = json.loads(body)["data"]
                else:
                    items = [json.loads(line) for line in body.splitlines()]
                answer = receiver.answer(items)
                if answer is None:
                    self.close_connection = True
                    return
                status, headers, document = answer
                text = document if isinstance(document, bytes) else json.dumps(document).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, items: list[Any]) -> Answer:
        """Store everything."""
        return (
            200,
            {},
            {"results": [self.result(number, item) for number, item in enumerate(items)]},
        )

    def take_first(self, count: int) -> Callable[[list[Any]], Answer]:
        """Store and answer for the first items only: a partial answer."""
        return lambda items: self.take(items[:count])

    def result(self, number: int, item: dict[str, Any]) -> dict[str, Any]:
        """Store one item; its result as the gateway words it."""
        name = str(item.get("event_id") or item)
        known = name in self.stored
        self.stored[name] = self.stored.get(name, 0) + 1
        if not known:
            self.order.append((str(item.get("dossier_id")), name))
        return {"index": number, "outcome": "duplicate" if known else "accepted"}
