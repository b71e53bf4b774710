"""Sessions of people who signed in: a signed cookie with an end, nothing kept on the server."""

from __future__ import annotations

import hmac

from starlette.responses import Response

from ioc.wall.accounts import Accounts
from ioc.wall.viewer import Role, Viewer

COOKIE = "ioc_wall_person"


class Sessions:
    """Makes and reads the cookie."""

    def __init__(self, accounts: Accounts, length_seconds: int) -> None:
        self._accounts = accounts
        self._length_seconds = length_seconds

    def open(self, response: Response, name: str, now: int, is_https: bool) -> None:
        """Put a session of an existing account into an answer.

        Raises:
            KeyError: the account is gone.
        """
        until = now + self._length_seconds
        signature = self._sign(name, until)
        if signature is None:
            raise KeyError(name)
        response.set_cookie(
            COOKIE,
            f"{name}/{until}/{signature}",
            max_age=self._length_seconds,
            httponly=True,
            samesite="strict",
            secure=is_https,
        )

    def close(self, response: Response) -> None:
        """Take the session out of the browser."""
        response.delete_cookie(COOKIE, httponly=True, samesite="strict")

    def read(self, cookie: str, now: int) -> Viewer | None:
        """Return whose session it is; None if it is over, forged, or its account changed."""
        name, _, rest = cookie.partition("/")
        until, _, signature = rest.partition("/")
        if not until.isascii() or not until.isdigit() or not now < int(until[:12]):
            return None
        expected = self._sign(name, int(until))
        if expected is None or not hmac.compare_digest(signature.encode(), expected.encode()):
            return None
        return Viewer(Role.PERSON, name, int(until), signature)

    def stands(self, viewer: Viewer, now: int) -> bool:
        """Whether a person's session has not ended since, nor their password or account changed."""
        expected = self._sign(viewer.name, viewer.until)
        return now < viewer.until and expected == viewer.proof

    def _sign(self, name: str, until: int) -> str | None:
        key = self._accounts.signing_key(name)
        if key is None:
            return None
        return hmac.digest(key, f"ioc wall session/{name}/{until}".encode(), "sha256").hex()
