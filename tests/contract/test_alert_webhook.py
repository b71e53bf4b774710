"""Webhooks and Apprise against a real HTTP receiver: signatures, templates, faults."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from alert_servers import HttpFaults, receiver

from ioc.alerts.channels import Envelope, channel_names, make_channels
from ioc.alerts.channels.apprise_channel import AppriseChannel
from ioc.alerts.channels.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign, verify
from ioc.alerts.channels.webhook import WebhookChannel
from ioc.alerts.channels.webhook_file import Webhook, read_webhooks
from schemas.alert_settings import ChannelSettings
from schemas.errors import ConfigurationError, OutcomeUnknownError, RejectError, RetryError

KEY = "k" * 32
NOW = 1_725_350_400
PHONE = "+84 912 000 000"


def envelope(**changes: Any) -> Envelope:
    given: dict[str, Any] = {
        "message_id": "single/overdue/000.25/zalo",
        "address": PHONE,
        "subject": 'Hồ sơ "000.25" quá hạn',
        "text": 'dòng 1\ndòng "2" & {{ address }} \\ 100%',
        "fields": (("dossier_id", "000.25"),),
    }
    return Envelope(**{**given, **changes})


@asynccontextmanager
async def channel_to(url: str, **webhook: Any) -> AsyncIterator[WebhookChannel]:
    timeout = webhook.pop("timeout_seconds", 20.0)
    channel = WebhookChannel("zalo", Webhook(url=url, **webhook), timeout, lambda: NOW)
    try:
        yield channel
    finally:
        await channel.close()


def key_file(folder: Path, text: str = KEY) -> Path:
    path = folder / "webhook.key"
    path.write_text(text)
    path.chmod(0o600)
    return path


async def test_a_message_is_signed_and_a_repeat_has_the_same_key(tmp_path: Path):
    with receiver() as server:
        async with channel_to(f"{server.url}/in", key_file=key_file(tmp_path)) as channel:
            await channel.send(envelope())
            await channel.send(envelope(is_repeat=True))
            await channel.send(envelope(message_id="another"))
    first, again, other = server.posted
    body = json.loads(first.body)
    assert body == {
        "id": envelope().message_id,
        "to": PHONE,
        "subject": envelope().subject,
        "text": envelope().text,
        "repeat": False,
        "fields": {"dossier_id": "000.25"},
    }
    assert first.path == "/in"
    assert first.headers["content-type"] == "application/json"
    stamp, mark = first.headers[TIMESTAMP_HEADER.lower()], first.headers[SIGNATURE_HEADER.lower()]
    assert stamp == str(NOW)
    assert verify(KEY.encode(), stamp, mark, first.body, NOW + 299)
    assert not verify(KEY.encode(), stamp, mark, first.body, NOW + 301), "played again later"
    assert not verify(KEY.encode(), stamp, mark, first.body + b" ", NOW)
    assert not verify(b"x" * 32, stamp, mark, first.body, NOW)
    assert not verify(KEY.encode(), str(NOW + 1), mark, first.body, NOW)
    name = "idempotency-key"
    assert first.headers[name] == again.headers[name] != other.headers[name]
    assert "x-ioc-repeat" not in first.headers
    assert again.headers["x-ioc-repeat"] == "1"
    assert json.loads(again.body)["text"].startswith("[Gửi lại, có thể trùng]")


@pytest.mark.parametrize("stamp", ["", "now", "-1", "1" * 40, "１７２５"])
def test_a_signature_with_a_strange_time_is_no_signature(stamp: str):
    assert not verify(KEY.encode(), stamp, sign(KEY.encode(), NOW, b""), b"", NOW)


@pytest.mark.parametrize(
    ("faults", "error", "wait"),
    [
        (HttpFaults(500), OutcomeUnknownError, None),
        (HttpFaults(502), OutcomeUnknownError, None),
        (HttpFaults(503, {"Retry-After": "7"}), RetryError, 7),
        (HttpFaults(429, {"Retry-After": "Tue, 03 Sep 2024 08:00:30 GMT"}), RetryError, 30),
        (HttpFaults(429, {"Retry-After": "soon"}), RetryError, None),
        (HttpFaults(401), RetryError, 60),
        (HttpFaults(404), RetryError, 60),
        (HttpFaults(302, {"Location": "http://127.0.0.1:9/"}), RetryError, 60),
        (HttpFaults(400), RejectError, None),
        (HttpFaults(422), RejectError, None),
        (HttpFaults(drop=True), OutcomeUnknownError, None),
        (HttpFaults(hang=True), OutcomeUnknownError, None),
    ],
)
async def test_what_a_failure_becomes(
    faults: HttpFaults,
    error: type[Exception],
    wait: float | None,
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level(logging.DEBUG)
    with receiver() as server:
        server.faults = faults
        limit = 0.5 if faults.hang else 20.0
        async with channel_to(f"{server.url}/k3y", timeout_seconds=limit) as channel:
            with pytest.raises(error) as raised:
                await channel.send(envelope())
            assert type(raised.value) is error
            assert len(server.posted) == 1, "no channel tries again by itself"
    assert getattr(raised.value, "retry_after_seconds", None) == wait
    for secret in (PHONE, "k3y", "dòng"):
        assert secret not in str(raised.value)
        assert secret not in " ".join(line.getMessage() for line in caplog.records)


async def test_a_receiver_that_is_away_was_surely_not_reached():
    with receiver() as server:
        url = server.url
    async with channel_to(url) as channel:
        with pytest.raises(RetryError) as raised:
            await channel.send(envelope())
    assert not isinstance(raised.value, OutcomeUnknownError)


async def test_gateways_are_webhooks_with_a_template(tmp_path: Path):
    token = tmp_path / "token"
    token.write_text("Bearer abc")
    token.chmod(0o600)
    with receiver() as server:
        path = tmp_path / "channels.yaml"
        path.write_text(
            f"""
