"""How messages reach people."""

from ioc.alerts.channels.channel import Channel
from ioc.alerts.channels.envelope import Attachment, Envelope
from ioc.alerts.channels.factory import channel_names, make_channels

__all__ = ["Attachment", "Channel", "Envelope", "channel_names", "make_channels"]
