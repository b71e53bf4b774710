"""Texts of the catalogue in one language, with the settings that they name filled in."""

from __future__ import annotations

from dashboards.grafana.options import RenderOptions
from schemas.messages import Message


def said(text: Message | None, options: RenderOptions) -> str:
    """Return a text; an absent one is empty. Unknown placeholders stay as they are."""
    if text is None:
        return ""
    words = text.en if options.language == "en" else text.vi
    return words.replace("{minimum}", str(options.ranking_minimum)).replace(
        "{rows}", str(options.ranking_rows)
    )