webhooks:
  zalo:
    url: {server.url}/zalo
    template: |
      {{"phone": {{{{ address | tojson }}}}, "data": {{"text": {{{{ text | tojson }}}},
       "file": {{{{ fields.dossier_id | default("") | tojson }}}}}}}}
    header_files: {{Authorization: {token}}}
  sms:
    url: {server.url}/sms
    content_type: application/x-www-form-urlencoded
    template: to={{{{ address | urlencode }}}}&msg={{{{ subject | urlencode }}}}
""",
            encoding="utf-8",
        )
        settings = ChannelSettings(_env_file=None, channels_file=path)
        assert channel_names(settings) == {"apprise", "zalo", "sms"}
        channels = make_channels(settings)
        for name in ("zalo", "sms"):
            await channels[name].send(envelope())
        for channel in channels.values():
            await channel.close()
    zalo, sms = server.posted
    assert json.loads(zalo.body) == {
        "phone": PHONE,
        "data": {"text": envelope().text, "file": "000.25"},
    }
    assert zalo.headers["authorization"] == "Bearer abc"
    assert parse_qs(sms.body.decode()) == {"to": [PHONE], "msg": [envelope().subject]}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("webhooks: {zalo: {url: 'https://a/', template: '{\"t\": \"{{ text }}\"}'}}", "tojson"),
        ("webhooks: {zalo: {url: 'https://a/', template: '{{ txet }}'}}", "txet"),
        ("webhooks: {zalo: {url: 'https://a/', template: '{% if %}'}}", "template"),
        ("webhooks: {zalo: {url: 'https://a/', template: \"{{ ''.__class__ }}\"}}", "template"),
        ("webhooks: {zalo: {url: 'https://a/', colour: red}}", "zalo.colour"),
        ("webhooks: {zalo: {}}", "url"),
        ("webhooks: {zalo: {url: 'https://a/', headers: {Host: b}}}", "host"),
        ("webhooks: {email: {url: 'https://a/'}}", "'email'"),
        ("webhooks: [", "channels.yaml"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, content: str, says: str):
    path = tmp_path / "channels.yaml"
    path.write_text(content)
    with pytest.raises(ConfigurationError, match=says) as raised:
        read_webhooks(path)
    assert str(path) in str(raised.value)


async def test_wrong_addresses_and_keys_stop_the_start(tmp_path: Path):
    for webhook in (
        Webhook(url="ftp://a/"),
        Webhook(url="https://a/", key_file=key_file(tmp_path, "short")),
        Webhook(url="https://a/", key_file=tmp_path / "none"),
    ):
        with pytest.raises(ConfigurationError):
            WebhookChannel("zalo", webhook, 1.0)
    open_file = key_file(tmp_path)
    open_file.chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        WebhookChannel("zalo", Webhook(url="https://a/", key_file=open_file), 1.0)


async def test_apprise_reaches_what_it_knows(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    channel = AppriseChannel(20.0)
    with receiver() as server:
        host = server.url.removeprefix("http://")
        address = f"json://{host}/hook-s3cret"
        await channel.send(envelope(address=address, is_repeat=True))
        server.faults = HttpFaults(500)
        with pytest.raises(OutcomeUnknownError) as raised:
            await channel.send(envelope(address=address))
        for wrong in ("", "nothing", "file:///tmp/x", "syslog://", "json://"):
            with pytest.raises(RejectError):
                await channel.send(envelope(address=wrong))
    await channel.close()
    assert len(server.posted) == 2
    first = json.loads(server.posted[0].body)
    assert first["title"] == f"[Gửi lại, có thể trùng] {envelope().subject}"
    assert first["message"] == envelope().text
    assert "s3cret" not in str(raised.value)
    warned = [line.getMessage() for line in caplog.records if line.name.startswith("apprise")]
    assert warned == []
