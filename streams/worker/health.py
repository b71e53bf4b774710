"""`GET /health` of a worker: a thread of its own, so that it answers while the loop is busy."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Report = Callable[[], tuple[bool, dict[str, Any]]]


def serve_health(port: int, report: Report, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """Serve until the process ends; 200 while healthy, else 503. Raises `OSError` on a used port.

    Args:
        port: 0 = any free one (`server_port` of the result).
        report: quick; says whether the worker is healthy, and the details as JSON.
        host: address to listen on.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/health":
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            healthy, details = report()
            body = json.dumps(details).encode()
            status = HTTPStatus.OK if healthy else HTTPStatus.SERVICE_UNAVAILABLE
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Stay silent: a probe every second is no news."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server
