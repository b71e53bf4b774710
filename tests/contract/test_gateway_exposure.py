"""TLS, trusted proxies, several processes on a port, and keys by command."""

from __future__ import annotations

import datetime as dt
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from gateway_kit import QUICK, event, make_key, running_gateway, start_gateway
from rig import Rig, eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.embedded.ports import free_ports
from ioc.gateway.keys.admin import KeyAdmin, Wish, check_new
from ioc.gateway.keys.model import Right
from schemas.errors import ConfigurationError
from schemas.reference import UnitRegistry

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is tested is who is answered there


@pytest.fixture(scope="module")
def rig(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rig]:
    rig = Rig(kafka, clickhouse, tmp_path_factory.mktemp("exposure"))
    try:
        yield rig
    finally:
        rig.close()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.touch(mode=0o600)
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert_file, key_file


def test_with_a_certificate_it_speaks_https_and_a_readable_key_is_refused(rig: Rig, tmp_path: Path):
    cert_file, key_file = make_certificate(tmp_path)
    tls = {
        "IOC_GATEWAY_TLS_CERT_FILE": str(cert_file),
        "IOC_GATEWAY_TLS_KEY_FILE": str(key_file),
    }
    key = make_key(rig)
    with running_gateway(rig, **tls) as gateway:
        assert gateway.url.startswith("https://127.0.0.1:")
        url = gateway.url.replace("127.0.0.1", "localhost")
        trusting = ssl.create_default_context(cafile=str(cert_file))
        with httpx.Client(base_url=url, verify=trusting, trust_env=False) as client:
            headers = {"Authorization": f"Bearer {key}"}
            answer = client.post("/v1/events", json=event("tls"), headers=headers)
            assert answer.json()["accepted"] == 1
    key_file.chmod(0o640)
    with pytest.raises(AssertionError, match="others may read this key"):
        start_gateway({**rig.env, **QUICK, **tls})


@pytest.mark.parametrize(
    ("trusted", "expected"),
    [("", "127.0.0.1"), ("127.0.0.0/8,10.0.0.0/8", "203.0.113.9"), ("192.0.2.1", "127.0.0.1")],
)
def test_only_a_trusted_proxys_word_about_addresses_is_believed(
    rig: Rig, trusted: str, expected: str
):
    with running_gateway(rig, IOC_GATEWAY_TRUSTED_PROXIES=trusted) as gateway:
        with gateway.client("wrong") as client:
            # The sender writes the first address itself; the last ones are the proxies'.
            said = "198.51.100.7, 203.0.113.9, 10.1.2.3"
            path = f"/nothing-{len(trusted)}"
            client.get(path, headers={"X-Forwarded-For": said})
            assert client.post("/v1/events", json={}).status_code == 401
        rows = (
            "SELECT DISTINCT address FROM gateway_refusals FINAL"
            " WHERE code = 'not_found' AND process = (SELECT argMax(process, version)"
            " FROM gateway_refusals)"
        )
        eventually(lambda: rig.rows(rows) == [(expected,)], f"the address {expected}")


@pytest.mark.parametrize("wrong", ["*", "10.0.0.1/8, bogus", "proxy.example", "0.0.0.0/0", "::/0"])
def test_a_trusted_proxy_is_an_address_or_a_network(rig: Rig, wrong: str):
    with pytest.raises(AssertionError, match="IOC_GATEWAY_TRUSTED_PROXIES: ") as told:
        start_gateway({**rig.env, **QUICK, "IOC_GATEWAY_TRUSTED_PROXIES": wrong})
    assert "Traceback" not in str(told.value)


def own_address() -> str:
    """An address of this machine that is not the loopback one."""
    addresses = [
        each.address
        for interface in psutil.net_if_addrs().values()
        for each in interface
        if each.family is socket.AF_INET and not each.address.startswith("127.")
    ]
    return addresses[0]


def test_plain_http_is_answered_to_this_machine_and_to_proxies_alone(rig: Rig):
    address = own_address()
    key = make_key(rig)
    for trusted, expected in (("203.0.113.1", 403), (f"203.0.113.1,{address}", 200)):
        proxies = {"IOC_GATEWAY_HOST": EVERYWHERE, "IOC_GATEWAY_TRUSTED_PROXIES": trusted}
        with running_gateway(rig, **proxies) as gateway:
            port = gateway.url.rsplit(":", 1)[1]
            gateway.url = f"http://127.0.0.1:{port}"
            gateway.wait_for_key(key)
            gateway.url = f"http://{address}:{port}"
            with gateway.client(key) as client:
                answer = client.post("/v1/events", json=event("plain"))
            assert answer.status_code == expected, answer.text
            if expected == 403:
                assert answer.json()["code"] == "in_the_clear"


