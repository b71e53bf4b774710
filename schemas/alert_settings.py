"""Settings of the channels that carry alerts and of the pages on which people answer."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from schemas.settings import read_secret, settings_config


class SmtpSecurity(StrEnum):
    """How the connection to the mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class ChannelSettings(BaseSettings):
    """How alerts leave: mail, webhooks, other services (IOC_ALERTS_…)."""

    model_config = settings_config("IOC_ALERTS_")

    smtp_host: str = Field(default="", description="Mail server; empty = no mail is sent.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Its port.")
    smtp_security: SmtpSecurity = Field(
        default=SmtpSecurity.STARTTLS,
        description="starttls (port 587), tls (port 465) or none (only without a password).",
    )
    smtp_ca_file: Path | None = Field(
        default=None, description="Certificates to trust for the mail server, PEM."
    )
    smtp_username: str = Field(default="", description="Its user; empty = no authentication.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="That user's password.")
    smtp_password_file: Path | None = Field(
        default=None, description="File with that password (mode 0600)."
    )
    smtp_timeout_seconds: float = Field(
        default=15.0, gt=0, description="Longest wait for one answer of the mail server."
    )
    smtp_connections: int = Field(
        default=4, ge=1, le=32, description="Connections to the mail server at one time."
    )
    mail_from: str = Field(
        default="", description="Sender of mails, e.g. `IOC <ioc@example.vn>`; needed for mail."
    )
    mail_reply_to: str = Field(default="", description="Who gets replies; empty = the sender.")
    channels_file: Path | None = Field(
        default=None, description="File of webhooks (YAML): address, template, key of each."
    )
    webhook_timeout_seconds: float = Field(
        default=10.0, gt=0, description="Longest time that one webhook may take in all."
    )
    apprise_timeout_seconds: float = Field(
        default=20.0, gt=0, description="Longest time that one notification by Apprise may take."
    )

    @model_validator(mode="after")
    def _check(self) -> ChannelSettings:
        if self.smtp_host and not self.mail_from:
            raise ValueError("IOC_ALERTS_MAIL_FROM is needed: who sends the mails?")
        if self.smtp_username and self.smtp_security is SmtpSecurity.NONE:
            raise ValueError(
                "IOC_ALERTS_SMTP_SECURITY=none would send the password in the clear: "
                "use starttls or tls"
            )
        return self

    def smtp_secret(self) -> SecretStr:
        """Return the mail server's password from the file if one is named."""
        if self.smtp_password_file:
            return read_secret(self.smtp_password_file)
        return self.smtp_password


class AnswerSettings(BaseSettings):
    """The pages and the HTTP API on which people answer alerts (IOC_ANSWERS_…)."""

    model_config = settings_config("IOC_ANSWERS_")

    host: str = Field(default="127.0.0.1", description="Address to listen on; loopback by default.")
    port: int = Field(default=8410, ge=0, le=65535, description="Port; 0 = any free one.")
    public_url: str = Field(
        default="",
        description="Where phones reach the pages, https://…; empty = messages carry no link.",
    )
    key_file: Path | None = Field(
        default=None,
        description="File with the key that signs links (mode 0600); needed for links.",
    )
    link_hours: float = Field(
        default=72.0, gt=0, le=24 * 31, description="How long a link in a message can be used."
    )
    api_keys_file: Path | None = Field(
        default=None,
        description="File of bearer tokens' hashes for the HTTP API, made by `ioc alerts api-key`.",
    )
    grafana_token: SecretStr = Field(
        default=SecretStr(""), description="Bearer token with which Grafana hands over its alerts."
    )
    grafana_token_file: Path | None = Field(
        default=None, description="File with that token (mode 0600)."
    )
    silence_days: int = Field(
        default=14, ge=1, le=366, description="Longest time for which somebody may silence, days."
    )
    language: str = Field(default="vi", pattern="^(vi|en)$", description="Language of the pages.")

    @model_validator(mode="after")
    def _check(self) -> AnswerSettings:
        if self.public_url and not self.public_url.startswith(("https://", "http://")):
            raise ValueError("IOC_ANSWERS_PUBLIC_URL must look like https://host[/path]")
        return self

    def grafana_secret(self) -> SecretStr:
        """Return Grafana's token from the file if one is named."""
        if self.grafana_token_file:
            return read_secret(self.grafana_token_file)
        return self.grafana_token
