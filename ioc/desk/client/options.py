"""Settings of the desk client, from the environment (IOC_DESK_…), options before it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from ioc.desk.client.errors import SettingsError
from schemas.desk_texts import DeskText

_MEGABYTE = 1_000_000
#: Machines to which a key may go by plain http: this one.
LOCAL_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})


#: Where people put keys into addresses; what is said on a screen may end up in a log.
_SECRET = re.compile(r"(?<=//).*@|[?#].*|(?<=ioc_[0-9a-f]{12}_)[\w-]+")


class Options(NamedTuple):
    """How the client works.

    Attributes:
        url: http(s)://host[:port] of the gateway; empty = only spool.
        key_file: file with the key; else `key`.
        folder: where the spool lies.
        max_bytes: room that the spool may take.
        ca_file: certificate to trust beside the system's own.
        batch_items, batch_bytes: limits of one request.
        timeout_seconds: of one request.
        retry_min_seconds, retry_max_seconds: first and longest wait after a failure.
        allow_plain: send the key by http to other machines too.
        backfill: mark everything as old data loaded later.
    """

    url: str = ""
    key: str = ""
    key_file: Path | None = None
    folder: Path = Path("ioc-spool")
    max_bytes: int = 500 * _MEGABYTE
    ca_file: Path | None = None
    batch_items: int = 500
    batch_bytes: int = _MEGABYTE
    timeout_seconds: float = 30.0
    retry_min_seconds: float = 1.0
    retry_max_seconds: float = 300.0
    allow_plain: bool = False
    backfill: bool = False

    def checked_url(self) -> str:
        """Return the address, without a slash at its end.

        Raises:
            SettingsError: it is missing or wrong, or would carry the key in the clear.
        """
        if not self.url:
            raise SettingsError(DeskText.NO_URL)
        try:
            address = urlsplit(self.url)
            fits = address.scheme in ("http", "https") and address.hostname and address.port != 0
        except ValueError:
            fits = False
        if not fits or address.query or address.fragment or "@" in address.netloc:
            raise SettingsError(DeskText.BAD_URL, url=_SECRET.sub("…", self.url)[:200])
        is_plain = address.scheme == "http" and address.hostname not in LOCAL_HOSTS
        if is_plain and not self.allow_plain:
            raise SettingsError(DeskText.PLAIN_URL, host=address.hostname)
        return self.url.rstrip("/")

    def secret(self) -> str:
        """Return the key.

        Raises:
            SettingsError: there is none, or its file cannot be read.
        """
        key = self.key
        if self.key_file is not None:
            try:
                # The shortest file is one line; PowerShell writes a byte order mark.
                key = self.key_file.read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(DeskText.NO_FILE, path=self.key_file, reason=error) from None
        if not key.strip():
            raise SettingsError(DeskText.NO_KEY)
        return key.strip()


def options_from(environment: Mapping[str, str] | None = None) -> Options:
    """Return the options that the environment sets, defaults for the rest.

    Raises:
        SettingsError: a number is none.
    """
    given = os.environ if environment is None else environment

    def number(name: str, default: float) -> float:
        text = given.get("IOC_DESK_" + name, "")
        try:
            return float(text) if text else default
        except ValueError:
            raise SettingsError(
                DeskText.NO_FILE, path="IOC_DESK_" + name, reason=f'"{text}"'
            ) from None

    def path(name: str) -> Path | None:
        text = given.get("IOC_DESK_" + name, "")
        return Path(text) if text else None

    base = Options()
    return Options(
        url=given.get("IOC_DESK_URL", ""),
        key=given.get("IOC_DESK_KEY", ""),
        key_file=path("KEY_FILE"),
        folder=path("SPOOL") or base.folder,
        max_bytes=int(number("MAX_MEGABYTES", base.max_bytes / _MEGABYTE) * _MEGABYTE),
        ca_file=path("CA_FILE"),
        batch_items=max(1, int(number("BATCH_ITEMS", base.batch_items))),
        timeout_seconds=number("TIMEOUT_SECONDS", base.timeout_seconds),
        retry_min_seconds=number("RETRY_MIN_SECONDS", base.retry_min_seconds),
        retry_max_seconds=number("RETRY_MAX_SECONDS", base.retry_max_seconds),
        allow_plain=given.get("IOC_DESK_ALLOW_PLAIN", "") == "1",
    )
