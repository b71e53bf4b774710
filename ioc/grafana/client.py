"""Grafana's HTTP interface through the package grafana-api, with errors that say what to do.

What the package does and this module makes up for (release 1.0.3): it knows no plugins, health,
provisioning or playlists, so those go through its raw verbs; it calls `json()` on every answer and
so fails on a success without a body; it follows redirects, by which a POST becomes a GET; 403, 404,
409 and 412 are one error class, told apart by `status_code`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import requests
from grafana_api.grafana_api import GrafanaClientError, GrafanaServerError
from grafana_api.grafana_face import GrafanaFace

from ioc.grafana.address import Address, read_address
from schemas.errors import ConfigurationError, IocError, RetryError
from schemas.grafana_texts import GrafanaSaid
from schemas.settings import GrafanaSettings

_CONFLICTS = frozenset({409, 412})
#: What is published may be changed by hand as well; without this Grafana locks alert resources.
_OPEN_TO_EDITORS = {"X-Disable-Provenance": "true"}


class RefusedError(IocError):
    """Grafana understood and said no; `status` and `reason` are its own."""

    def __init__(self, message: str, status: int, reason: str) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason


class GrafanaClient:
    """Asks one Grafana; every call blocks for as long as the settings allow.

    All verbs raise:
        ConfigurationError: address, token or rights are wrong, or this is no Grafana.
        RetryError: it does not answer, or somebody changed the same thing at the same time.
        RefusedError: any other refusal.
    """

    def __init__(self, settings: GrafanaSettings, language: str) -> None:
        """Prepare; nothing is sent yet.

        Raises:
            ConfigurationError: address or token are missing or malformed.
        """
        self._language = language
        self.address: Address = read_address(settings.url, "IOC_GRAFANA_URL", language)
        token = settings.secret().get_secret_value()
        if not token:
            raise ConfigurationError(self._say(GrafanaSaid.NO_TOKEN))
        host = f"[{self.address.host}]" if ":" in self.address.host else self.address.host
        self._face = GrafanaFace(
            auth=token,
            host=host,
            port=self.address.port,
            url_path_prefix=f"{self.address.path}/" if self.address.path else "",
            protocol=self.address.scheme,
            verify=str(settings.ca_file) if settings.ca_file else True,
            timeout=settings.timeout_seconds,
        )
        self._face.api.s.max_redirects = 0

    def find(self, path: str, name: str) -> Any | None:
        """Return what is stored there, None if nothing is (404)."""
        try:
            return self._send("GET", path, name, GrafanaSaid.ACT_LOOK)
        except RefusedError as error:
            if error.status == requests.codes.not_found:
                return None
            raise

    def create(self, path: str, body: object, name: str) -> Any:
        """Send a new resource."""
        return self._send("POST", path, name, GrafanaSaid.ACT_SAVE, body)

    def replace(self, path: str, body: object, name: str) -> Any:
        """Send a resource in place of what is there."""
        return self._send("PUT", path, name, GrafanaSaid.ACT_SAVE, body)

    def _send(
        self, verb: str, path: str, name: str, action: GrafanaSaid, body: object = None
    ) -> Any:
        call = getattr(self._face.api, verb)
        doing = self._say(action, name=name)
        url = self.address.url
        try:
            return call(path, json=body, headers=_OPEN_TO_EDITORS)
        except GrafanaServerError as error:
            reason = _reason(error)
            raise RetryError(
                self._say(
                    GrafanaSaid.SERVER_ERROR,
                    url=url,
                    status=error.status_code,
                    action=doing,
                    reason=reason,
                )
            ) from None
        except GrafanaClientError as error:
            raise self._refusal(error, name, doing) from None
        except requests.JSONDecodeError as error:
            if not error.doc.strip():
                return None  # done, and nothing to tell
            raise ConfigurationError(self._say(GrafanaSaid.NOT_GRAFANA, url=url)) from None
        except requests.TooManyRedirects:
            raise ConfigurationError(self._say(GrafanaSaid.REDIRECTED, url=url)) from None
        except requests.exceptions.InvalidHeader:
            raise ConfigurationError(self._say(GrafanaSaid.BAD_TOKEN)) from None
        except (requests.RequestException, OSError) as error:
            reason = _root(error)
            raise RetryError(self._say(GrafanaSaid.UNREACHABLE, url=url, reason=reason)) from None

    def _refusal(self, error: GrafanaClientError, name: str, doing: str) -> IocError:
        status, reason = error.status_code, _reason(error)
        if status == requests.codes.unauthorized:
            return ConfigurationError(self._say(GrafanaSaid.BAD_TOKEN))
        if status == requests.codes.forbidden:
            return ConfigurationError(self._say(GrafanaSaid.NO_RIGHTS, action=doing))
        if status in _CONFLICTS:
            return RetryError(self._say(GrafanaSaid.CONFLICT, name=name, status=status))
        if "provisioned" in reason.lower():
            return ConfigurationError(self._say(GrafanaSaid.PROVISIONED, name=name))
        text = self._say(GrafanaSaid.REFUSED, name=name, status=status, reason=reason)
        return RefusedError(text, status, reason)

    def _say(self, text: GrafanaSaid, **values: object) -> str:
        return text.in_language(self._language, **values)


def segment(name: str) -> str:
    """Return a name as one segment of a path."""
    return quote(name, safe="")


def _reason(error: Any) -> str:
    answer = error.response
    if isinstance(answer, dict):
        return str(answer.get("message") or answer)[:300]
    return str(answer)[:300]


def _root(error: BaseException) -> str:
    """Return the innermost cause: requests wraps a refused connection four times."""
    while True:
        inner = getattr(error, "reason", None) or next(
            (each for each in error.args if isinstance(each, BaseException)), error.__cause__
        )
        if not isinstance(inner, BaseException):
            break
        error = inner
    return str(getattr(error, "strerror", None) or error)[:200]
