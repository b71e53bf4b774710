"""`ioc dashboards export`: what Grafana reads from its folders, and what never stands in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards.catalogue.boards import BOARDS
from ioc import cli
from ioc.grafana.bundle import make_bundle
from ioc.grafana.files import write_files
from schemas.settings import ClickHouseSettings, GrafanaSettings

SECRET = "p4ss-$word"


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IOC_CLICKHOUSE_URL", "http://clickhouse:8123")
    monkeypatch.setenv("IOC_CLICKHOUSE_READ_PASSWORD", SECRET)
    monkeypatch.setenv("IOC_GRAFANA_TOKEN", SECRET)
    monkeypatch.setenv("IOC_GRAFANA_ALERT_EMAILS", "a@example.vn,b@example.vn")
    monkeypatch.setenv("IOC_GRAFANA_ALERT_WEBHOOK", "https://hook.example.vn/?a=$b")


def _export(folder: Path, *options: str) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--lang", "en", "dashboards", "export", str(folder), *options])
    assert not ended.value.code


def _read(folder: Path, kind: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(
        (folder / "provisioning" / kind / "ioc.yaml").read_text("utf-8")
    )
    assert data["apiVersion"] == 1
    return data


@pytest.mark.usefixtures("settings")
def test_all_files_are_there_and_hold_no_secret(tmp_path: Path):
    _export(tmp_path / "out")
    names = {path.name for path in (tmp_path / "out" / "dashboards").iterdir()}
    assert names == {f"ioc-{board.id}-{lang}.json" for board in BOARDS for lang in ("vi", "en")}
    for path in (tmp_path / "out").rglob("*.*"):
        text = path.read_text("utf-8")
        assert SECRET not in text
        assert "p4ss" not in text
    for path in (tmp_path / "out" / "dashboards").iterdir():
        assert json.loads(path.read_text("utf-8"))["uid"] == path.stem


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), "${IOC_GRAFANA_CLICKHOUSE_PASSWORD}"),
        (("--password-file", "/run/secrets/p"), "$__file{/run/secrets/p}"),
    ],
)
def test_the_password_comes_from_outside(tmp_path: Path, options, expected: str):
    _export(tmp_path, *options)
    (source,) = _read(tmp_path, "datasources")["datasources"]
    assert source["secureJsonData"] == {"password": expected}
    assert source["uid"] == "ioc-clickhouse"
    assert source["jsonData"]["host"] == "clickhouse"
    assert source["editable"] is False


@pytest.mark.usefixtures("settings")
def test_the_provider_loads_the_folder_of_dashboards(tmp_path: Path):
    _export(tmp_path, "--dashboards-path", "/var/boards")
    (provider,) = _read(tmp_path, "dashboards")["providers"]
    assert provider["options"]["path"] == "/var/boards"
    assert provider["folderUid"] == "ioc"
    assert provider["allowUiUpdates"] is False


@pytest.mark.usefixtures("settings")
def test_rules_and_contact_point_agree_with_those_that_are_published(tmp_path: Path):
    _export(tmp_path)
    alerting = _read(tmp_path, "alerting")
    bundle = make_bundle("both", GrafanaSettings(), ClickHouseSettings())
    (group,) = alerting["groups"]
    assert [rule["uid"] for rule in group["rules"]] == [rule["uid"] for rule in bundle.rules]
    assert [rule["data"] for rule in group["rules"]] == [rule["data"] for rule in bundle.rules]
    (point,) = alerting["contactPoints"]
    receivers = {rule["notification_settings"]["receiver"] for rule in group["rules"]}
    assert receivers == {point["name"]}
    # Grafana replaces `$name` in these files; `$$` is a plain sign.
    settings = {each["uid"]: each["settings"] for each in point["receivers"]}
    assert settings["ioc-webhook"]["url"] == "https://hook.example.vn/?a=$$b"
    assert settings["ioc-mail"]["addresses"] == "a@example.vn;b@example.vn"


@pytest.mark.usefixtures("settings")
def test_a_second_export_removes_boards_that_are_gone_and_no_other_file(tmp_path: Path):
    bundle = make_bundle("both", GrafanaSettings(), ClickHouseSettings())
    write_files(bundle, tmp_path)
    (tmp_path / "dashboards" / "ioc-old-vi.json").write_text("{}")
    (tmp_path / "dashboards" / "mine.json").write_text("{}")
    write_files(bundle, tmp_path)
    names = {path.name for path in (tmp_path / "dashboards").iterdir()}
    assert "ioc-old-vi.json" not in names
    assert "mine.json" in names
    assert not [name for name in names if name.endswith(".tmp")]
