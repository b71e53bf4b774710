"""The people file: who answers for which unit, who stands in, and how they are reached.

It holds contact details, so others must not be able to read it, and nothing of it but ids, titles
and roles leaves the process that reads it.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from schemas.alerting.names import Role

_ID = r"^[a-z0-9][a-z0-9._-]{0,63}$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class PostEntry(_Strict):
    """What somebody is to a unit."""

    role: Role = Field(description="The role.")
    unit: Annotated[str, Field(min_length=1)] = Field(description="Code of the unit.")
    fields: frozenset[str] = Field(default=frozenset(), description="Fields; empty = all.")


class AbsenceEntry(_Strict):
    """Days on which somebody is away."""

    first: dt.date = Field(alias="from", description="First day.")
    last: dt.date = Field(alias="to", description="Last day.")
    deputy: str = Field(default="", description="Who stands in; empty = the usual deputy.")

    @model_validator(mode="after")
    def _check(self) -> AbsenceEntry:
        if self.last < self.first:
            raise ValueError("an absence ends before it begins")
        return self


class PersonEntry(_Strict):
    """One person."""

    id: str = Field(pattern=_ID, description="Stands in ledgers and answers; no name in it.")
    title: str = Field(min_length=1, max_length=120, description="How messages address the person.")
    language: Literal["vi", "en"] = Field(default="vi", description="Of the messages.")
    posts: tuple[PostEntry, ...] = Field(min_length=1, description="Roles and units.")
    contacts: dict[str, SecretStr] = Field(
        min_length=1,
        description="Channel to address; the first is used, the next when it is given up.",
    )
    deputy: str = Field(default="", description="Id of who stands in during absences.")
    absences: tuple[AbsenceEntry, ...] = Field(default=(), description="When the person is away.")
    may_silence: bool = Field(default=False, description="May silence rules of the own units.")


class PeopleFile(_Strict):
    """The whole file."""

    version: Literal[1] = Field(description="Of the file's format.")
    people: tuple[PersonEntry, ...] = Field(min_length=1, description="Everybody.")
