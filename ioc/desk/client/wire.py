"""One request to the gateway at a time, over a connection that is kept."""

from __future__ import annotations

import gzip
import http.client
import ssl
import time
import urllib.request
from base64 import b64encode
from collections.abc import Sequence
from email.utils import formatdate
from typing import Union
from urllib.parse import SplitResult, unquote, urlsplit

from ioc.desk.client.answer import Meaning, Wait, meaning_of, server_epoch
from ioc.desk.client.errors import DeskError, SettingsError
from ioc.desk.client.failpoints import reached
from ioc.desk.client.item import Item, Kind
from ioc.desk.client.options import LOCAL_HOSTS, Options
from schemas.desk_texts import DeskText

_MOST_ANSWER_BYTES = 16_000_000
_GZIP_FROM_BYTES = 1_000
_Connection = Union[http.client.HTTPConnection, http.client.HTTPSConnection]


class Wire:
    """The way to the gateway; not for several threads at once.

    Attributes:
        skew_seconds: how far this machine's clock is ahead of the server's, by the last answer;
            None before one came.
    """

    def __init__(self, options: Options) -> None:
        """Check address and key; nothing is sent yet.

        Raises:
            SettingsError: one of them is missing or wrong.
        """
        self._address = urlsplit(options.checked_url())
        self._options = options
        self._authorization = "Bearer " + options.secret()
        self._connection: _Connection | None = None
        self.skew_seconds: float | None = None

    def send(self, items: Sequence[Item]) -> Meaning:
        """Send items of one kind; blocks up to the time-out; never raises for a bad line."""
        kind = items[0].kind
        path, body, media = _request(kind, [item.body for item in items], self._options.backfill)
        headers = {
            "Authorization": self._authorization,
            "Content-Type": media,
            "Accept": "application/json, application/problem+json",
            "User-Agent": "ioc-desk/1",
            # By it the gateway measures how wrong this machine's clock is.
            "Date": formatdate(usegmt=True),
        }
        if len(body) >= _GZIP_FROM_BYTES:
            body = gzip.compress(body, 3)
            headers["Content-Encoding"] = "gzip"
        reached("before_send")
        # An idle connection may be gone by now; that says nothing about the line.
        for attempt in (1, 2):
            kept = self._connection is not None
            try:
                return self._exchange(path, body, headers)
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.close()
                if not kept or attempt == 2:
                    reason = str(error) or type(error).__name__
                    return Wait(DeskError(DeskText.LINE_AWAY, reason=reason[:200]))
        raise AssertionError("the second attempt returns")

    def close(self) -> None:
        """Close the connection; the next call opens another one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exchange(self, path: str, body: bytes, headers: dict[str, str]) -> Meaning:
        if self._connection is None:
            self._connection = self._connect()
        base = self._address.path.rstrip("/")
        self._connection.request("POST", base + path, body, headers)
        answer = self._connection.getresponse()
        said = answer.read(_MOST_ANSWER_BYTES)
        if answer.will_close or not answer.isclosed():
            self.close()
        reached("after_answer")
        known = {name.lower(): value for name, value in answer.getheaders()}
        server = server_epoch(known)
        if server is not None:
            self.skew_seconds = time.time() - server
        return meaning_of(answer.status, known, said)

    def _connect(self) -> _Connection:
        host, secure = self._address.hostname or "", self._address.scheme == "https"
        port = self._address.port or (443 if secure else 80)
        limit = self._options.timeout_seconds
        context = _trust(self._options) if secure else None
        proxy = _proxy(self._address)
        to_host, to_port = (host, port) if proxy is None else (proxy.hostname or "", proxy.port)
        made: _Connection
        if context is not None:
            made = http.client.HTTPSConnection(to_host, to_port, timeout=limit, context=context)
        else:
            made = http.client.HTTPConnection(to_host, to_port, timeout=limit)
        if proxy is not None:
            made.set_tunnel(host, port, _proxy_headers(proxy))
        return made


def _request(kind: Kind, bodies: list[bytes], backfill: bool) -> tuple[str, bytes, str]:
    query = "?backfill=true" if backfill else ""
    if kind is Kind.NATIONAL:
        data = b",".join(bodies)
        body = b'{"service":"DongBoHoSoMC","data":[' + data + b"]}"
        return "/v1/sync" + query, body, "application/json"
    return "/v1/events" + query, b"\n".join(bodies) + b"\n", "application/x-ndjson"


def _trust(options: Options) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context()
        if options.ca_file is not None:
            context.load_verify_locations(str(options.ca_file))
    except OSError as error:
        raise SettingsError(DeskText.NO_FILE, path=options.ca_file, reason=error) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _proxy(address: SplitResult) -> SplitResult | None:
    """Return the proxy that the system's settings name for this address, if any."""
    host = address.hostname or ""
    if host in LOCAL_HOSTS or urllib.request.proxy_bypass(host):
        return None
    found = urllib.request.getproxies().get(address.scheme, "")
    if not found:
        return None
    return urlsplit(found if "://" in found else "http://" + found)


def _proxy_headers(proxy: SplitResult) -> dict[str, str]:
    if not proxy.username:
        return {}
    user = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": "Basic " + b64encode(user.encode("utf-8")).decode("ascii")}
