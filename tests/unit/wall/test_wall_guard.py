"""Who may look at the wall."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from ioc.wall import accounts as accounts_file
from ioc.wall.accounts import Accounts
from ioc.wall.guard import COOKIE, Guard, Secrets, check_exposure, is_loopback
from ioc.wall.sessions import COOKIE as PERSON_COOKIE
from ioc.wall.sessions import Sessions
from ioc.wall.viewer import viewer_of
from schemas.errors import ConfigurationError
from schemas.settings import WallSettings

TOKEN = "0123456789abcdef-token"


TV_TOKEN = "0123456789abcdef-tv"
NOBODY = Accounts(None)
NO_PASSWORD = "mat-khau-dai-1"


async def _hello(_: object) -> PlainTextResponse:
    return PlainTextResponse("figures")


async def _who(request: Request) -> PlainTextResponse:
    viewer = viewer_of(request)
    return PlainTextResponse(f"{viewer.role} {viewer.name}")


APP = Starlette(
    routes=[
        *(Route(path, _hello) for path in ("/", "/frame", "/health", "/alive")),
        Route("/tv", _who),
        Route("/who", _who),
        Route("/marks", _who, methods=["POST"]),
        Route("/login", _who, methods=["GET", "POST"]),
    ]
)


def _client(
    token: str = "",
    hosts: str = "",
    base: str = "http://127.0.0.1:8400",
    tv_token: str = "",
    accounts: Accounts = NOBODY,
    is_open: bool | None = None,
):
    guard = Guard(
        APP,
        Secrets(token, tv_token),
        accounts,
        Sessions(accounts, 3600),
        is_open=not token if is_open is None else is_open,
        allowed_hosts=hosts,
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=guard), base_url=base)


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    path = tmp_path / "users.json"
    accounts_file.put(path, "truc-ban", NO_PASSWORD)
    return Accounts(path)


def _session(accounts: Accounts, now: int, name: str = "truc-ban") -> str:
    response = PlainTextResponse("")
    Sessions(accounts, 3600).open(response, name, now, is_https=False)
    header = response.headers["set-cookie"]
    assert "HttpOnly" in header
    assert "samesite=strict" in header.lower()
    return SimpleCookie(header)[PERSON_COOKIE].value


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path) -> Iterator[None]:
    for name in [name for name in os.environ if name.startswith("IOC_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return


@pytest.mark.parametrize("host", ["127.0.0.1", "127.5.5.5", "::1", "localhost"])
def test_loopback_needs_no_token(host: str):
    assert is_loopback(host)
    assert check_exposure(WallSettings(host=host), NOBODY) == Secrets()


@pytest.mark.parametrize("host", ["192.0.2.1", "::", "10.1.2.3", "ioc.example.vn"])
def test_elsewhere_it_does_not_start_without_one(host: str):
    with pytest.raises(ConfigurationError, match="IOC_WALL_TOKEN_FILE"):
        check_exposure(WallSettings(host=host), NOBODY)
    assert check_exposure(WallSettings(host=host, token=TOKEN), NOBODY) == Secrets(TOKEN)


def test_a_short_token_is_refused():
    with pytest.raises(ConfigurationError, match="16"):
        check_exposure(WallSettings(token="short"), NOBODY)


def test_the_token_file_must_be_its_owners_only(tmp_path):
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    file.chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        check_exposure(WallSettings(host="::", token_file=file), NOBODY)
    file.chmod(0o600)
    assert check_exposure(WallSettings(host="::", token_file=file), NOBODY).token == TOKEN


async def test_a_foreign_name_that_points_here_is_refused():
    """DNS rebinding: a web page's own name, pointed at 127.0.0.1, must not read the wall."""
    async with _client(base="http://evil.example") as client:
        assert (await client.get("/frame")).status_code == 421
    for base in ("http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"):
        async with _client(base=base) as client:
            assert (await client.get("/frame")).text == "figures"
    async with _client(base="http://ioc.example.vn", hosts="a.example, ioc.example.vn") as client:
        assert (await client.get("/frame")).text == "figures"


async def test_nothing_without_the_token():
    async with _client(TOKEN) as client:
        for path in ("/", "/frame", "/frame?token=", f"/frame?token={TOKEN}x", "/?token=é"):
            answer = await client.get(path)
            assert answer.status_code == 401, path
            assert "figures" not in answer.text
        wrong = {"Authorization": "Bearer nonsense", "Cookie": f"{COOKIE}=nonsense"}
        assert (await client.get("/", headers=wrong)).status_code == 401
        # A supervisor has no token, and learns nothing about dossiers.
        assert (await client.get("/health")).status_code == 200
        assert (await client.get("/alive")).status_code == 200


