"""Publishes a bundle: reads what is stored, writes only what differs.

Every resource has a stable uid, so a second run changes nothing, and a run that was cut off is
finished by the next one. What somebody changed by hand is put back; the difference is reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards.grafana.dashboard import TAG
from dashboards.grafana.options import FOLDER_UID
from ioc.grafana.bundle import Bundle
from ioc.grafana.checks import check_grafana
from ioc.grafana.client import GrafanaClient, RefusedError, segment
from ioc.grafana.compare import Difference, differences
from ioc.grafana.report import Action, Change, Report
from schemas.errors import ConfigurationError
from schemas.grafana_texts import GrafanaSaid

_HIDDEN = "…"
_PROVISIONING = "/v1/provisioning"


class Publisher:
    """One run against one Grafana."""

    def __init__(self, client: GrafanaClient, bundle: Bundle, password: str, language: str) -> None:
        """Prepare; nothing is sent before `run`.

        Args:
            client: of the Grafana.
            bundle: what it should hold.
            password: of the data source's user; sent when Grafana has none or cannot use it.
            language: of what the report says.
        """
        self._client = client
        self._bundle = bundle
        self._password = password
        self._language = language
        self._dry_run = False
        self._report = Report()

    def run(self, *, dry_run: bool = False) -> Report:
        """Bring Grafana up to date, or with `dry_run` only say what would change.

        Raises:
            ConfigurationError: settings, rights, version or plugin are wrong, or a resource was
                provisioned from a file.
            RetryError: Grafana does not answer, or somebody changed the same thing.
            RefusedError: Grafana does not accept a resource.
        """
        self._dry_run = dry_run
        self._report = Report()
        check_grafana(self._client, self._language, self._report)
        self._folder()
        self._datasource()
        for dashboard in self._bundle.dashboards:
            self._dashboard(dashboard)
        self._left_over()
        for point in self._bundle.contact_points:
            self._contact_point(point)
        if not self._bundle.contact_points:
            self._report.notes.append(self._say(GrafanaSaid.NO_CONTACT))
        for rule in self._bundle.rules:
            self._rule(rule)
        self._playlist()
        return self._report

    def _folder(self) -> None:
        wanted = self._bundle.folder
        path, name = f"/folders/{wanted['uid']}", self._name(GrafanaSaid.FOLDER, wanted["uid"])
        stored = self._client.find(path, name)
        if self._note(GrafanaSaid.FOLDER, wanted["uid"], stored, wanted) is Action.SAME:
            return
        if stored is None:
            self._client.create("/folders", wanted, name)
        else:
            body = {"title": wanted["title"], "version": stored.get("version")}
            self._client.replace(path, body, name)

    def _datasource(self) -> None:
        wanted = self._bundle.datasource
        path = f"/datasources/uid/{wanted['uid']}"
        name = self._name(GrafanaSaid.DATASOURCE, wanted["uid"])
        stored = self._client.find(path, name)
        action = self._note(GrafanaSaid.DATASOURCE, wanted["uid"], stored, wanted)
        body = {**wanted, "secureJsonData": {"password": self._password}}
        if stored is None:
            if action is Action.SAME:
                return
            self._client.create("/datasources", body, name)
        elif stored.get("readOnly"):
            if not self._is_same(stored, wanted):
                raise self._provisioned(name)
        elif action is not Action.SAME:
            self._client.replace(path, {**body, "version": stored.get("version")}, name)
        elif not self._dry_run and self._unreached() is not None:
            # Its password cannot be compared; one that does not work is sent again.
            self._client.replace(path, {**body, "version": stored.get("version")}, name)
        if self._dry_run:
            return
        reason = self._unreached()
        if reason is not None:
            text = self._say(GrafanaSaid.WAREHOUSE_UNREACHED, reason=reason)
            self._report.problems.append(text)

    def _unreached(self) -> str | None:
        """Return why Grafana cannot read the warehouse, None if it can."""
        uid = self._bundle.datasource["uid"]
        try:
            answer = self._client.find(f"/datasources/uid/{uid}/health", uid)
        except RefusedError as error:
            return error.reason
        if isinstance(answer, dict) and answer.get("status") == "OK":
            return None
        return str(answer.get("message", answer) if isinstance(answer, dict) else answer)

    def _dashboard(self, wanted: dict[str, Any]) -> None:
        uid = wanted["uid"]
        name = self._name(GrafanaSaid.DASHBOARD, uid)
        stored = self._client.find(f"/dashboards/uid/{uid}", name) or {}
        meta = stored.get("meta", {})
        before, after = stored.get("dashboard"), wanted
        if before is not None:
            # In a wrong folder it counts as changed, too.
            before = {**before, "folderUid": meta.get("folderUid")}
            after = {**wanted, "folderUid": FOLDER_UID}
            if meta.get("provisioned") and not self._is_same(before, after):
                raise self._provisioned(name)
        if self._note(GrafanaSaid.DASHBOARD, uid, before, after) is Action.SAME:
            return
        body = {
            "dashboard": {**wanted, "id": None, "version": (before or {}).get("version", 0)},
            "folderUid": FOLDER_UID,
            "message": "ioc dashboards publish",
            "overwrite": False,
        }
        self._client.create("/dashboards/db", body, name)

    def _left_over(self) -> None:
        path = f"/search?type=dash-db&tag={TAG}&folderUIDs={FOLDER_UID}"
        languages = {tag for each in self._bundle.dashboards for tag in each["tags"]} - {TAG}
        wanted = {dashboard["uid"] for dashboard in self._bundle.dashboards}
        for found in self._client.find(path, FOLDER_UID) or []:
            if found["uid"] not in wanted and languages & set(found.get("tags", [])):
                text = self._say(GrafanaSaid.LEFT_OVER, name=found["uid"])
                self._report.notes.append(text)

    def _contact_point(self, wanted: dict[str, Any]) -> None:
        name = self._name(GrafanaSaid.CONTACT_POINT, wanted["uid"])
        listed = self._client.find(f"{_PROVISIONING}/contact-points", name) or []
        stored = next((each for each in listed if each.get("uid") == wanted["uid"]), None)
        action = self._note(
            GrafanaSaid.CONTACT_POINT, wanted["uid"], stored, wanted, hidden="settings"
        )
        if action is Action.SAME:
            return
        if stored is None:
            self._client.create(f"{_PROVISIONING}/contact-points", wanted, name)
        else:
            path = f"{_PROVISIONING}/contact-points/{wanted['uid']}"
            self._client.replace(path, wanted, name)

    def _rule(self, wanted: dict[str, Any]) -> None:
        path = f"{_PROVISIONING}/alert-rules/{wanted['uid']}"
        name = self._name(GrafanaSaid.RULE, wanted["uid"])
        stored = self._client.find(path, name)
        # The organisation is the token's own.
        compared = {key: value for key, value in wanted.items() if key != "orgID"}
        if self._note(GrafanaSaid.RULE, wanted["uid"], stored, compared) is Action.SAME:
            return
        if stored is None:
            self._client.create(f"{_PROVISIONING}/alert-rules", compared, name)
        else:
            self._client.replace(path, {**compared, "id": stored.get("id")}, name)

    def _playlist(self) -> None:
        wanted = self._bundle.playlist
        try:
            stored = find_playlist(self._client, wanted["name"])
            if self._note(GrafanaSaid.PLAYLIST, wanted["name"], stored, wanted) is Action.SAME:
                return
            if stored is None:
                self._client.create("/playlists", wanted, wanted["name"])
            else:
                path = f"/playlists/{segment(stored['uid'])}"
                self._client.replace(path, {**wanted, "uid": stored["uid"]}, wanted["name"])
        except (RefusedError, ConfigurationError) as error:
            # A convenience: the links work without it.
            self._report.notes.append(self._say(GrafanaSaid.NO_PLAYLIST, reason=error))

    def _note(
        self,
        what: GrafanaSaid,
        name: str,
        stored: Mapping[str, Any] | None,
        wanted: Mapping[str, Any],
        hidden: str = "",
    ) -> Action:
        """Report what becomes of a resource; in a dry run say that nothing is to be done."""
        found = tuple(differences(stored, wanted)) if stored is not None else ()
        if hidden:
            found = tuple(
                Difference(each.place, _HIDDEN, _HIDDEN) if each.place.startswith(hidden) else each
                for each in found
            )
        changed = Action.UPDATED if found else Action.SAME
        action = Action.CREATED if stored is None else changed
        self._report.changes.append(Change(what, name, action, found))
        return Action.SAME if self._dry_run else action

    @staticmethod
    def _is_same(stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
        return next(differences(stored, wanted), None) is None

    def _provisioned(self, name: str) -> ConfigurationError:
        return ConfigurationError(self._say(GrafanaSaid.PROVISIONED, name=name))

    def _name(self, what: GrafanaSaid, uid: str) -> str:
        return f"{self._say(what)} {uid}"

    def _say(self, text: GrafanaSaid, **values: object) -> str:
        return text.in_language(self._language, **values)


def find_playlist(client: GrafanaClient, name: str) -> dict[str, Any] | None:
    """Return the playlist of that name with its items: Grafana chooses its uid itself."""
    listed = client.find("/playlists", name) or []
    found = next((each for each in listed if each.get("name") == name), None)
    if found is None:
        return None
    stored: dict[str, Any] | None = client.find(f"/playlists/{segment(found['uid'])}", name)
    return stored
