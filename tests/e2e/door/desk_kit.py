"""Desks in tests of the whole: their events, a line that is cut, what the warehouse then holds."""

from __future__ import annotations

import datetime as dt
import http.client
import socket
import threading
from typing import Any
from urllib.parse import urlsplit

from rig import Rig

from dashboards.query import load_query

#: A table of another shape, see docs/connect.md.
MAPPING = """\
source: whatever
shape: csv
times: ["%d/%m/%Y %H:%M"]
fields:
  dossier_id: Số hồ sơ
  authority: {from: Đơn vị, as: unit}
events:
  - {status: 2, occurred_at: Ngày nhận, received_at: Ngày nhận}
  - {status: 9, occurred_at: Ngày xong}
"""


class CutLine:
    """A line that takes requests to the gateway and is cut before some of the answers."""

    def __init__(self, target: str) -> None:
        self._target = urlsplit(target)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.requests = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(line,), daemon=True).start()

    def _carry(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as file:
            self.requests += 1
            number = self.requests
            head = file.readline().split()
            headers = http.client.parse_headers(file)
            body = file.read(int(headers["Content-Length"]))
            if number % 3 == 1:
                return  # cut before the request arrives
            out = http.client.HTTPConnection(self._target.hostname, self._target.port, timeout=60)
            out.request("POST", head[1].decode(), body, dict(headers.items()))
            answer = out.getresponse()
            said = answer.read()
            out.close()
            if number % 3 == 2:
                return  # saved, but the answer never comes
            line.sendall(
                b"HTTP/1.1 %d X\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                % (answer.status, len(said))
                + said
            )


def balance(rig: Rig, first: dt.date, last: dt.date) -> dict[str, int]:
    """What the wall's first page shows of a period, by the catalogue's own SQL."""
    query = load_query("balance")
    values: dict[str, Any] = {"from_day": first, "to_day": last}
    answer = rig.client.query(
        query.text, parameters={name: values[name] for name in query.parameters}
    )
    return dict(zip(answer.column_names, answer.result_rows[0], strict=True))


def event(number: int, source: str, **changes: Any) -> dict[str, Any]:
    return {
        "event_id": f"e{number}",
        "source": source,
        "dossier_id": f"{source}-{number % 40}",
        "status": 2 if number < 40 else 4 if number < 80 else 9,
        "occurred_at": f"2024-0{1 + number // 40}-03T08:15:00+07:00",
        "receiver": "04795",
        **changes,
    }


def counted(rig: Rig, source: str) -> tuple[int, int]:
    """Records of a source in the topic's log, and distinct ones."""
    return rig.rows(
        "SELECT count(), uniqExact(event_id, content_hash) FROM dossier_events FINAL"
        " WHERE source = {source:String}",
        source=source,
    )[0]


def states(rig: Rig, prefix: str) -> dict[str, tuple[Any, ...]]:
    rows = rig.rows(
        "SELECT dossier_id, status, toString(verdict), authority FROM dossiers FINAL"
        " WHERE startsWith(dossier_id, {prefix:String})",
        prefix=prefix,
    )
    return {row[0]: row[1:] for row in rows}