async def test_the_token_becomes_a_cookie_and_leaves_the_address():
    async with _client(TOKEN) as client:
        answer = await client.get(f"/?lang=en&token={TOKEN}&period=week")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/?lang=en&period=week"
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert TOKEN not in cookie
        assert (await client.get("/?lang=en&period=week")).text == "figures"


async def test_the_redirect_stays_on_this_host():
    async with _client(TOKEN) as client:
        answer = await client.get(f"http://127.0.0.1:8400//evil.example/?token={TOKEN}")
        assert answer.headers["location"] == "/evil.example/"


async def test_integrators_show_it_as_a_bearer():
    async with _client(TOKEN) as client:
        answer = await client.get("/frame", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.text == "figures"


@pytest.mark.parametrize("token", ["", TOKEN])
async def test_every_answer_carries_the_safety_headers(token: str):
    async with _client(token) as client:
        policy = (await client.get("/")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_an_account_is_enough_to_be_seen_from_elsewhere(accounts: Accounts):
    assert check_exposure(WallSettings(host="::"), accounts) == Secrets()


def test_the_tvs_token_is_another_one(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="must not be"):
        check_exposure(WallSettings(token=TOKEN, tv_token=TOKEN), NOBODY)


async def test_a_tv_is_let_in_by_its_own_token_and_renews_it():
    async with _client(TOKEN, tv_token=TV_TOKEN) as client:
        assert (await client.get("/who")).status_code == 401
        answer = await client.get(f"/tv?boards=province&token={TV_TOKEN}")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/tv?boards=province"
        assert f"Max-Age={400 * 86_400}" in answer.headers["set-cookie"]
        assert (await client.get("/who")).text == "tv "
        # The page itself renews it, so that no TV is locked out after a year.
        assert COOKIE in (await client.get("/tv")).headers["set-cookie"]
        assert "set-cookie" not in (await client.get("/who")).headers
        # Neither is good for the other's cookie.
        bearer = {"Authorization": f"Bearer {TV_TOKEN}"}
    async with _client(TOKEN, tv_token=TV_TOKEN) as client:
        assert (await client.get("/who", headers=bearer)).text == "tv "


async def test_a_session_ends_and_cannot_be_forged(accounts: Accounts):
    now = int(time.time())
    good = _session(accounts, now)
    name, until, signature = good.split("/")
    wrong = [
        _session(accounts, now - 3601),
        f"{name}/{int(until) + 1}/{signature}",
        f"someone/{until}/{signature}",
        f"{name}/{until}/{signature[:-1]}{'1' if signature.endswith('0') else '0'}",
        f"{name}//{signature}",
        f"{name}/{'9' * 40}/{signature}",
        "nonsense",
    ]
    async with _client(accounts=accounts) as client:
        cookie = {"Cookie": f"{PERSON_COOKIE}={good}"}
        assert (await client.get("/who", headers=cookie)).text == "person truc-ban"
        for each in wrong:
            cookie = {"Cookie": f"{PERSON_COOKIE}={each}"}
            assert (await client.get("/who", headers=cookie)).text == "anyone ", each


async def test_a_new_password_or_no_account_ends_sessions(accounts: Accounts, tmp_path: Path):
    cookie = {"Cookie": f"{PERSON_COOKIE}={_session(accounts, int(time.time()))}"}
    path = tmp_path / "users.json"
    async with _client(accounts=accounts) as client:
        assert (await client.get("/who", headers=cookie)).text == "person truc-ban"
        accounts_file.put(path, "truc-ban", "another-password")
        assert (await client.get("/who", headers=cookie)).text == "anyone "
        fresh = {"Cookie": f"{PERSON_COOKIE}={_session(accounts, int(time.time()))}"}
        assert (await client.get("/who", headers=fresh)).text == "person truc-ban"
        accounts_file.remove(path, "truc-ban")
        assert (await client.get("/who", headers=fresh)).text == "anyone "


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8400"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://127.0.0.1:8400"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
async def test_what_changes_something_must_come_from_this_walls_page(headers, status: int):
    async with _client() as client:
        assert (await client.post("/marks", headers=headers)).status_code == status


async def test_people_are_asked_to_sign_in_and_programs_are_refused(accounts: Accounts):
    async with _client(accounts=accounts, is_open=False) as client:
        page = await client.get("/board/unit?unit=1", headers={"Accept": "text/html"})
        assert page.status_code == 303
        assert page.headers["location"] == "/login?next=/board/unit%3Funit%3D1"
        assert (await client.get("/frame")).status_code == 401
        assert (await client.get("/login")).status_code == 200
