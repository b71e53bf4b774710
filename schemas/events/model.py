"""`DossierEvent`: one status event of one dossier, as it travels through Kafka.

Strict where wrong data would falsify a number (status, times, identities), lenient to
unknown fields: systems add fields over the years, and a field that this release does not
know must not cost an event.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from schemas.calendar.limits import LimitUnit

#: Version of the message format. Raised only by an incompatible change.
SCHEMA_VERSION = 1


class Status(IntEnum):
    """National status codes of a dossier (TrangThaiHoSo)."""

    REGISTERED = 1
    ACCEPTED = 2
    REFUSED = 3
    PROCESSING = 4
    SUPPLEMENT_REQUESTED = 5
    PAYMENT_REQUESTED = 6
    WITHDRAWN = 7
    STOPPED = 8
    RESOLVED = 9
    RETURNED = 10


# Control characters would break logs, file names and terminal output.
_TEXT = r"^[^\x00-\x1f\x7f]+$"
Identifier = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128, pattern=_TEXT)
]
Code = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=_TEXT)
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Apology(_Part):
    """A written apology for a delay (Mẫu 04, TT 03/2025), usually with a new date."""

    issued_at: AwareDatetime = Field(description="When the apology was signed.")
    new_due_at: AwareDatetime | None = Field(
        default=None, description="New date promised by it; it wins over shifted due times."
    )


class Leg(_Part):
    """One agency's part of an interconnected procedure (liên thông)."""

    number: int = Field(ge=1, le=99, description="Position in the chain, from 1.")
    unit: Code | None = Field(default=None, description="Code of the agency that has this leg.")
    started_at: AwareDatetime | None = Field(default=None, description="Start of the leg.")
    due_at: AwareDatetime | None = Field(default=None, description="Due time of the leg.")
    limit_unit: LimitUnit | None = Field(default=None, description="Unit of the leg's limit.")
    ended_at: AwareDatetime | None = Field(default=None, description="End of the leg.")


class DossierEvent(BaseModel):
    """One status event of one dossier.

    An event is identified by `(dossier_id, source, event_id)`; sending it again is harmless.
    Every attribute but the identity, the status and the time may be left out: the last event
    that carries one decides (see docs/fold.md).
    """

    model_config = ConfigDict(extra="ignore", frozen=True, title="DossierEvent")

    schema_version: Literal[1] = Field(default=1, description="Version of this format.")
    event_id: Identifier = Field(description="Identity of the event within its source.")
    source: Code = Field(description="System that sends the event, e.g. 'motcua-hoabinh'.")
    dossier_id: Identifier = Field(description="Dossier code (mã hồ sơ), opaque text.")
    status: int = Field(ge=1, le=10, description="National status code 1-10 (TrangThaiHoSo).")
    occurred_at: AwareDatetime = Field(description="When it happened, with UTC offset.")
    sequence: int | None = Field(
        default=None,
        ge=0,
        lt=2**53,
        description="Counter of the source; within one source it orders events before time does.",
    )
    receiver: Code | None = Field(default=None, description="Unit where it was handed in.")
    authority: Code | None = Field(
        default=None, description="Unit competent to decide; defaults to the receiver."
    )
    handler: Code | None = Field(
        default=None, description="Unit that has it now; defaults to the authority."
    )
    leg: Leg | None = Field(default=None, description="Leg of an interconnected procedure.")
    procedure: Code | None = Field(default=None, description="Procedure id (mã TTHC).")
    field: Code | None = Field(default=None, description="Field code (lĩnh vực).")
    channel: Annotated[int, Field(ge=1, le=3)] | None = Field(
        default=None, description="1 counter, 2 online, 3 postal (KenhThucHien)."
    )
    online_level: Literal["full", "partial", "none"] | None = Field(
        default=None, description="Level of the online service (toàn trình, một phần)."
    )
    registered_at: AwareDatetime | None = Field(default=None, description="Online registration.")
    received_at: AwareDatetime | None = Field(default=None, description="Receipt (NgayTiepNhan).")
    due_at: AwareDatetime | None = Field(default=None, description="Promised date (NgayHenTra).")
    limit_unit: LimitUnit | None = Field(
        default=None, description="Unit of the limit; working_days when nobody says."
    )
    supplement_due_at: AwareDatetime | None = Field(
        default=None, description="New date after a supplement (NgayHenTraMoi)."
    )
    apology: Apology | None = Field(default=None, description="Apology with a new date.")
    backfill: bool = Field(
        default=False, description="Old data loaded later: counted, but alerts nobody one by one."
    )
    extras: dict[str, Any] | None = Field(
        default=None,
        max_length=32,
        description="Room for later kinds (payment, satisfaction …); kept out of the warehouse.",
    )


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of `DossierEvent` as `ioc schema` writes it."""
    schema = DossierEvent.model_json_schema()
    schema["$id"] = f"dossier-event.v{SCHEMA_VERSION}.json"
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema
