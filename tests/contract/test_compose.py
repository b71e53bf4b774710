"""docker-compose.yml and what it mounts, compared with the code: no container engine is needed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import clickhouse_connect
import pytest
import yaml
from cryptography.fernet import Fernet
from pydantic_settings import BaseSettings

from dashboards.grafana.options import PLUGIN_ID
from ioc import cli
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka_settings import server_properties
from ioc.grafana.files import DASHBOARDS_PATH
from ioc.metrics.routes import READY_PATH
from ioc.wall.guard import MIN_TOKEN_LENGTH, is_loopback
from schemas.alert_settings import AnswerSettings, ChannelSettings
from schemas.alerting.settings import AlertSettings
from schemas.calendar.settings import CalendarSettings
from schemas.gateway_settings import GatewaySettings
from schemas.monitor_settings import AlertPagesSettings, MetricsSettings, WorkerPagesSettings
from schemas.reading_settings import ReadingSettings
from schemas.settings import (
    ClickHouseSettings,
    GrafanaSettings,
    KafkaSettings,
    ReportingSettings,
    WallSettings,
    WorkerSettings,
    read_secret,
)

ROOT = Path(__file__).parents[2]
FILE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
OURS = {name: each for name, each in SERVICES.items() if each["image"] == "ioc-streams:local"}
CLASSES: tuple[type[BaseSettings], ...] = (
    KafkaSettings, ClickHouseSettings, WorkerSettings, WorkerPagesSettings, AlertPagesSettings,
    MetricsSettings, WallSettings, GatewaySettings, ReadingSettings, AlertSettings,
    ChannelSettings, AnswerSettings, GrafanaSettings, ReportingSettings, CalendarSettings,
)  # fmt: skip
USERS_SQL = (ROOT / "docker/clickhouse/users.sql").read_text("utf-8")
USERS_SH = (ROOT / "docker/clickhouse/users.sh").read_text("utf-8")
each_of_ours = pytest.mark.parametrize("name", OURS)


def _environment(service: dict[str, Any]) -> dict[str, str]:
    """The variables of a service, `${NAME:-default}` as without that NAME."""
    return {
        name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(value))
        for name, value in service.get("environment", {}).items()
    }


def _said(service: dict[str, Any]) -> dict[str, str]:
    """Its environment; some tools keep the doubled dollar, which is how a file says one."""
    return {name: value.replace("$$", "$") for name, value in _environment(service).items()}


def _known_variables() -> dict[str, type[BaseSettings]]:
    return {
        f"{each.model_config['env_prefix']}{field}".upper(): each
        for each in CLASSES
        for field in each.model_fields
    }


@each_of_ours
def test_every_variable_is_one_that_the_code_reads(name: str):
    known = _known_variables()
    for variable in _environment(OURS[name]):
        assert variable in known, f"{name}: no setting is called {variable}"


@each_of_ours
def test_the_settings_accept_the_values(name: str, monkeypatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    for variable in [each for each in os.environ if each.startswith("IOC_")]:
        monkeypatch.delenv(variable)
    for variable, value in _environment(OURS[name]).items():
        monkeypatch.setenv(variable, value)
    for each in CLASSES:
        each()
    if "IOC_CLICKHOUSE_URL" in _environment(OURS[name]):
        assert ClickHouseSettings().url == "http://clickhouse:8123"


@each_of_ours
def test_every_command_exists(name: str):
    command: Any = cli.build("en")
    program, *words = OURS[name]["command"]
    assert program == "ioc"
    names = []
    while words and words[0] in getattr(command, "commands", {}):
        names.append(words[0])
        command = command.commands[words.pop(0)]
    assert names, f"{name}: no such command"
    assert not hasattr(command, "commands"), f"{name}: {names} is a group"
    options = {option for each in command.params for option in each.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_the_exported_files_are_where_grafana_looks(monkeypatch, tmp_path: Path):
    """Runs the container's own command, with another folder."""
    service, grafana = SERVICES["dashboards"], SERVICES["grafana"]
    monkeypatch.chdir(tmp_path)
    for variable, value in _environment(service).items():
        monkeypatch.setenv(variable, value)
    words = [str(tmp_path / "out") if word == "/export" else word for word in service["command"]]
    with pytest.raises(SystemExit) as ended:
        cli.main(words[1:])
    assert not ended.value.code
    source = service["volumes"][0].partition(":")[0]
    (mounted,) = [each for each in grafana["volumes"] if each.startswith(f"{source}:")]
    inside = Path(mounted.split(":")[1])
    assert str(inside / "dashboards") == DASHBOARDS_PATH
    assert grafana["environment"]["GF_PATHS_PROVISIONING"] == str(inside / "provisioning")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"dashboards", "provisioning"}
    made = (tmp_path / "out/provisioning/datasources/ioc.yaml").read_text("utf-8")
    (file,) = re.findall(r"\$__file\{/run/secrets/(\w+)\}", made)
    assert file in grafana["secrets"]
    assert "username: ioc_grafana" in made


def test_every_secret_is_declared_mounted_and_used():
    declared = set(FILE["secrets"])
    mounted = {secret for each in SERVICES.values() for secret in each.get("secrets", [])}
    assert mounted == declared
    for name, service in SERVICES.items():
        text = " ".join([*_environment(service).values(), *map(str, service.get("command", []))])
        named = set(re.findall(r"/run/secrets/(\w+)", text))
        if name != "dashboards":  # it only names Grafana's
            assert named <= set(service.get("secrets", [])), name
        if name in OURS and name != "dashboards":
            assert set(service.get("secrets", [])) == named, f"{name} is given what it never reads"


def test_the_script_makes_every_secret_as_the_code_wants_it(tmp_path: Path):
    subprocess.run([ROOT / "docker/make-secrets.sh"], cwd=tmp_path, check=True, capture_output=True)
    files = {Path(each["file"]).name for each in FILE["secrets"].values()}
    assert {path.name for path in (tmp_path / "secrets").iterdir()} == files
    for path in (tmp_path / "secrets").iterdir():
        assert len(read_secret(path).get_secret_value()) >= MIN_TOKEN_LENGTH
    Fernet(read_secret(tmp_path / "secrets/dead-letter.key").get_secret_value())
    before = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    subprocess.run([ROOT / "docker/make-secrets.sh"], cwd=tmp_path, check=True, capture_output=True)
    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == before


def _statements() -> list[str]:
    names = re.findall(r"@(\w+)@", USERS_SQL)
    text = USERS_SQL
    for name in names:
        text = text.replace(f"@{name}@", hashlib.sha256(name.encode()).hexdigest())
    bare = re.sub(r"--[^\n]*", "", text)
    return [each.strip() for each in bare.split(";") if each.strip()]


@pytest.mark.parametrize("statement", _statements(), ids=lambda each: " ".join(each.split()[:6]))
def test_clickhouse_understands_the_accounts(clickhouse: EmbeddedClickHouse, statement: str):
    """By the parser of the real engine; it holds no accounts of its own that could be made."""
    client = clickhouse_connect.get_client(
        host=clickhouse.host,
        port=clickhouse.port,
        username=clickhouse.username,
        password=clickhouse.password,
    )
    try:
        assert client.command(f"EXPLAIN AST {statement}")
    finally:
        client.close()


def test_every_account_is_made_and_has_its_own_password():
    made = set(re.findall(r"CREATE USER IF NOT EXISTS (\w+)", USERS_SQL))
    used = {
        value
        for service in SERVICES.values()
        for variable, value in _environment(service).items()
        if "CLICKHOUSE" in variable and variable.endswith("USERNAME")
    }
    assert used == made
    placeholders = re.findall(r"@(\w+)@", re.sub(r"--[^\n]*", "", USERS_SQL))
    assert len(placeholders) == len(set(placeholders)) == len(made)
    (loop,) = re.findall(r"for name in ([\w ]+); do", USERS_SH)
    assert [name.upper() for name in loop.split()] == placeholders
    secrets = {f"clickhouse_{name}_password" for name in loop.split()}
    assert secrets <= set(SERVICES["clickhouse"]["secrets"])


