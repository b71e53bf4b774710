"""The event contract: what a desk's software says about a dossier."""

from schemas.calendar.limits import LimitUnit
from schemas.events.decode import decode_event
from schemas.events.model import SCHEMA_VERSION, Apology, DossierEvent, Leg, Status
from schemas.events.record import EventRecord, LegRecord

__all__ = [
    "SCHEMA_VERSION",
    "Apology",
    "DossierEvent",
    "EventRecord",
    "Leg",
    "LegRecord",
    "LimitUnit",
    "Status",
    "decode_event",
]
