"""Channels that post to an address: Zalo and SMS gateways, other systems."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import logging
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from ioc.alerts.channels.envelope import Envelope
from ioc.alerts.channels.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from ioc.alerts.channels.webhook_file import Webhook, compile_template, fill
from schemas.alert_texts import AlertText
from schemas.errors import OutcomeUnknownError, RejectError, RetryError

REPEAT_HEADER = "X-IOC-Repeat"
_AT_ONCE = 8
_SETUP_WAIT_SECONDS = 60.0
_LONGEST_WAIT_SECONDS = 3600.0
#: The receiver says "not now", or the set-up is wrong (key, path): neither is the message's fault.
_NOT_NOW = frozenset({408, 409, 423, 425, 429})
_SETUP = frozenset({401, 402, 403, 404, 405, 407})


class WebhookChannel:
    """One webhook of the file.

    A repeat carries the same `Idempotency-Key`, by which a receiver can drop it, and says so in
    the header `X-IOC-Repeat` and, as every channel, in its text.
    """

    def __init__(
        self,
        name: str,
        webhook: Webhook,
        timeout_seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Connect nothing yet.

        Raises:
            ConfigurationError: address, key or a file of the webhook is wrong.
        """
        self.name = name
        self._url = webhook.address()
        key = webhook.key()
        self._key = key.get_secret_value().encode() if key else None
        self._headers = {**webhook.all_headers(), "Content-Type": webhook.content_type}
        self._template = compile_template(webhook.template)
        self._timeout_seconds = timeout_seconds
        self._clock = clock
        self._turns = asyncio.Semaphore(_AT_ONCE)
        # They log addresses, which may hold tokens.
        for library in ("httpx", "httpcore"):
            logging.getLogger(library).setLevel(logging.WARNING)
        # No redirects: a body with an address goes where the file says and nowhere else.
        self._client = httpx.AsyncClient(
            timeout=timeout_seconds, follow_redirects=False, trust_env=False
        )

    async def send(self, envelope: Envelope) -> None:
        """Post one message; see `Channel`."""
        body = fill(self._template, _marked(envelope))
        async with self._turns:
            now = int(self._clock())
            headers = {**self._headers, "Idempotency-Key": idempotency_key(envelope.message_id)}
            if envelope.is_repeat:
                headers[REPEAT_HEADER] = "1"
            if self._key is not None:
                headers[TIMESTAMP_HEADER] = str(now)
                headers[SIGNATURE_HEADER] = sign(self._key, now, body)
            status, retry_after = await self._post(headers, body)
        self._judge(status, retry_after)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _post(self, headers: dict[str, str], body: bytes) -> tuple[int, str]:
        try:
            async with asyncio.timeout(self._timeout_seconds):
                # The answer's body is not read: nothing in it is needed, and it may be endless.
                async with self._client.stream(
                    "POST", self._url, headers=headers, content=body
                ) as response:
                    return response.status_code, response.headers.get("Retry-After", "")
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise RetryError(f"{self.name} cannot be reached: {type(error).__name__}") from None
        except (httpx.HTTPError, TimeoutError) as error:
            raise OutcomeUnknownError(
                f"{self.name} fell silent after the message: {type(error).__name__}"
            ) from None

    def _judge(self, status: int, retry_after: str) -> None:
        if 200 <= status < 300:
            return
        if status in _SETUP or 300 <= status < 400:
            raise RetryError(
                f"{self.name} answers {status}: its address or key does not fit",
                retry_after_seconds=_SETUP_WAIT_SECONDS,
            )
        if status in _NOT_NOW:
            raise RetryError(
                f"{self.name} answers {status}",
                retry_after_seconds=_seconds(retry_after, self._clock()),
            )
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            raise RetryError(
                f"{self.name} answers 503",
                retry_after_seconds=_seconds(retry_after, self._clock()),
            )
        if status >= 500:
            # A gateway that fails may have passed the message on before.
            raise OutcomeUnknownError(f"{self.name} answers {status}")
        raise RejectError("refused", f"{self.name} answers {status}: it does not take this message")


def idempotency_key(message_id: str) -> str:
    """Return the value of the header for a message; the same for every attempt."""
    return hashlib.sha256(message_id.encode()).hexdigest()[:32]


def _marked(envelope: Envelope) -> Envelope:
    if not envelope.is_repeat:
        return envelope
    mark = AlertText.REPEAT.in_language(envelope.language)
    return Envelope(
        message_id=envelope.message_id,
        address=envelope.address,
        subject=f"[{mark}] {envelope.subject}",
        text=f"[{mark}]\n{envelope.text}",
        html=envelope.html,
        is_repeat=True,
        language=envelope.language,
        fields=envelope.fields,
    )


def _seconds(retry_after: str, now: float) -> float | None:
    """Return the seconds of a `Retry-After` header, None if it says nothing usable."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), _LONGEST_WAIT_SECONDS)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=dt.UTC)
    return min(max(at.timestamp() - now, 0.0), _LONGEST_WAIT_SECONDS)