def test_rights_are_as_few_as_the_work_needs():
    bare = re.sub(r"--[^\n]*", "", USERS_SQL)
    granted: dict[str, list[tuple[str, str]]] = {}
    for rights, where, user in re.findall(r"GRANT ([^;]+?)\s+ON ([\w.*]+) TO (\w+)", bare):
        granted.setdefault(user, []).append((rights, where))
    assert granted["ioc"] == [("SELECT, INSERT, OPTIMIZE", "ioc.*")]
    assert granted["ioc_marks"] == [
        ("SELECT, INSERT", "ioc.marks"),
        ("INSERT", "ioc.alert_answers"),
        ("INSERT", "ioc.alert_silences"),
    ]
    for user in ("ioc_read", "ioc_grafana"):
        assert granted[user] == [("SELECT", "ioc.*")]
        created = re.search(rf"CREATE USER IF NOT EXISTS {user} [^;]*", bare)
        assert created
        assert "SETTINGS PROFILE 'ioc_looking'" in created[0]
    assert "readonly = 2 CONST" in bare
    migrations = "".join(
        path.read_text("utf-8") for path in (ROOT / "schemas/tables/migrations").glob("*.sql")
    )
    for table in re.findall(r"ioc\.(\w+)", USERS_SQL):
        assert f"TABLE {table}\n" in migrations, f"there is no table {table}"


def test_sums_of_passwords_are_made_as_clickhouse_compares_them(tmp_path: Path):
    """The script's own pipeline: a line's end in the file is no part of the password."""
    secret = tmp_path / "secret"
    secret.write_text("abc\n")
    (pipeline,) = re.findall(r"sum=\$\((.*)\)\n", USERS_SH)
    command = pipeline.replace('"/run/secrets/clickhouse_${name}_password"', str(secret))
    made = subprocess.run(["bash", "-c", command], check=True, capture_output=True, text=True)
    assert made.stdout.strip() == hashlib.sha256(b"abc").hexdigest()


def test_servers_are_of_the_releases_that_are_tested(clickhouse: EmbeddedClickHouse):
    client = clickhouse_connect.get_client(
        host=clickhouse.host,
        port=clickhouse.port,
        username=clickhouse.username,
        password=clickhouse.password,
    )
    try:
        tested = ".".join(client.server_version.split(".")[:2])
    finally:
        client.close()
    assert SERVICES["clickhouse"]["image"] == f"clickhouse/clickhouse-server:{tested}"
    version = SERVICES["kafka"]["image"].partition(":")[2]
    assert f":{version}" in (ROOT / "ioc/embedded/kafka_classpath.py").read_text("utf-8")
    assert SERVICES["grafana"]["image"].startswith("grafana/grafana:11.6.")
    assert SERVICES["grafana"]["environment"]["GF_INSTALL_PLUGINS"] == PLUGIN_ID


def test_kafka_is_set_up_as_the_embedded_one():
    embedded = dict(
        line.split("=", 1)
        for line in server_properties(port=1, controller_port=2, log_folder=Path("x")).splitlines()
    )
    differ = {"listeners", "advertised.listeners", "inter.broker.listener.name", "log.dirs",
              "listener.security.protocol.map", "controller.quorum.voters"}  # fmt: skip
    compared = set()
    for variable, value in SERVICES["kafka"]["environment"].items():
        name = variable.removeprefix("KAFKA_").lower().replace("_", ".")
        if name in embedded and name not in differ:
            assert embedded[name] == str(value), name
            compared.add(name)
    assert {"message.max.bytes", "log.message.timestamp.type", "auto.create.topics.enable",
            "group.min.session.timeout.ms"} <= compared  # fmt: skip


def test_ports_are_those_on_which_the_processes_listen():
    wall, worker = _environment(SERVICES["wall"]), _environment(SERVICES["worker"])
    assert f"127.0.0.1:8400:{wall['IOC_WALL_PORT']}" in SERVICES["wall"]["ports"]
    assert not is_loopback(wall["IOC_WALL_HOST"])
    assert "IOC_WALL_TOKEN_FILE" in wall, "the wall refuses to start without"
    assert f":{wall['IOC_WALL_PORT']}/alive" in SERVICES["wall"]["healthcheck"]["test"][-1]
    port = worker["IOC_WORKER_HEALTH_PORT"]
    assert f"127.0.0.1:{port}{READY_PATH}" in SERVICES["worker"]["healthcheck"]["test"][-1]
    assert re.search(r"/alive", (ROOT / "ioc/wall/guard.py").read_text("utf-8"))
    for service in SERVICES.values():
        for published in service.get("ports", []):
            assert published.startswith("127.0.0.1:"), published
    listeners = SERVICES["kafka"]["environment"]["KAFKA_LISTENERS"]
    bootstrap = _environment(SERVICES["worker"])["IOC_KAFKA_BOOTSTRAP"]
    assert f":{bootstrap.split(':')[1]}" in listeners


