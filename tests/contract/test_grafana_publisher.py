"""`ioc dashboards publish` over real HTTP against a server that keeps Grafana's contract."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from grafana_server import EMPTY, PLUGIN, GrafanaServer, GrafanaState

from dashboards.catalogue.boards import BOARDS
from ioc import cli

Run = Callable[..., tuple[int, str]]
PASSWORD = "s3cret"


@pytest.fixture
def grafana() -> Iterator[GrafanaServer]:
    with GrafanaServer(GrafanaState()) as server:
        yield server


@pytest.fixture
def run(
    grafana: GrafanaServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Any,
) -> Run:
    """Runs `ioc` as somebody at a terminal does; returns its exit code and all that it said."""
    monkeypatch.chdir(tmp_path)
    settings = {
        "IOC_DATA": str(tmp_path / "data"),
        "IOC_CLICKHOUSE_URL": "http://warehouse:8123",
        "IOC_CLICKHOUSE_READ_PASSWORD": PASSWORD,
        "IOC_GRAFANA_URL": grafana.url,
        "IOC_GRAFANA_TOKEN": "admin-token",
        "IOC_GRAFANA_ALERT_EMAILS": "truc@example.vn, lanhdao@example.vn",
        "IOC_GRAFANA_ALERT_WEBHOOK": "https://hook.example.vn/secret-path",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    def call(*arguments: str, lang: str = "en", **changes: str) -> tuple[int, str]:
        for name, value in changes.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            cli.main(["--lang", lang, "dashboards", *arguments])
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    return call


def test_everything_is_published(run: Run, grafana: GrafanaServer):
    code, said = run("publish")
    assert code == 0, said
    state = grafana.state
    assert set(state.dashboards) == {
        f"ioc-{board.id}-{language}" for board in BOARDS for language in ("vi", "en")
    }
    assert all(each["meta"]["folderUid"] == "ioc" for each in state.dashboards.values())
    assert state.folders["ioc"]["title"] == "Trung tâm điều hành thông minh"
    source = state.datasources["ioc-clickhouse"]
    assert source["type"] == PLUGIN
    assert source["jsonData"]["host"] == "warehouse"
    assert source["jsonData"]["username"] == "ioc_read"
    assert state.passwords == {"ioc-clickhouse": PASSWORD}
    assert set(state.contact_points) == {"ioc-mail", "ioc-webhook"}
    assert {"ioc-overdue-share", "ioc-silent-sources", "ioc-lag", "ioc-dead-letters"} <= set(
        state.rules
    )
    (playlist,) = state.playlists.values()
    assert {"type": "dashboard_by_uid", "value": "ioc-province-vi"} in playlist["items"]
    assert PASSWORD not in said
    assert "secret-path" not in said
    assert "admin-token" not in said


def test_a_second_run_changes_nothing(run: Run, grafana: GrafanaServer):
    run("publish")
    before = len(grafana.state.writes)
    code, said = run("publish")
    assert code == 0
    assert len(grafana.state.writes) == before, grafana.state.writes[before:]
    assert "0 new, 0 changed" in said


@pytest.mark.parametrize("language", ["vi", "en"])
def test_one_language(run: Run, grafana: GrafanaServer, language: str):
    assert run("publish", "--language", language)[0] == 0
    assert set(grafana.state.dashboards) == {f"ioc-{board.id}-{language}" for board in BOARDS}


def test_a_dry_run_tells_the_difference_and_writes_nothing(run: Run, grafana: GrafanaServer):
    code, said = run("publish", "--dry-run")
    assert code == 0
    assert not grafana.state.writes
    assert "+ dashboard ioc-province-vi: new" in said
    run("publish")
    before = len(grafana.state.writes)
    panel = grafana.state.dashboards["ioc-province-en"]["dashboard"]["panels"][0]
    title, panel["title"] = panel["title"], "Mine"
    grafana.state.rules["ioc-lag"]["for"] = "9h"
    grafana.state.contact_points["ioc-webhook"]["settings"]["url"] = "https://elsewhere"
    code, said = run("publish", "--dry-run")
    assert code == 0
    assert len(grafana.state.writes) == before
    assert "~ dashboard ioc-province-en: changed" in said
    assert f"panels[{title}].title: Mine -> {title}" in said
    assert "for: 9h -> 5m" in said
    assert "0 new, 3 to change" in said
    assert "secret-path" not in said, "an address that holds a secret"


def test_what_was_changed_by_hand_is_put_back(run: Run, grafana: GrafanaServer):
    run("publish")
    state = grafana.state
    state.dashboards["ioc-province-vi"]["dashboard"]["title"] = "Mine"
    state.dashboards["ioc-province-en"]["meta"]["folderUid"] = "elsewhere"
    state.rules["ioc-lag"]["for"] = "9h"
    state.folders["ioc"]["title"] = "Mine"
    state.datasources["ioc-clickhouse"]["jsonData"]["host"] = "elsewhere"
    state.contact_points["ioc-mail"]["settings"]["addresses"] = "mine"
    next(iter(state.playlists.values()))["interval"] = "9m"
    code, said = run("publish")
    assert code == 0
    assert "0 new, 7 changed" in said
    assert "0 new, 0 changed" in run("publish")[1]
    assert state.dashboards["ioc-province-en"]["meta"]["folderUid"] == "ioc"


def test_what_grafana_adds_is_no_difference(run: Run, grafana: GrafanaServer):
    run("publish")
    for each in grafana.state.dashboards.values():
        each["dashboard"]["schemaVersion"] = 41
        each["dashboard"]["panels"][0]["pluginVersion"] = "11.6.0"
    before = len(grafana.state.writes)
    run("publish")
    assert len(grafana.state.writes) == before


def test_a_password_that_does_not_work_is_sent_again(run: Run, grafana: GrafanaServer):
    run("publish")
    grafana.state.warehouse_password = "changed"
    code, said = run("publish", IOC_CLICKHOUSE_READ_PASSWORD="changed")
    assert code == 0, said
    assert grafana.state.passwords == {"ioc-clickhouse": "changed"}


def test_a_warehouse_that_grafana_cannot_read_is_told(run: Run, grafana: GrafanaServer):
    grafana.state.warehouse_password = "another"
    code, said = run("publish")
    assert code == 1
    assert "Grafana cannot read the warehouse: [auth] code: 516" in said
    assert grafana.state.dashboards, "the rest was published"


def test_nobody_to_alert_is_told(run: Run, grafana: GrafanaServer):
    code, said = run("publish", IOC_GRAFANA_ALERT_EMAILS="", IOC_GRAFANA_ALERT_WEBHOOK="")
    assert code == 0
    assert "Nobody is named for alerts" in said
    assert not grafana.state.contact_points
    assert all("notification_settings" not in rule for rule in grafana.state.rules.values())


def test_a_board_that_left_the_catalogue_is_told_and_kept(run: Run, grafana: GrafanaServer):
    run("publish")
    old = json.loads(json.dumps(grafana.state.dashboards["ioc-province-vi"]))
    old["dashboard"]["uid"] = "ioc-old-vi"
    grafana.state.dashboards["ioc-old-vi"] = old
    _, said = run("publish")
    assert "ioc-old-vi is no longer in the catalogue" in said
    assert "ioc-old-vi" in grafana.state.dashboards


def test_a_grafana_without_playlists_gets_all_else(run: Run, grafana: GrafanaServer):
    grafana.state.instead["POST", "/playlists"] = (403, {"message": "no"})
    code, said = run("publish")
    assert code == 0
    assert "The playlist could not be made" in said


def test_an_answer_without_a_body_is_a_success(run: Run, grafana: GrafanaServer):
    """The package calls `json()` on it and fails."""
    run("publish")
    grafana.state.rules["ioc-lag"]["for"] = "9h"
    grafana.state.instead["PUT", "/v1/provisioning/alert-rules"] = (204, EMPTY)
    assert run("publish")[0] == 0


def _closed_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


FAILURES: list[tuple[str, dict[str, str], Callable[[GrafanaState], Any], int, str, str]] = [
    ("no url", {"IOC_GRAFANA_URL": ""}, lambda _: None, 2, "Chưa đặt IOC_GRAFANA_URL",
     "IOC_GRAFANA_URL is not set"),
    ("bad url", {"IOC_GRAFANA_URL": "grafana:3000"}, lambda _: None, 2, "phải có dạng",
     "must look like http"),
    ("no token", {"IOC_GRAFANA_TOKEN": ""}, lambda _: None, 2, "Chưa có mã truy cập",
     "No token for Grafana"),
    ("bad token", {"IOC_GRAFANA_TOKEN": "old"}, lambda _: None, 2, "từ chối mã truy cập (401)",
     "refuses the token (401)"),
    ("no rights", {"IOC_GRAFANA_TOKEN": "viewer-token"}, lambda _: None, 2,
     "không đủ quyền (403) để: ghi thư mục ioc", "no right (403) to: save folder ioc"),
    ("no plugin", {}, lambda state: state.plugins.clear(), 2, "chưa cài phần bổ trợ " + PLUGIN,
     "lacks the plugin " + PLUGIN),
    ("too old", {}, lambda state: setattr(state, "version", "11.5.2"), 2,
     "Grafana 11.5.2 quá cũ", "Grafana 11.5.2 is too old: 11.6"),
    ("unreachable", {"IOC_GRAFANA_URL": _closed_port()}, lambda _: None, 3,
     "Không kết nối được Grafana", "does not answer: Connection refused"),
    ("server error", {}, lambda state: state.instead.update(
        {("GET", "/folders"): (500, {"message": "database is locked"})}), 3,
     "báo lỗi (500)", "failed (500) to look at folder ioc: database is locked"),
    ("refused", {}, lambda state: state.instead.update(
        {("POST", "/dashboards/db"): (400, {"message": "bad refresh"})}), 1,
     "không nhận", "does not accept dashboard ioc-province-vi (400): bad refresh"),
]  # fmt: skip


@pytest.mark.parametrize("failure", FAILURES, ids=[each[0] for each in FAILURES])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_failure_says_what_to_do(run: Run, grafana: GrafanaServer, failure, lang: str):
    _, changes, prepare, expected, vi, en = failure
    prepare(grafana.state)
    code, said = run("publish", lang=lang, **changes)
    assert code == expected, said
    assert (en if lang == "en" else vi) in " ".join(said.split())
    assert "Traceback" not in said


def test_something_else_at_the_address(run: Run, grafana: GrafanaServer):
    code, said = run("publish", IOC_GRAFANA_URL=grafana.root)
    assert code == 2
    assert "does not answer as Grafana does" in " ".join(said.split())


def test_a_redirect_is_not_followed(run: Run, grafana: GrafanaServer):
    """A POST that is redirected arrives as a GET: nothing would be written, without a word."""
    code, said = run("publish", IOC_GRAFANA_URL=f"{grafana.root}/moved")
    assert code == 2
    assert "redirects elsewhere" in said


def _conflict_dashboard(state: GrafanaState) -> None:
    state.dashboards["ioc-province-vi"]["dashboard"]["title"] = "Mine"

    def meddle() -> None:
        state.dashboards["ioc-province-vi"]["dashboard"]["version"] += 1

    state.before["POST", "/dashboards/db"] = meddle


def _conflict_folder(state: GrafanaState) -> None:
    state.folders["ioc"]["title"] = "Mine"

    def meddle() -> None:
        state.folders["ioc"]["version"] += 1

    state.before["PUT", "/folders/ioc"] = meddle


def _conflict_datasource(state: GrafanaState) -> None:
    state.datasources["ioc-clickhouse"]["jsonData"]["host"] = "mine"

    def meddle() -> None:
        state.datasources["ioc-clickhouse"]["version"] += 1

    state.before["PUT", "/datasources/uid/ioc-clickhouse"] = meddle


@pytest.mark.parametrize(
    ("prepare", "name"),
    [
        (_conflict_dashboard, "dashboard ioc-province-vi in Grafana just now (412)"),
        (_conflict_folder, "folder ioc in Grafana just now (412)"),
        (_conflict_datasource, "data source ioc-clickhouse in Grafana just now (409)"),
    ],
)
def test_a_change_at_the_same_time_is_not_overwritten(
    run: Run, grafana: GrafanaServer, prepare, name: str
):
    run("publish")
    prepare(grafana.state)
    code, said = run("publish")
    assert code == 3
    assert f"Somebody changed {name}" in " ".join(said.split())
    assert run("publish")[0] == 0, "the next run finishes it"


def test_a_dashboard_provisioned_from_a_file(run: Run, grafana: GrafanaServer):
    run("publish")
    grafana.state.dashboards["ioc-unit-vi"]["meta"]["provisioned"] = True
    assert run("publish")[0] == 0, "it is the same: nothing to do"
    grafana.state.dashboards["ioc-unit-vi"]["dashboard"]["title"] = "older"
    code, said = run("publish")
    assert code == 2
    assert "dashboard ioc-unit-vi was provisioned from a file" in " ".join(said.split())


def test_a_dashboard_that_turns_out_provisioned_only_on_saving(run: Run, grafana: GrafanaServer):
    grafana.state.instead["POST", "/dashboards/db"] = (
        400, {"message": "Cannot save provisioned dashboard"},
    )  # fmt: skip
    code, said = run("publish")
    assert code == 2
    assert "was provisioned from a file" in " ".join(said.split())


def test_a_data_source_provisioned_from_a_file(run: Run, grafana: GrafanaServer):
    run("publish")
    grafana.state.datasources["ioc-clickhouse"]["readOnly"] = True
    assert run("publish")[0] == 0
    grafana.state.datasources["ioc-clickhouse"]["jsonData"]["host"] = "elsewhere"
    code, said = run("publish")
    assert code == 2
    assert "data source ioc-clickhouse was provisioned" in " ".join(said.split())


@pytest.mark.parametrize(("version", "code"), [("10.4.1", 2), ("12.1.0", 0), ("11.6.0+sec", 0)])
def test_a_hidden_version_is_asked_for_when_signed_in(
    run: Run, grafana: GrafanaServer, version: str, code: int
):
    grafana.state.hide_version = True
    grafana.state.version = version
    assert run("publish")[0] == code


def test_a_version_that_nobody_tells_is_a_note(run: Run, grafana: GrafanaServer):
    grafana.state.version = ""
    code, said = run("publish")
    assert code == 0
    assert "does not tell its version" in said


def test_links_for_screens(run: Run, grafana: GrafanaServer):
    code, said = run("links", lang="vi", IOC_GRAFANA_PUBLIC_URL="https://ioc.example.vn/g/")
    assert code == 0
    assert (
        "https://ioc.example.vn/g/d/ioc-province-vi"
        "?kiosk&_dash.hideTimePicker=true&_dash.hideVariables=true"
    ) in said
    assert "ioc-unit-vi" not in said, "a board on which something must be chosen"
    assert "chưa có danh sách phát" in said
    run("publish")
    _, said = run("links", "--language", "both")
    assert "/playlists/play/p1?kiosk" in said
    assert "/d/ioc-province-en?kiosk" in said
