"""Each account of Kafka can do what its process does, and nothing else.

On a real broker with compose's own environment, read by the image's own start program; accounts
made by `ioc topics accounts`, as compose makes them.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import aiokafka.errors
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from cryptography.fernet import Fernet
from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import (
    AuthorizationError,
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
)
from pydantic import SecretStr
from rig import WorkerProcess, eventually
from secured_kafka import COMPOSE, Certificates, SecuredKafka
from warehouse_kit import clickhouse_settings

from ioc import cli
from ioc.kafka_accounts import AccountChange, apply_accounts
from ioc.kafka_client import kafka_options
from ioc.lag import consumer_lag
from ioc.replay.outgoing import outgoing
from ioc.replay.sender import send_records
from ioc.topics import admin, check_topics, create_topics, grow_partitions, topic_identity
from ioc.warehouse import connect_server, connect_writer
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.errors import ConfigurationError, RetryError
from schemas.kafka_rights import kafka_accounts
from schemas.reference import ProcedureRegistry, UnitRegistry
from schemas.settings import KafkaSettings
from schemas.tables.migrate import migrate
from schemas.tables.publish import publish_reference

_NOT_AUTHORIZED = 29
NAMES = ("worker", "gateway", "alerts", "desk", "admin")
Settings = Callable[..., KafkaSettings]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def broker(tmp_path_factory, certificates) -> Iterator[SecuredKafka]:
    with SecuredKafka(tmp_path_factory.mktemp("secured"), certificates) as engine:
        yield engine


@pytest.fixture(scope="module")
def passwords(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("secrets")
    paths = {name: folder / f"kafka_{name}_password" for name in NAMES}
    for path in paths.values():
        path.touch(0o600)
        path.write_text(secrets.token_hex(24) + "\n")
    return paths


@pytest.fixture(scope="module")
def settings(broker, passwords) -> Settings:
    """Settings of an account; the accounts are there, and the topics, made by the admin."""
    patch = pytest.MonkeyPatch()
    command = COMPOSE["services"]["accounts"]["command"]
    words = [
        re.sub(r"=/run/secrets/kafka_(\w+)_password",
               lambda found: f"={passwords[found[1]]}", word)
        for word in command[1:]
    ]  # fmt: skip
    patch.setenv("IOC_KAFKA_BOOTSTRAP", broker.addresses["local"])
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    patch.undo()
    assert not ended.value.code

    def of(name: str, **changes: object) -> KafkaSettings:
        values: dict[str, object] = {
            "bootstrap": broker.addresses["broker"],
            "security_protocol": "SASL_PLAINTEXT",
            "username": f"ioc-{name}",
            "password_file": passwords[name],
        }
        return KafkaSettings(_env_file=None, **(values | changes))

    assert create_topics(of("admin"))
    return of


@pytest.fixture(scope="module")
def names(settings: Settings) -> KafkaSettings:
    return settings("admin")


def _write(settings: KafkaSettings, topic: str, *, may: bool = True) -> None:
    # An idempotent producer asks for an id first, which needs the right to write somewhere.
    producer = KafkaProducer(
        **kafka_options(settings, client_id="test"),
        acks="all",
        max_block_ms=20_000,
        enable_idempotence=may,
    )
    try:
        producer.send(topic, b"{}", b"H28-1").get(timeout=30)
    finally:
        producer.close(timeout=5)


def _read(settings: KafkaSettings, topic: str, group: str) -> None:
    consumer = KafkaConsumer(
        topic,
        **kafka_options(settings, client_id="test"),
        group_id=group,
        auto_offset_reset="earliest",
    )
    try:
        assert next(iter(consumer)).value is not None
    finally:
        consumer.close()


async def _fetch(settings: KafkaSettings, topic: str) -> None:
    """Read without a group: the fetch alone is allowed or refused."""
    place = TopicPartition(topic, 0)
    async with AIOKafkaConsumer(**kafka_options(settings, client_id="test")) as consumer:
        consumer.assign([place])
        consumer.seek(place, 0)
        await asyncio.wait_for(consumer.getone(place), 60)


def _sees(settings: KafkaSettings, topic: str) -> bool:
    with admin(settings) as client:
        (answer,) = client.describe_topics([topic])
    assert answer["error_code"] in (0, _NOT_AUTHORIZED)
    return answer["error_code"] == 0


def _topics(names: KafkaSettings) -> dict[str, str]:
    return {
        "events": names.events_topic,
        "sandbox": names.sandbox_topic,
        "alerts": names.alerts_topic,
        "letters": names.dead_letters_topic,
    }


@pytest.mark.parametrize(
    ("account", "may_write"),
    [
        ("worker", {"events", "alerts", "letters"}),
        ("gateway", {"events", "sandbox"}),
        ("alerts", set()),
        ("desk", {"events"}),
        ("admin", {"events", "sandbox", "alerts", "letters"}),
    ],
)
def test_who_may_write_what(settings, names, account, may_write):
    for topic, name in _topics(names).items():
        if topic in may_write:
            _write(settings(account), name)
        else:
            with pytest.raises(TopicAuthorizationFailedError):
                _write(settings(account), name, may=False)


@pytest.mark.parametrize(
    ("account", "may_read", "may_see"),
    [
        ("worker", {"events", "alerts", "letters"}, set()),
        ("gateway", set(), {"events", "sandbox"}),
        ("alerts", {"alerts"}, set()),
        ("desk", set(), {"events"}),
    ],
)
async def test_who_may_read_what(settings, names, account, may_read, may_see):
    for topic, name in _topics(names).items():
        sees = await asyncio.to_thread(_sees, settings(account), name)
        assert sees == (topic in may_read | may_see), topic
        if topic in may_read:
            await asyncio.to_thread(_write, settings("admin"), name)
            group = names.alerts_group if account == "alerts" else names.group
            await asyncio.to_thread(_read, settings(account), name, group)
        elif sees:
            with pytest.raises(aiokafka.errors.TopicAuthorizationFailedError):
                await _fetch(settings(account), name)


def test_a_group_is_its_processes_own(settings, names):
    for account, group in (("alerts", names.group), ("worker", names.alerts_group)):
        with pytest.raises(GroupAuthorizationFailedError):
            _read(settings(account), names.alerts_topic, group)


def test_only_the_admin_sees_to_topics_and_nobody_to_accounts(settings, names):
    assert not check_topics(settings("admin"))
    assert consumer_lag(settings("admin"))
    assert grow_partitions(settings("admin"), names.partitions)[0] == names.partitions
    topic_identity(settings("worker"))
    for name in NAMES:
        with pytest.raises(ConfigurationError):
            apply_accounts(settings(name), {"desk": SecretStr("0123456789abcdef")})
        with pytest.raises(AuthorizationError), _client(settings(name)) as client:
            client.delete_topics([names.events_topic])
        if name != "admin":
            with pytest.raises((ConfigurationError, RetryError)):
                create_topics(settings(name, events_topic=f"another-{name}"))
            with pytest.raises((ConfigurationError, RetryError)):
                grow_partitions(settings(name), 48)


def _client(settings: KafkaSettings):
    from contextlib import contextmanager

    from kafka import KafkaAdminClient

    @contextmanager
    def given():
        client = KafkaAdminClient(**kafka_options(settings, client_id="test"))
        try:
            yield client
        finally:
            client.close()

    return given()


def test_wrong_password_and_no_user_are_refused(settings, broker, passwords):
    wrong = settings("worker", password_file=None, password=SecretStr("x" * 20))
    with pytest.raises((ConfigurationError, RetryError)):
        topic_identity(wrong)
    nobody = KafkaSettings(_env_file=None, bootstrap=broker.addresses["broker"])
    with pytest.raises((ConfigurationError, RetryError)):
        topic_identity(nobody)


def test_rights_that_are_not_declared_are_taken_away(settings, broker, passwords):
    """An upgrade that asks for fewer rights leaves none behind; what is as declared stays."""
    from kafka.admin import (
        ACL,
        ACLOperation,
        ACLPermissionType,
        ResourcePattern,
        ResourceType,
    )

    local = KafkaSettings(_env_file=None, bootstrap=broker.addresses["local"])
    secret = SecretStr(passwords["desk"].read_text().strip())
    assert apply_accounts(local, {"desk": secret}) == [AccountChange("ioc-desk", 0, 0)]
    with admin(local) as client:
        extra = ResourcePattern(ResourceType.TOPIC, local.alerts_topic)
        made = client.create_acls(
            [ACL("User:ioc-desk", "*", ACLOperation.READ, ACLPermissionType.ALLOW, extra)]
        )
        assert not made["failed"]
    assert apply_accounts(local, {"desk": secret}) == [AccountChange("ioc-desk", 0, 1)]
    with pytest.raises(ConfigurationError, match="nobody"):
        apply_accounts(local, {"nobody": secret})
    with pytest.raises(ConfigurationError, match="shorter"):
        apply_accounts(local, {"desk": SecretStr("short")})


@pytest.mark.parametrize("way", ["SASL_PLAINTEXT", "SASL_SSL", "SSL"])
async def test_every_protocol_with_every_library(settings, broker, certificates, names, way):
    listener = {"SASL_PLAINTEXT": "broker", "SASL_SSL": "sasl_ssl", "SSL": "ssl"}[way]
    changes: dict[str, object] = {
        "bootstrap": broker.addresses[listener], "security_protocol": way,
    }  # fmt: skip
    if way.endswith("SSL"):
        changes["ca_file"] = certificates.ca_file
    if way == "SSL":
        certificate, key = certificates.client
        changes |= {"username": "", "cert_file": certificate, "key_file": key}
    chosen = settings("worker", **changes)
    await asyncio.to_thread(_write, chosen, names.events_topic)
    options = kafka_options(chosen, client_id="test")
    async with AIOKafkaProducer(**options, acks="all", enable_idempotence=True) as producer:
        await producer.send_and_wait(names.events_topic, b"{}", b"H28-1")
    async with AIOKafkaConsumer(
        names.events_topic, **options, group_id=names.group, auto_offset_reset="earliest"
    ) as consumer:
        assert (await asyncio.wait_for(consumer.getone(), 60)).value == b"{}"
    if way != "SASL_PLAINTEXT":  # the broker is asked who it is, too
        stranger = chosen.model_copy(update={"ca_file": None})
        with pytest.raises((ConfigurationError, RetryError, KafkaError)):
            await asyncio.to_thread(topic_identity, stranger)


def test_a_real_worker_signs_in_and_stores(
    settings, broker, names, passwords, clickhouse, clickhouse_database, tmp_path
):
    """Faust, the outbox and the look at the topic, each by the account's own rights."""
    warehouse = clickhouse_settings(clickhouse, clickhouse_database)
    server = connect_server(warehouse)
    migrate(server, clickhouse_database)
    server.close()
    client = connect_writer(warehouse)
    publish_reference(
        client,
        clickhouse_database,
        calendar=WorkingCalendar(CalendarSettings(_env_file=None)),
        units=UnitRegistry.load(None),
        procedures=ProcedureRegistry.load(None),
    )
    key = tmp_path / "letters.key"
    key.touch(0o600)
    key.write_bytes(Fernet.generate_key())
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IOC_")}
    worker = WorkerProcess(
        {
            **kept,
            "IOC_KAFKA_BOOTSTRAP": broker.addresses["broker"],
            "IOC_KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
            "IOC_KAFKA_USERNAME": "ioc-worker",
            "IOC_KAFKA_PASSWORD_FILE": str(passwords["worker"]),
            "IOC_CLICKHOUSE_URL": clickhouse.url,
            "IOC_CLICKHOUSE_DATABASE": clickhouse_database,
            "IOC_CLICKHOUSE_USERNAME": clickhouse.username,
            "IOC_CLICKHOUSE_PASSWORD": clickhouse.password,
            "IOC_WORKER_DEAD_LETTER_KEY_FILE": str(key),
            "IOC_WORKER_DATA": str(tmp_path / "worker"),
        }
    )
    try:
        worker.wait_ready()
        event = {
            "event_id": "1", "source": "desk", "dossier_id": "H28.SASL-1", "status": 2,
            "occurred_at": dt.datetime.now(dt.UTC).isoformat(), "receiver": "04792-2025",
        }  # fmt: skip
        send_records(outgoing([event]), settings("desk"))
        eventually(lambda: client.query(
            "SELECT count() FROM dossiers WHERE dossier_id = 'H28.SASL-1'"
        ).result_rows[0][0], "the event is stored")  # fmt: skip
        # What the tests before wrote is no event: the worker's own producer has sent it on.
        eventually(lambda: client.query("SELECT count() FROM dead_letters").result_rows[0][0],
                   "unreadable records are dead letters")  # fmt: skip
    finally:
        worker.kill()
        client.close()


def test_every_account_is_one_of_compose_and_has_a_secret():
    services = COMPOSE["services"]
    users = {account.user for account in kafka_accounts(KafkaSettings(_env_file=None))}
    given = {
        each["environment"]["IOC_KAFKA_USERNAME"]
        for each in services.values()
        if "IOC_KAFKA_USERNAME" in each.get("environment", {})
    }
    assert given <= users
    made = re.findall(r"(\w+)=/run/secrets/kafka_\1_password",
                      " ".join(services["accounts"]["command"]))  # fmt: skip
    assert {f"ioc-{name}" for name in made} == users
    for name, each in services.items():
        environment = each.get("environment", {})
        if name != "accounts" and "IOC_KAFKA_BOOTSTRAP" in environment:
            assert environment["IOC_KAFKA_SECURITY_PROTOCOL"] == "SASL_PLAINTEXT"
            assert "IOC_KAFKA_PASSWORD_FILE" in environment
