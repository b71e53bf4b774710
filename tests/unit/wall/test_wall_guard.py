"""Who may look at the wall."""

from __future__ import annotations

import os
from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from ioc.wall.guard import COOKIE, Guard, check_exposure, is_loopback
from schemas.errors import ConfigurationError
from schemas.settings import WallSettings

TOKEN = "0123456789abcdef-token"


async def _hello(_: object) -> PlainTextResponse:
    return PlainTextResponse("figures")


APP = Starlette(routes=[Route(path, _hello) for path in ("/", "/frame", "/health", "/alive")])


def _client(token: str = "", hosts: str = "", base: str = "http://127.0.0.1:8400"):
    transport = httpx.ASGITransport(app=Guard(APP, token, hosts))
    return httpx.AsyncClient(transport=transport, base_url=base)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path) -> Iterator[None]:
    for name in [name for name in os.environ if name.startswith("IOC_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return


@pytest.mark.parametrize("host", ["127.0.0.1", "127.5.5.5", "::1", "localhost"])
def test_loopback_needs_no_token(host: str):
    assert is_loopback(host)
    assert check_exposure(WallSettings(host=host)) == ""


@pytest.mark.parametrize("host", ["192.0.2.1", "::", "10.1.2.3", "ioc.example.vn"])
def test_elsewhere_it_does_not_start_without_one(host: str):
    with pytest.raises(ConfigurationError, match="IOC_WALL_TOKEN_FILE"):
        check_exposure(WallSettings(host=host))
    assert check_exposure(WallSettings(host=host, token=TOKEN)) == TOKEN


def test_a_short_token_is_refused():
    with pytest.raises(ConfigurationError, match="16"):
        check_exposure(WallSettings(token="short"))


def test_the_token_file_must_be_its_owners_only(tmp_path):
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    file.chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        check_exposure(WallSettings(host="::", token_file=file))
    file.chmod(0o600)
    assert check_exposure(WallSettings(host="::", token_file=file)) == TOKEN


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
