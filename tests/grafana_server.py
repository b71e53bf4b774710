"""A small server that keeps Grafana's documented contract: status codes, versions, rights.

It is no Grafana: it stores what it is given and refuses what the documentation says is refused.
"""

from __future__ import annotations

import copy
import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

PLUGIN = "grafana-clickhouse-datasource"
Answer = tuple[int, Any]
#: Answered as it is, not as JSON.
EMPTY = object()


class GrafanaState:
    """What is stored, and how the server is set up."""

    def __init__(self) -> None:
        self.version = "11.6.0"
        self.hide_version = False
        self.tokens = {"admin-token": "Admin", "viewer-token": "Viewer"}
        self.plugins = {PLUGIN}
        self.warehouse_password = "s3cret"
        self.folders: dict[str, dict[str, Any]] = {}
        self.datasources: dict[str, dict[str, Any]] = {}
        self.passwords: dict[str, str] = {}
        self.dashboards: dict[str, dict[str, Any]] = {}
        self.contact_points: dict[str, dict[str, Any]] = {}
        self.rules: dict[str, dict[str, Any]] = {}
        self.playlists: dict[str, dict[str, Any]] = {}
        #: Every request that writes, in order.
        self.writes: list[tuple[str, str]] = []
        #: (verb, beginning of the path) -> what is answered instead.
        self.instead: dict[tuple[str, str], Answer] = {}
        #: (verb, beginning of the path) -> what somebody else does just before.
        self.before: dict[tuple[str, str], Callable[[], None]] = {}

    def answer(
        self, verb: str, path: str, query: dict[str, list[str]], token: str, body: Any
    ) -> Answer:
        for (method, start), act in list(self.before.items()):
            if verb == method and path.startswith(start):
                del self.before[method, start]
                act()
        for (method, start), answer in self.instead.items():
            if verb == method and path.startswith(start):
                return answer
        if path == "/health":
            told = {} if self.hide_version else {"version": self.version}
            return 200, {"commit": "abc", "database": "ok", **told}
        role = self.tokens.get(token)
        if role is None:
            return 401, {"message": "Invalid API key", "messageId": "api-key.invalid"}
        if verb != "GET":
            if role != "Admin":
                return 403, {"message": "You'll need additional permissions to perform this action"}
            self.writes.append((verb, path))
        for pattern, handler in _ROUTES:
            match = re.fullmatch(pattern, f"{verb} {path}")
            if match:
                found: Answer = handler(self, *map(unquote, match.groups()), query=query, body=body)
                return copy.deepcopy(found) if found[1] is not EMPTY else found
        return 404, {"message": "Not found"}

    def frontend_settings(self, **_: Any) -> Answer:
        return 200, {"buildInfo": {"version": self.version}}

    def plugin(self, name: str, **_: Any) -> Answer:
        if name not in self.plugins:
            return 404, {"message": "Plugin not found, no installed plugin with that id"}
        return 200, {"id": name, "type": "datasource"}

    def get_folder(self, uid: str, **_: Any) -> Answer:
        if uid not in self.folders:
            return 404, {"message": "folder not found", "status": "not-found"}
        return 200, self.folders[uid]

    def post_folder(self, body: Any, **_: Any) -> Answer:
        if not body.get("title"):
            return 400, {"message": "folder title cannot be empty"}
        if body["uid"] in self.folders:
            return 409, {"message": "a folder with the same uid already exists"}
        made = {"id": len(self.folders) + 1, "version": 1, "canSave": True, **body}
        self.folders[body["uid"]] = made
        return 200, made

    def put_folder(self, uid: str, body: Any, **_: Any) -> Answer:
        stored = self.folders[uid]
        if body.get("version") != stored["version"] and not body.get("overwrite"):
            return 412, {
                "message": "The folder has been changed by someone else",
                "status": "version-mismatch",
            }
        stored.update(title=body["title"], version=stored["version"] + 1)
        return 200, stored

    def get_datasource(self, uid: str, **_: Any) -> Answer:
        if uid not in self.datasources:
            return 404, {"message": "Data source not found"}
        return 200, self.datasources[uid]

    def post_datasource(self, body: Any, **_: Any) -> Answer:
        if any(each["name"] == body["name"] for each in self.datasources.values()):
            return 409, {"message": "data source with the same name already exists"}
        made = {"id": 1, "orgId": 1, "version": 1, "readOnly": False}
        return self._store_datasource({**made, **body})

    def put_datasource(self, uid: str, body: Any, **_: Any) -> Answer:
        stored = self.datasources[uid]
        if stored["readOnly"]:
            return 403, {"message": "Cannot update read-only data source"}
        if body.get("version") not in (None, stored["version"]):
            return 409, {
                "message": "Datasource has already been updated by someone else. "
                "Please reload and try again"
            }
        return self._store_datasource({**stored, **body, "version": stored["version"] + 1})

    def _store_datasource(self, source: dict[str, Any]) -> Answer:
        secrets = source.pop("secureJsonData", {})
        if "password" in secrets:
            self.passwords[source["uid"]] = secrets["password"]
        source["secureJsonFields"] = {"password": True} if source["uid"] in self.passwords else {}
        self.datasources[source["uid"]] = source
        return 200, {"datasource": source, "message": "Datasource saved", "name": source["name"]}

    def datasource_health(self, uid: str, **_: Any) -> Answer:
        if self.passwords.get(uid) == self.warehouse_password:
            return 200, {"status": "OK", "message": "Data source is working"}
        return 400, {"status": "ERROR", "message": "[auth] code: 516, Authentication failed"}

    def get_dashboard(self, uid: str, **_: Any) -> Answer:
        if uid not in self.dashboards:
            return 404, {"message": "Dashboard not found"}
        return 200, self.dashboards[uid]

    def post_dashboard(self, body: Any, **_: Any) -> Answer:
        wanted = body["dashboard"]
        if not wanted.get("title"):
            return 400, {"message": "Dashboard title cannot be empty", "status": "empty-name"}
        if len(wanted.get("uid") or "") > 40:
            return 400, {"message": "uid too long, max 40 characters"}
        if body.get("folderUid") not in self.folders:
            return 400, {"message": "folder not found", "status": "not-found"}
        stored = self.dashboards.get(wanted["uid"])
        version = 1
        if stored is not None:
            if stored["meta"]["provisioned"]:
                return 400, {"message": "Cannot save provisioned dashboard"}
            if (
                not body.get("overwrite")
                and wanted.get("version") != stored["dashboard"]["version"]
            ):
                return 412, {
                    "message": "The dashboard has been changed by someone else",
                    "status": "version-mismatch",
                }
            version = stored["dashboard"]["version"] + 1
        uid = wanted["uid"]
        self.dashboards[uid] = {
            "meta": {"folderUid": body["folderUid"], "provisioned": False, "canSave": True},
            "dashboard": {**wanted, "id": 7, "version": version},
        }
        saved = {"id": 7, "uid": uid, "version": version, "url": f"/d/{uid}"}
        return 200, {"status": "success", **saved}

    def search(self, query: dict[str, list[str]], **_: Any) -> Answer:
        found = [
            {"uid": uid, "title": each["dashboard"]["title"], "tags": each["dashboard"]["tags"]}
            for uid, each in self.dashboards.items()
            if each["meta"]["folderUid"] in query.get("folderUIDs", [])
            and set(query.get("tag", [])) <= set(each["dashboard"]["tags"])
        ]
        return 200, found

    def get_contact_points(self, **_: Any) -> Answer:
        return 200, list(self.contact_points.values())

    def post_contact_point(self, body: Any, **_: Any) -> Answer:
        if not body.get("settings") or not body.get("name") or not body.get("type"):
            return 400, {"message": "invalid object specification"}
        if body["uid"] in self.contact_points:
            return 409, {"message": "contact point uid exists"}
        self.contact_points[body["uid"]] = {**body, "provenance": ""}
        return 202, body

    def put_contact_point(self, uid: str, body: Any, **_: Any) -> Answer:
        if uid not in self.contact_points:
            return 404, {"message": "contact point not found"}
        self.contact_points[uid] = {**body, "provenance": ""}
        return 202, {"message": "contactpoint updated"}

    def get_rule(self, uid: str, **_: Any) -> Answer:
        return (200, self.rules[uid]) if uid in self.rules else (404, EMPTY)

    def post_rule(self, body: Any, **_: Any) -> Answer:
        if body["uid"] in self.rules:
            return 409, {"message": "rule uid exists"}
        return self._store_rule(body, 201)

    def put_rule(self, uid: str, body: Any, **_: Any) -> Answer:
        return self._store_rule(body, 200) if uid in self.rules else (404, EMPTY)

    def _store_rule(self, rule: dict[str, Any], status: int) -> Answer:
        queries = {each["refId"] for each in rule.get("data", [])}
        receiver = rule.get("notification_settings", {}).get("receiver")
        known = {each["name"] for each in self.contact_points.values()}
        wrong = (
            rule.get("folderUID") not in self.folders
            or rule.get("condition") not in queries
            or not all(rule.get(name) for name in ("title", "ruleGroup", "for"))
            or (receiver is not None and receiver not in known)
        )
        if wrong:
            return 400, {"message": "invalid alert rule"}
        self.rules[rule["uid"]] = {**rule, "id": 3, "orgID": 1, "updated": "now", "provenance": ""}
        return status, self.rules[rule["uid"]]

    def list_playlists(self, **_: Any) -> Answer:
        names = ("uid", "name", "interval")
        return 200, [{name: each[name] for name in names} for each in self.playlists.values()]

    def get_playlist(self, uid: str, **_: Any) -> Answer:
        if uid not in self.playlists:
            return 404, {"message": "Playlist not found"}
        return 200, self.playlists[uid]

    def post_playlist(self, body: Any, **_: Any) -> Answer:
        uid = f"p{len(self.playlists) + 1}"
        self.playlists[uid] = {**body, "uid": uid}
        return 200, self.playlists[uid]

    def put_playlist(self, uid: str, body: Any, **_: Any) -> Answer:
        self.playlists[uid] = {**body, "uid": uid}
        return 200, self.playlists[uid]