def test_a_cookie_is_for_https_alone_where_a_proxy_speaks_it(rig: Rig):
    key = make_key(rig)
    form = {"Sec-Fetch-Site": "same-origin"}
    for trusted, proto, is_secure in (
        ("127.0.0.1", "https", True),
        ("127.0.0.1", "http", False),
        ("192.0.2.1", "https", False),
    ):
        with running_gateway(rig, IOC_GATEWAY_TRUSTED_PROXIES=trusted) as gateway:
            gateway.wait_for_key(key)
            with gateway.client() as client:
                headers = {**form, "X-Forwarded-Proto": proto}
                answer = client.post("/integrator/enter", data={"key": key}, headers=headers)
            assert answer.status_code == 303, answer.text
            assert ("; secure" in answer.headers["set-cookie"].lower()) == is_secure


def test_whoever_is_too_fast_hears_when_to_come_again(rig: Rig):
    # One of two gateways: half of everything is its part.
    slow = {
        "IOC_GATEWAY_PROCESSES": "2",
        "IOC_GATEWAY_REQUESTS_PER_SECOND": "1",
        "IOC_GATEWAY_REQUESTS_BURST": "8",
        "IOC_GATEWAY_EVENTS_PER_SECOND": "2",
        "IOC_GATEWAY_EVENTS_BURST": "20",
        "IOC_GATEWAY_BAD_KEYS_PER_MINUTE": "10",
    }
    keys = [make_key(rig), make_key(rig)]
    with running_gateway(rig, **slow) as gateway:
        with gateway.client() as client:
            answers = [client.post("/v1/events", json=[]) for _ in range(7)]
            assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 2
        with gateway.client(keys[0]) as client:
            answers = [client.post("/v1/events", json=event(f"r{n}")) for n in range(6)]
            assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2
            wait = int(answers[-1].headers["retry-after"])
            assert 1 <= wait <= 2
            assert answers[-1].json()["detail"] == f"Gửi quá nhanh, thử lại sau {wait} giây"
        with gateway.client(keys[1]) as client:
            many = [event(f"m{n}") for n in range(10)]
            assert client.post("/v1/events", json=many).status_code == 200
            again = client.post("/v1/events", json=many)
            assert again.status_code == 429
            assert int(again.headers["retry-after"]) >= 5


def test_several_processes_share_a_port(rig: Rig):
    shared = {
        **rig.env,
        **QUICK,
        "IOC_GATEWAY_PORT": str(free_ports(1)[0]),
        "IOC_GATEWAY_SHARE_PORT": "true",
        "IOC_GATEWAY_PROCESSES": "2",
    }
    first = start_gateway(shared)
    try:
        second = start_gateway(shared)
        try:
            assert first.url == second.url
            key = make_key(rig)
            first.wait_for_key(key)
            first.kill()
            second.wait_for_key(key)
            with second.client(key) as client:
                assert client.post("/v1/events", json=event("shared")).status_code == 200
        finally:
            second.kill()
    finally:
        first.kill()


def test_keys_are_made_rotated_and_revoked_by_command(rig: Rig, tmp_path: Path):
    def ioc(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ioc.cli", "--lang", "en", "--data", str(tmp_path), *arguments],
            env={**rig.env, "COLUMNS": "300", "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    with running_gateway(rig) as gateway:
        first, second = tmp_path / "first.key", tmp_path / "second.key"
        made = ioc("keys", "create", "--source", "cli", "--unit", "04795", "--file", str(first))
        assert made.returncode == 0, made.stderr
        text = first.read_text().strip()
        assert first.stat().st_mode & 0o777 == 0o600
        assert text not in made.stdout
        gateway.wait_for_key(text)
        key_id = text.split("_")[1]
        turned = ioc("keys", "rotate", key_id, "--hours", "1", "--file", str(second))
        assert turned.returncode == 0, turned.stderr
        new = second.read_text().strip()
        gateway.wait_for_key(new)
        for key in (text, new):
            with gateway.client(key) as client:
                answer = client.post("/v1/events", json=event(key[4:9], source="cli"))
                assert answer.status_code == 200, answer.text

        assert ioc("keys", "revoke", key_id).returncode == 0
        with gateway.client(text) as client:
            eventually(lambda: client.post("/v1/events", json={}).status_code == 401, "revoked")
        listed = ioc("keys", "list").stdout
        assert "revoked" in listed
        assert new.split("_")[1] in listed
        assert text not in listed
        assert new not in listed
        assert "ioc_gateway_events_total" in gateway.client().get("/metrics").text

    admin = KeyAdmin(rig.client, UnitRegistry.load(None), "en")
    with pytest.raises(ConfigurationError, match="No unit has the code nowhere"):
        admin.create(Wish("x", ["nowhere"], [Right.PUSH]))
    with pytest.raises(ConfigurationError, match="At least one unit"):
        admin.create(Wish("x", [], [Right.PUSH]))
    with pytest.raises(ConfigurationError, match="is revoked or expired"):
        admin.rotate(key_id, 1)
    with pytest.raises(ConfigurationError, match="There is no key"):
        admin.revoke("0" * 12)
    with pytest.raises(ConfigurationError, match="exists; choose another name"):
        check_new(first, "en")
