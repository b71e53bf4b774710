"""Grafana's address, taken apart as its client wants it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from schemas.errors import ConfigurationError
from schemas.grafana_texts import GrafanaSaid


@dataclass(frozen=True, slots=True)
class Address:
    """Parts of a URL; the path has no slash at its ends."""

    scheme: str
    host: str
    port: int | None
    path: str

    @property
    def url(self) -> str:
        """The URL without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port is None else f":{self.port}"
        path = f"/{self.path}" if self.path else ""
        return f"{self.scheme}://{host}{port}{path}"


def read_address(url: str, name: str, language: str) -> Address:
    """Take a URL apart.

    Raises:
        ConfigurationError: it is empty or no http(s) URL; the message names the setting.
    """
    if not url:
        raise ConfigurationError(GrafanaSaid.NO_URL.in_language(language))
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    wrong = parts.username or parts.query or parts.fragment or port == -1
    if parts.scheme not in ("http", "https") or not parts.hostname or wrong:
        raise ConfigurationError(GrafanaSaid.BAD_URL.in_language(language, name=name))
    return Address(parts.scheme, parts.hostname, port, parts.path.strip("/"))
