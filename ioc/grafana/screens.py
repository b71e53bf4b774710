"""Addresses for TVs: a dashboard without any of Grafana's own furniture."""

from __future__ import annotations

#: Recent releases show time picker and variables in kiosk mode unless told otherwise.
KIOSK = "kiosk&_dash.hideTimePicker=true&_dash.hideVariables=true&autofitpanels=true"


def screen_link(url: str, uid: str) -> str:
    """Return the address of one dashboard on a TV; it shows this month and asks by itself."""
    return f"{url}/d/{uid}?{KIOSK}"


def playlist_link(url: str, uid: str) -> str:
    """Return the address of a playlist on a TV."""
    return f"{url}/playlists/play/{uid}?{KIOSK}"