@pytest.mark.parametrize("name", SERVICES)
def test_limits_health_and_order(name: str):
    service = SERVICES[name]
    assert service["mem_limit"]
    assert service["cpus"]
    ends = service["restart"] == "no"
    assert ends != ("healthcheck" in service), "what stays up is looked after"
    for other, condition in service.get("depends_on", {}).items():
        wanted = (
            "service_completed_successfully"
            if SERVICES[other]["restart"] == "no"
            else "service_healthy"
        )
        assert condition == {"condition": wanted}
    if name in OURS:
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["user"].startswith("${IOC_UID")


def test_mounted_files_and_volumes_exist(tmp_path: Path):
    subprocess.run([ROOT / "docker/make-secrets.sh"], cwd=tmp_path, check=True, capture_output=True)
    for service in SERVICES.values():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            if source.startswith("."):
                path = ROOT / source
                if (tmp_path / source).is_dir():  # made by the script, for its owner only
                    assert (tmp_path / source).stat().st_mode & 0o77 == 0
                    continue
                assert path.is_file()
                assert path.suffix != ".sh" or os.access(path, os.X_OK)
            else:
                assert source in FILE["volumes"]


def test_nothing_that_old_or_new_compose_refuses():
    """1.29 knows no inline files; the plugin ignores `version` with a warning."""
    assert set(FILE) <= {"services", "secrets", "volumes"} | {k for k in FILE if k[:2] == "x-"}
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    for word in ("dockerfile_inline", "content:", "develop:", "include:"):
        assert word not in text


def _composes() -> list[list[str]]:
    """1.29 always, the plugin where there is one."""
    assert shutil.which("docker-compose"), "docker-compose is missing: make docker-compose"
    tools = [["docker-compose"]]
    if shutil.which("docker"):
        probe = subprocess.run(["docker", "compose", "version"], check=False, capture_output=True)
        tools += [["docker", "compose"]] if probe.returncode == 0 else []
    return tools


def test_compose_reads_the_file(tmp_path: Path):
    """The result must be the file itself. Reading needs no engine.

    With a loop over what is installed this once asserted nothing where nothing was.
    """
    shutil.copy(ROOT / "docker-compose.yml", tmp_path)
    shutil.copytree(ROOT / "docker", tmp_path / "docker")
    subprocess.run([ROOT / "docker/make-secrets.sh"], cwd=tmp_path, check=True, capture_output=True)
    for tool in _composes():
        read = subprocess.run(
            [*tool, "--profile", "alerts", "config"],
            cwd=tmp_path,
            check=False,
            capture_output=True,
            text=True,
        )
        assert read.returncode == 0, read.stderr
        found = yaml.safe_load(read.stdout)
        assert set(found["services"]) == set(SERVICES)
        for name, service in found["services"].items():
            assert service["image"] == SERVICES[name]["image"]
            assert _said(service) == _said(SERVICES[name])


def test_the_image_is_made_of_what_is_there():
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (base,) = [line for line in lines if line.startswith("FROM ")]
    version = re.match(r"FROM python:(3\.\d+)-slim$", base)
    assert version
    assert project["requires-python"] == f">={version[1]}"
    for line in lines:
        if line.startswith("COPY "):
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), source
                ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
                assert f"!{source}" in ignored, f".dockerignore keeps {source} out"
    assert any("--constraint constraints.txt" in line for line in lines)
    (user,) = [line for line in lines if line.startswith("USER ")]
    assert not user.startswith(("USER 0", "USER root"))
    packages = {"ioc", "streams", "dashboards", "schemas"}
    copied = {line.split()[1] for line in lines if line.startswith("COPY ")}
    assert packages <= copied
