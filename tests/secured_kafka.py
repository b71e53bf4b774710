"""A real broker that asks who it is: set up by docker-compose.yml, as its image would do it."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from ioc.embedded.kafka import EmbeddedKafka, _java
from ioc.embedded.kafka_classpath import resolve_class_path

COMPOSE = yaml.safe_load((Path(__file__).parents[1] / "docker-compose.yml").read_text("utf-8"))
ENVIRONMENT: dict[str, str] = {
    name: str(value) for name, value in COMPOSE["services"]["kafka"]["environment"].items()
}
_SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required;"


class Certificates:
    """An authority, a certificate of the broker, and one of a client, as PEM files."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.ca_file = folder / "ca.pem"
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        authority = self._build(self._name, self._key.public_key(), is_authority=True)
        self.ca_file.write_bytes(authority.public_bytes(Encoding.PEM))
        self.server = self._issue(folder / "server", "127.0.0.1")
        self.client = self._issue(folder / "client", "ioc-worker")

    def _issue(self, stem: Path, name: str) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        paths = stem.with_suffix(".pem"), stem.with_suffix(".key")
        certificate = self._build(subject, key.public_key())
        paths[0].write_bytes(certificate.public_bytes(Encoding.PEM))
        paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return paths

    def _build(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey, *, is_authority: bool = False
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        loopback = x509.SubjectAlternativeName(
            [x509.IPAddress(__import__("ipaddress").ip_address("127.0.0.1"))]
        )
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(loopback, critical=False)
            .sign(self._key, hashes.SHA256())
        )


class SecuredKafka(EmbeddedKafka):
    """Compose's listeners, on free ports of the loopback address, and two more that use TLS.

    `broker` is compose's INTERNAL (SASL_PLAINTEXT), `local` its LOCAL; `sasl_ssl` and `ssl` are
    of the test. With `ssl` the name in a client's certificate is the user.
    """

    _listeners = ("broker", "controller", "host", "local", "sasl_ssl", "ssl")

    def __init__(self, data_folder: Path, certificates: Certificates) -> None:
        super().__init__(data_folder)
        self._certificates = certificates
        self.addresses: dict[str, str] = {}

    def _properties(self, ports: Mapping[str, int], records: Path) -> str:
        self.addresses = {name: f"127.0.0.1:{port}" for name, port in ports.items()}
        environment = self._environment(ports, records)
        folders = {name: self.data_folder / name for name in ("default", "mounted", "final")}
        for folder in folders.values():
            folder.mkdir(exist_ok=True)
        for name in ("server.properties", "log4j2.yaml", "tools-log4j2.yaml"):
            (folders["default"] / name).write_text("")
        wrapper = [str(_java()), "-XX:TieredStopAtLevel=1"]
        wrapper += ["-cp", os.pathsep.join(map(str, resolve_class_path()))]
        wrapper += ["kafka.docker.KafkaDockerWrapper", "setup"]
        wrapper += [part for name, folder in folders.items()
                    for part in (f"--{name}-configs-dir", str(folder))]  # fmt: skip
        made = subprocess.run(
            wrapper, env={**os.environ, **environment}, capture_output=True, text=True, check=False
        )
        assert made.returncode == 0, made.stdout + made.stderr
        return (folders["final"] / "server.properties").read_text()

    def _environment(self, ports: Mapping[str, int], records: Path) -> dict[str, str]:
        at = {"INTERNAL": "broker", "HOST": "host", "LOCAL": "local", "CONTROLLER": "controller"}
        protocols = ENVIRONMENT["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"]
        listeners = {name: self.addresses[port] for name, port in at.items()}
        named = {part.partition("://")[0] for part in ENVIRONMENT["KAFKA_LISTENERS"].split(",")}
        assert named == set(listeners)
        listeners |= {"ENC": self.addresses["sasl_ssl"], "CERT": self.addresses["ssl"]}
        heard = ",".join(f"{name}://{address}" for name, address in listeners.items())
        told = ",".join(part for part in heard.split(",") if not part.startswith("CONTROLLER"))
        certificate, key = (path.read_text() for path in self._certificates.server)
        one_line = "\\n".join  # a property has one line
        return {
            **ENVIRONMENT,
            "CLUSTER_ID": "4L6g3nShT-eMCtK--X86sw",
            "KAFKA_LISTENERS": heard,
            "KAFKA_ADVERTISED_LISTENERS": told,
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": f"{protocols},ENC:SASL_SSL,CERT:SSL",
            "KAFKA_CONTROLLER_QUORUM_VOTERS": f"1@{self.addresses['controller']}",
            "KAFKA_LOG_DIRS": str(records),
            "KAFKA_LISTENER_NAME_ENC_SCRAM___SHA___512_SASL_JAAS_CONFIG": _SCRAM,
            "KAFKA_SSL_KEYSTORE_TYPE": "PEM",
            "KAFKA_SSL_KEYSTORE_CERTIFICATE_CHAIN": one_line(certificate.splitlines()),
            "KAFKA_SSL_KEYSTORE_KEY": one_line(key.splitlines()),
            "KAFKA_SSL_TRUSTSTORE_TYPE": "PEM",
            "KAFKA_SSL_TRUSTSTORE_CERTIFICATES": one_line(
                self._certificates.ca_file.read_text().splitlines()
            ),
            "KAFKA_LISTENER_NAME_CERT_SSL_CLIENT_AUTH": "required",
            "KAFKA_LISTENER_NAME_CERT_SSL_PRINCIPAL_MAPPING_RULES": "RULE:^CN=(.*)$/$1/",
        }
