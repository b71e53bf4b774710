"""Who looks, and what that lets them do."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from starlette.requests import Request


class Role(StrEnum):
    """How somebody came in; only a person sees single dossiers and sets marks."""

    ANYONE = "anyone"
    TOKEN = "token"  # noqa: S105 - a word, no secret
    TV = "tv"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who sent a request.

    Attributes:
        role: how they came in.
        name: of the account, empty unless a person.
        until: epoch seconds at which a person's session ends, 0 unless a person.
        proof: what their session was signed with, empty unless a person.
    """

    role: Role
    name: str = ""
    until: int = 0
    proof: str = field(default="", repr=False)

    @property
    def is_signed_in(self) -> bool:
        """Whether it is a person with an account."""
        return self.role is Role.PERSON


def viewer_of(request: Request) -> Viewer:
    """Return whom the guard let in."""
    viewer: Viewer = request.state.viewer
    return viewer
