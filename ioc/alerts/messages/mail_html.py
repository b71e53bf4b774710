"""A message as the HTML of a mail: tables and inline styles, 600 pixels wide or narrower."""

from __future__ import annotations

from functools import cache

import jinja2

from ioc.alerts.messages.content import Content
from schemas.alert_texts import AlertText


def mail_html(content: Content, language: str, answer_text: str) -> str:
    """Return the page; every text is escaped, nothing is fetched from elsewhere."""
    return _template().render(
        message=content,
        language=language,
        centre=AlertText.CENTRE.in_language(language),
        answer_text=answer_text,
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("ioc.alerts.messages", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("mail.html")
