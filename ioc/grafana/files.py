"""The bundle as files that Grafana provisions itself from: for containers.

Layout: `dashboards/*.json` and `provisioning/{datasources,dashboards,alerting}/ioc.yaml`. Grafana
replaces `$name` in those YAML files, but not in dashboards; nothing else in them holds a `$`. The
password is never written: the data source names an environment variable or a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from dashboards.grafana.dashboard import to_text
from ioc.grafana.bundle import Bundle

#: Where docker compose mounts the dashboards in Grafana's container.
DASHBOARDS_PATH = "/etc/ioc/dashboards"
PASSWORD_VARIABLE = "IOC_GRAFANA_CLICKHOUSE_PASSWORD"  # noqa: S105 - a name, not a password


def write_files(
    bundle: Bundle, folder: Path, *, password_file: str = "", dashboards_path: str = DASHBOARDS_PATH
) -> list[Path]:
    """Write all files and remove dashboards that are no longer in the catalogue.

    Args:
        bundle: what Grafana should hold.
        folder: where to write; made if it is not there.
        password_file: path, inside Grafana's container, of the file with the data source's
            password; empty = the environment variable `PASSWORD_VARIABLE`.
        dashboards_path: path, inside the container, of `dashboards/`.

    Returns:
        What was written, in order.
    """
    texts = {
        f"dashboards/{dashboard['uid']}.json": to_text(dashboard) for dashboard in bundle.dashboards
    }
    for old in (folder / "dashboards").glob("ioc-*.json"):
        if f"dashboards/{old.name}" not in texts:
            old.unlink()
    texts["provisioning/datasources/ioc.yaml"] = _yaml(_datasources(bundle, password_file))
    texts["provisioning/dashboards/ioc.yaml"] = _yaml(_providers(bundle, dashboards_path))
    texts["provisioning/alerting/ioc.yaml"] = _yaml(_alerting(bundle))
    written = []
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, text)
        written.append(path)
    return written


def _write(path: Path, text: str) -> None:
    # Grafana looks at the folder while it is written.
    draft = path.with_suffix(".tmp")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _datasources(bundle: Bundle, password_file: str) -> dict[str, Any]:
    secret = f"$__file{{{password_file}}}" if password_file else f"${{{PASSWORD_VARIABLE}}}"
    source = {
        **_escaped(bundle.datasource),
        "editable": False,
        "secureJsonData": {"password": secret},
    }
    return {"apiVersion": 1, "datasources": [source]}


def _providers(bundle: Bundle, path: str) -> dict[str, Any]:
    provider = {
        "name": "ioc",
        "type": "file",
        "folder": bundle.folder["title"],
        "folderUid": bundle.folder["uid"],
        "allowUiUpdates": False,
        "disableDeletion": False,
        "updateIntervalSeconds": 30,
        "options": {"path": path, "foldersFromFilesStructure": False},
    }
    return {"apiVersion": 1, "providers": [provider]}


def _alerting(bundle: Bundle) -> dict[str, Any]:
    made: dict[str, Any] = {"apiVersion": 1}
    if bundle.contact_points:
        receivers = [
            {key: value for key, value in each.items() if key != "name"}
            for each in bundle.contact_points
        ]
        point = {"orgId": 1, "name": bundle.contact_points[0]["name"], "receivers": receivers}
        made["contactPoints"] = [_escaped(point)]
    group = {
        "orgId": 1,
        "name": bundle.rules[0]["ruleGroup"],
        "folder": bundle.folder["title"],
        "interval": "60s",
        "rules": [_escaped(_file_rule(rule)) for rule in bundle.rules],
    }
    made["groups"] = [group]
    return made


def _file_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rule in the form of files: group and folder stand above it."""
    left_out = {"folderUID", "ruleGroup", "orgID"}
    return {key: value for key, value in rule.items() if key not in left_out}


def _escaped(value: Any) -> Any:
    """Double every `$`, which Grafana would take for the beginning of a variable."""
    if isinstance(value, dict):
        return {key: _escaped(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_escaped(each) for each in value]
    return value.replace("$", "$$") if isinstance(value, str) else value


def _yaml(data: Mapping[str, Any]) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100)
