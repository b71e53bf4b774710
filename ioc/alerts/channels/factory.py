"""Makes the channels that the settings name."""

from __future__ import annotations

from ioc.alerts.channels.apprise_channel import AppriseChannel
from ioc.alerts.channels.channel import Channel
from ioc.alerts.channels.email import EmailChannel
from ioc.alerts.channels.webhook import WebhookChannel
from ioc.alerts.channels.webhook_file import read_webhooks
from schemas.alert_settings import ChannelSettings


def make_channels(settings: ChannelSettings) -> dict[str, Channel]:
    """Return every usable channel by name; connects nothing. Needs a running event loop.

    `email` is there when a mail server is named, `apprise` always, and each webhook of the file
    by its own name.

    Raises:
        ConfigurationError: a setting or file is wrong; says which.
    """
    channels: list[Channel] = [AppriseChannel(settings.apprise_timeout_seconds)]
    if settings.smtp_host:
        channels.append(EmailChannel(settings))
    if settings.channels_file is not None:
        for name, webhook in read_webhooks(settings.channels_file).items():
            channels.append(WebhookChannel(name, webhook, settings.webhook_timeout_seconds))
    return {channel.name: channel for channel in channels}


def channel_names(settings: ChannelSettings) -> frozenset[str]:
    """Return the names that people files may use; reads only the file of webhooks."""
    names = {"apprise"}
    if settings.smtp_host:
        names.add("email")
    if settings.channels_file is not None:
        names.update(read_webhooks(settings.channels_file))
    return frozenset(names)
