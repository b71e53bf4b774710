"""What messages say: Vietnamese by default, for mail and for shorter channels."""

from ioc.alerts.messages.envelope_parts import Links
from ioc.alerts.messages.render import message_id, render

__all__ = ["Links", "message_id", "render"]