_PROVISIONING = "/v1/provisioning"
_ROUTES: list[tuple[str, Callable[..., Answer]]] = [
    (r"GET /frontend/settings", GrafanaState.frontend_settings),
    (r"GET /plugins/([^/]+)/settings", GrafanaState.plugin),
    (r"GET /folders/([^/]+)", GrafanaState.get_folder),
    (r"POST /folders", GrafanaState.post_folder),
    (r"PUT /folders/([^/]+)", GrafanaState.put_folder),
    (r"GET /datasources/uid/([^/]+)", GrafanaState.get_datasource),
    (r"GET /datasources/uid/([^/]+)/health", GrafanaState.datasource_health),
    (r"POST /datasources", GrafanaState.post_datasource),
    (r"PUT /datasources/uid/([^/]+)", GrafanaState.put_datasource),
    (r"GET /dashboards/uid/([^/]+)", GrafanaState.get_dashboard),
    (r"POST /dashboards/db", GrafanaState.post_dashboard),
    (r"GET /search", GrafanaState.search),
    (rf"GET {_PROVISIONING}/contact-points", GrafanaState.get_contact_points),
    (rf"POST {_PROVISIONING}/contact-points", GrafanaState.post_contact_point),
    (rf"PUT {_PROVISIONING}/contact-points/([^/]+)", GrafanaState.put_contact_point),
    (rf"GET {_PROVISIONING}/alert-rules/([^/]+)", GrafanaState.get_rule),
    (rf"POST {_PROVISIONING}/alert-rules", GrafanaState.post_rule),
    (rf"PUT {_PROVISIONING}/alert-rules/([^/]+)", GrafanaState.put_rule),
    (r"GET /playlists", GrafanaState.list_playlists),
    (r"GET /playlists/([^/]+)", GrafanaState.get_playlist),
    (r"POST /playlists", GrafanaState.post_playlist),
    (r"PUT /playlists/([^/]+)", GrafanaState.put_playlist),
]


class GrafanaServer:
    """Serves one state on loopback under a sub-path, as behind a proxy."""

    def __init__(self, state: GrafanaState, path: str = "/grafana") -> None:
        self.state = state
        handler = _handler(state, f"{path}/api")
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self.root = f"http://127.0.0.1:{self._server.server_port}"
        self.url = f"{self.root}{path}"

    def __enter__(self) -> GrafanaServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(state: GrafanaState, prefix: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            raw = self.rfile.read(length)
            parts = urlsplit(self.path)
            if parts.path.startswith("/moved"):
                self.send_response(301)
                self.send_header("Location", f"{prefix}{parts.path.removeprefix('/moved/api')}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if not parts.path.startswith(prefix):
                self._send(200, b"<!doctype html><title>something else</title>", "text/html")
                return
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            body = json.loads(raw) if raw and raw != b"null" else None
            status, answer = state.answer(
                self.command, parts.path.removeprefix(prefix), parse_qs(parts.query), token, body
            )
            text = b"" if answer is EMPTY else json.dumps(answer).encode()
            self._send(status, text, "application/json")

        def _send(self, status: int, text: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

        do_GET = do_POST = do_PUT = do_DELETE = _serve

    return Handler
