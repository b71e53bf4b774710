"""The pages of a worker: a thread of its own, so that it answers while the loop is busy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

#: Status, content type, body.
Answer = tuple[HTTPStatus, str, bytes]
#: Makes the answer of one path; quick, never raises. Runs in a thread of the request.
Page = Callable[[], Answer]

#: A client that sends nothing must not hold a thread for good.
_TIMEOUT_SECONDS = 10.0


def serve_pages(port: int, pages: Mapping[str, Page], host: str = "127.0.0.1") -> int:
    """Serve GET and HEAD until the process ends; return the port. Raises `OSError` on a used one.

    Args:
        port: 0 = any free one.
        pages: by path, without query.
        host: address to listen on.
    """

    class Handler(BaseHTTPRequestHandler):
        timeout = _TIMEOUT_SECONDS

        def do_GET(self) -> None:
            page = pages.get(self.path.partition("?")[0])
            if page is None:
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            status, content_type, body = page()
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:
            """Stay silent: a probe every second is no news."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server.server_port
