"""The file of webhooks: for each its address, key and the template of its body.

```yaml
webhooks:
  zalo:
    url: https://zalo-gateway.example.vn/messages
    key_file: /etc/ioc/zalo.key
    template: |
      {"phone": {{ address | tojson }}, "text": {{ text | tojson }}}
```
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import jinja2
import yaml
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from ioc.alerts.channels.envelope import Envelope
from schemas.errors import ConfigurationError
from schemas.settings import read_secret

_NAME = re.compile(r"[a-z][a-z0-9_\-]{0,31}")
_TAKEN = frozenset({"email", "apprise"})
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
#: Headers that the channel itself sets.
_OWN_HEADERS = frozenset({"content-type", "content-length", "host", "idempotency-key"})
#: What a template gets when nothing of its own is given.
DEFAULT_TEMPLATE = (
    '{"id": {{ message_id | tojson }}, "to": {{ address | tojson }},'
    ' "subject": {{ subject | tojson }}, "text": {{ text | tojson }},'
    ' "repeat": {{ is_repeat | tojson }}, "fields": {{ fields | tojson }}}'
)
#: Whatever a text may hold must not break out of its place.
_NASTY = Envelope(
    message_id='a"b\\c',
    address='+84 "1"&x=\\',
    subject='Hồ sơ "x" & \\ {y}',
    text='dòng 1\ndòng "2" & \\ 100%\t{{ z }}',
    fields=(("dossier_id", 'a"b&c'),),
)


class Webhook(BaseModel):
    """One webhook.

    Attributes:
        url, url_file: its address; a file (mode 0600) where the address itself is a secret.
        key_file: file with the key of the signature, at least 32 characters.
        template: body, a Jinja2 text of `message_id`, `address`, `subject`, `text`, `html`,
            `is_repeat`, `language` and `fields`.
        content_type: of the body.
        headers: further headers.
        header_files: the same, with values from files: tokens.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = ""
    url_file: Path | None = None
    key_file: Path | None = None
    template: str = DEFAULT_TEMPLATE
    content_type: str = _JSON
    headers: dict[str, str] = Field(default_factory=dict)
    header_files: dict[str, Path] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check(self) -> Webhook:
        if bool(self.url) == bool(self.url_file):
            raise ValueError("one of url and url_file is needed")
        own = _OWN_HEADERS & {name.lower() for name in (*self.headers, *self.header_files)}
        if own:
            raise ValueError(f"header {min(own)} is set by the channel itself")
        _check_template(self.template, self.content_type)
        return self

    def address(self) -> str:
        """Return the address; raises `ConfigurationError` if it is none."""
        url = read_secret(self.url_file).get_secret_value() if self.url_file else self.url
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigurationError("a webhook's url must look like https://host/path")
        return url

    def key(self) -> SecretStr | None:
        """Return the key of the signature; raises `ConfigurationError` if it is too short."""
        if self.key_file is None:
            return None
        key = read_secret(self.key_file)
        if len(key.get_secret_value()) < 32:
            raise ConfigurationError(f"{self.key_file}: a key needs at least 32 characters")
        return key

    def all_headers(self) -> dict[str, str]:
        """Return the further headers, those from files among them."""
        read = {name: read_secret(path) for name, path in self.header_files.items()}
        return {**self.headers, **{name: text.get_secret_value() for name, text in read.items()}}


class _Content(BaseModel):
    model_config = ConfigDict(extra="forbid")

    webhooks: dict[str, Webhook] = Field(default_factory=dict)


def read_webhooks(path: Path) -> dict[str, Webhook]:
    """Return the webhooks of a file by name.

    Raises:
        ConfigurationError: file, key and cure.
    """
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        webhooks = _Content.model_validate(given).webhooks
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror})") from None
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path}: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(each) for each in first["loc"])
        raise ConfigurationError(f"{path}: {place}: {first['msg']}") from None
    for name in webhooks:
        if not _NAME.fullmatch(name) or name in _TAKEN:
            raise ConfigurationError(f"{path}: {name!r} cannot be the name of a webhook")
    return webhooks


def compile_template(template: str) -> jinja2.Template:
    """Return the template; it can reach nothing but what it is given."""
    environment = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=False)
    return environment.from_string(template)


def fill(template: jinja2.Template, envelope: Envelope) -> bytes:
    """Return the body for one message."""
    body = template.render(
        message_id=envelope.message_id,
        address=envelope.address,
        subject=envelope.subject,
        text=envelope.text,
        html=envelope.html,
        is_repeat=envelope.is_repeat,
        language=envelope.language,
        fields=dict(envelope.fields),
    )
    return body.encode()


def _check_template(template: str, content_type: str) -> None:
    try:
        body = fill(compile_template(template), _NASTY)
    except jinja2.TemplateError as error:
        raise ValueError(f"template: {error}") from None
    kind = content_type.partition(";")[0].strip().lower()
    if kind == _JSON:
        try:
            json.loads(body)
        except ValueError:
            raise ValueError(
                "template: a text with quotes breaks this JSON; write {{ text | tojson }} "
                "without quotes around it"
            ) from None
    elif kind == _FORM and re.search(rb"[^\x21-\x7e]|[\"\\]", body):
        raise ValueError("template: values of a form need a filter: {{ text | urlencode }}")
