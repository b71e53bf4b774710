"""Settings, one class per concern; every setting with its sentence.

Values come from the environment or a `.env` file in the working folder (prefixes below).
Secrets may also be given as files (`…_FILE`), which must not be readable by others.
"""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.errors import ConfigurationError


def settings_config(prefix: str) -> SettingsConfigDict:
    """Return what every class of settings has in common, with a prefix of its own."""
    return SettingsConfigDict(
        env_prefix=prefix, env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )


def read_secret(path: Path) -> SecretStr:
    """Read a secret from a file; raises `ConfigurationError` if others may read it."""
    try:
        mode = path.stat().st_mode
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ConfigurationError(
                f"{path}: others may read this secret; run: chmod 600 {path.name}"
            )
        return SecretStr(path.read_text(encoding="utf-8").strip())
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot read the secret ({error.strerror})") from None


class KafkaSettings(BaseSettings):
    """Where Kafka is and how the topics are laid out (IOC_KAFKA_…)."""

    model_config = settings_config("IOC_KAFKA_")

    bootstrap: str = Field(
        default="", description="host:port list of the brokers; empty = `ioc up` embeds one."
    )
    partitions: int = Field(
        default=4, description="Partitions of the events topic; must divide 48."
    )
    replication: int = Field(default=1, ge=1, description="Replicas of every topic.")
    events_topic: str = Field(
        default="ioc.dossier-events.v1", description="Topic of dossier events, key dossier_id."
    )
    alerts_topic: str = Field(default="ioc.alerts.v1", description="Topic of alert records.")
    dead_letters_topic: str = Field(
        default="ioc.dead-letters.v1", description="Topic of unreadable records, encrypted."
    )
    events_retention_days: int = Field(
        default=30, ge=1, description="How long Kafka keeps events (ClickHouse keeps them longer)."
    )
    group: str = Field(default="ioc-worker", description="Consumer group of the workers.")
    alerts_group: str = Field(
        default="ioc-alerts", description="Consumer group of the processes that send alerts."
    )
    security_protocol: Literal["", "PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        default="",
        description="PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL; empty = SASL_SSL with a user, "
        "else PLAINTEXT.",
    )
    sasl_mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] = Field(
        default="SCRAM-SHA-512", description="SCRAM-SHA-512, SCRAM-SHA-256 or PLAIN."
    )
    username: str = Field(default="", description="SASL user; empty = no authentication.")
    password: SecretStr = Field(default=SecretStr(""), description="SASL password.")
    password_file: Path | None = Field(default=None, description="File with the SASL password.")
    ca_file: Path | None = Field(
        default=None,
        description="Certificates to trust for Kafka's TLS, PEM; empty = those of the system.",
    )
    cert_file: Path | None = Field(
        default=None, description="Own certificate, PEM, where Kafka asks for one."
    )
    key_file: Path | None = Field(default=None, description="Key of the own certificate, PEM.")

    @property
    def sandbox_topic(self) -> str:
        """Topic of events of sandbox keys, which no figure ever sees."""
        return f"{self.events_topic}.sandbox"

    @property
    def protocol(self) -> str:
        """The security protocol in force."""
        return self.security_protocol or ("SASL_SSL" if self.username else "PLAINTEXT")

    @model_validator(mode="after")
    def _check(self) -> KafkaSettings:
        if self.protocol.startswith("SASL_") != bool(self.username):
            raise ValueError(
                f"IOC_KAFKA_SECURITY_PROTOCOL={self.protocol} "
                + ("carries no user: leave IOC_KAFKA_USERNAME empty" if self.username
                   else "needs IOC_KAFKA_USERNAME")
            )  # fmt: skip
        if 48 % self.partitions:
            raise ValueError(
                "IOC_KAFKA_PARTITIONS must divide 48 (1, 2, 3, 4, 6, 8, 12, 16, 24, 48)"
            )
        return self

    def secret(self) -> SecretStr:
        """Return the password from the file if one is named, else from the environment."""
        return read_secret(self.password_file) if self.password_file else self.password


class ClickHouseSettings(BaseSettings):
    """Where ClickHouse is (IOC_CLICKHOUSE_…)."""

    model_config = settings_config("IOC_CLICKHOUSE_")

    url: str = Field(
        default="", description="http(s)://host:port of its HTTP interface; empty = embedded."
    )
    database: str = Field(default="ioc", pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
                          description="Database of all tables.")  # fmt: skip
    username: str = Field(default="ioc", description="User that may write.")
    password: SecretStr = Field(default=SecretStr(""), description="Its password.")
    password_file: Path | None = Field(default=None, description="File with the password.")
    read_username: str = Field(default="ioc_read", description="Read-only user of the walls.")
    read_password: SecretStr = Field(default=SecretStr(""), description="Its password.")
    read_password_file: Path | None = Field(default=None, description="File with that password.")
    timeout_seconds: float = Field(default=30.0, gt=0, description="Limit of one request.")

    def secret(self) -> SecretStr:
        """Return the writer's password."""
        return read_secret(self.password_file) if self.password_file else self.password

    def read_secret(self) -> SecretStr:
        """Return the reader's password."""
        if self.read_password_file:
            return read_secret(self.read_password_file)
        return self.read_password


class WorkerSettings(BaseSettings):
    """How a worker consumes, stores and watches deadlines (IOC_WORKER_…)."""

    model_config = settings_config("IOC_WORKER_")

    chunk_max_records: int = Field(default=4000, ge=1, description="Records of one chunk at most.")
    chunk_max_bytes: int = Field(
        default=4 << 20, ge=1024, description="Bytes of one chunk at most."
    )
    chunks_waiting: int = Field(
        default=4, ge=1, description="Chunks that may wait per partition before fetching pauses."
    )
    linger_seconds: float = Field(
        default=0.05, ge=0, le=5, description="How long a commit group collects chunks."
    )
    flood_linger_seconds: float = Field(
        default=3.0, ge=0, le=10, description="How long it may go on collecting in a flood."
    )
    flood_events: int = Field(
        default=250,
        ge=1,
        description="Events within one linger with which a flood goes on; it begins with eight "
        "times as many waiting.",
    )
    group_max_events: int = Field(
        default=64_000, ge=1, description="Events of one commit group at most."
    )
    whole_group_seconds: float = Field(
        default=1.0,
        ge=0,
        le=5,
        description="How long finer roll-ups, checkpoints and acknowledgements may stay behind the "
        "province's figures while events come one by one; 0 = every group holds all.",
    )
    refresh_seconds: float = Field(
        default=0.3, gt=0, description="Shortest time between two refreshes of the walls' table."
    )
    refresh_rest: float = Field(
        default=15.0, ge=0, description="Pause after a refresh, as a multiple of its own time."
    )
    refresh_look_seconds: float = Field(
        default=60.0,
        gt=0,
        description="Pause between two looks for days of the walls' table that a worker left "
        "behind which ended before it refreshed them.",
    )
    retry_min_seconds: float = Field(default=0.1, gt=0, description="First wait of a retry.")
    retry_max_seconds: float = Field(default=10.0, gt=0, description="Longest wait of a retry.")
    session_timeout_seconds: float = Field(
        default=6.0,
        description="Kafka session time-out; a longer gap of the clock ends the worker.",
    )
    tick_seconds: float = Field(
        default=0.25, gt=0, description="How often deadlines are looked at."
    )
    closed_kept: int = Field(
        default=2_000, ge=0, description="Closed dossiers kept in memory per shard."
    )
    due_soon_working_seconds: int = Field(
        default=8 * 3600, ge=0, description="Lead time of 'due soon', in working seconds."
    )
    digest_after_seconds: int = Field(
        default=24 * 3600,
        description="A file that came longer than this after its deadline goes into a digest.",
    )
    catch_up_wait_seconds: float = Field(
        default=600.0,
        description="How long crossings wait at most while their partition lags behind.",
    )
    silence_after_seconds: float = Field(
        default=8 * 3600, description="A source without events this long in working time is silent."
    )
    behind_after_seconds: float = Field(
        default=3600.0,
        description="A source whose newest event is this old when it comes is behind.",
    )
    source_wait_seconds: float = Field(
        default=24 * 3600,
        description="How long the crossings of a silent or late source wait at most.",
    )
    stall_after_seconds: float = Field(
        default=60.0,
        description=(
            "A partition whose position stands still this long while lag grows, or whose alerts "
            "Kafka does not take for as long, is stuck: /health answers 503."
        ),
    )
    topic_check_seconds: float = Field(
        default=5.0, description="How often the id of the events topic is compared."
    )
    data: Path = Field(
        default=Path("/tmp/ioc-worker"),  # noqa: S108 nothing secret, nothing that must stay
        description="Folder for working files of the worker; each worker has its own.",
    )
    units_file: Path | None = Field(default=None, description="Own units file (CSV).")
    unit_aliases_file: Path | None = Field(
        default=None, description="Own file of other names for units, as feeds write them (CSV)."
    )
    procedures_file: Path | None = Field(default=None, description="Own procedures file (CSV).")
    fields_file: Path | None = Field(
        default=None, description="Own file of the procedures' fields (CSV)."
    )
    dead_letter_key_file: Path | None = Field(
        default=None, description="File with the key that encrypts dead letters (mode 0600)."
    )
    fail_point: str = Field(
        default="", description="For tests: the process kills itself at this named point."
    )


class WallSettings(BaseSettings):
    """The built-in wall (IOC_WALL_…)."""

    model_config = settings_config("IOC_WALL_")

    host: str = Field(default="127.0.0.1", description="Address to listen on; loopback by default.")
    port: int = Field(default=8400, ge=0, le=65535, description="Port; 0 = any free one.")
    tick_seconds: float = Field(default=0.5, gt=0, description="How often the wall asks and sends.")
    language: str = Field(default="vi", pattern="^(vi|en)$", description="Language of texts.")
    token: SecretStr = Field(
        default=SecretStr(""),
        description="Needed off the loopback address; a screen shows it once, `/?token=…`.",
    )
    token_file: Path | None = Field(default=None, description="File with the token.")
    tv_token: SecretStr = Field(
        default=SecretStr(""),
        description="Long-lived token of TVs, read only: `/tv?boards=province&token=…`.",
    )
    tv_token_file: Path | None = Field(default=None, description="File with the TVs' token.")
    users_file: Path | None = Field(
        default=None,
        description="File of accounts that may see single dossiers and set marks; made by "
        "`ioc wall-user add`.",
    )
    session_hours: float = Field(
        default=12.0, gt=0, le=72, description="How long somebody who signed in stays so."
    )
    mark_hours: int = Field(
        default=24 * 7, ge=1, description="Longest time for which a mark may stand, in hours."
    )
    allowed_hosts: str = Field(
        default="",
        description="Host names, comma separated, by which a proxy on this machine is asked.",
    )
    ranking_minimum: int = Field(
        default=30, ge=1, description="Fewest dossiers with which a unit's share is ranked."
    )
    ranking_rows: int = Field(default=7, ge=1, le=50, description="Units that a ranking shows.")
    max_views: int = Field(
        default=64,
        ge=1,
        description="Different boards, periods and units that are shown at one time at most.",
    )

    def secret(self) -> SecretStr:
        """Return the token from the file if one is named, else from the environment."""
        return read_secret(self.token_file) if self.token_file else self.token

    def tv_secret(self) -> SecretStr:
        """Return the TVs' token from the file if one is named, else from the environment."""
        return read_secret(self.tv_token_file) if self.tv_token_file else self.tv_token


class ReportingSettings(BaseSettings):
    """Reporting periods and shifts of the walls (IOC_REPORTING_…)."""

    model_config = settings_config("IOC_REPORTING_")

    month_first_day: int = Field(
        default=1,
        ge=1,
        le=28,
        description="Day on which a reporting month begins; 21 = from the 21st to the 20th.",
    )
    year_first_month: int = Field(
        default=1,
        ge=1,
        le=12,
        description="Month with which the reporting year begins; 12 = the first quarter is "
        "December to February.",
    )
    shifts: str = Field(
        default="07:00",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d(,([01]\d|2[0-3]):[0-5]\d)*$",
        description="When shifts begin, HH:MM, comma separated; red is what came up since.",
    )

    def shift_seconds(self) -> tuple[int, ...]:
        """Return the shifts' beginnings as seconds after midnight, in rising order."""
        starts = (text.split(":") for text in self.shifts.split(","))
        return tuple(sorted({int(hours) * 3600 + int(minutes) * 60 for hours, minutes in starts}))


class GrafanaSettings(BaseSettings):
    """Where Grafana is, how it reaches the warehouse, when it alerts (IOC_GRAFANA_…)."""

    model_config = settings_config("IOC_GRAFANA_")

    url: str = Field(default="", description="http(s)://host:port[/path] of Grafana.")
    token: SecretStr = Field(
        default=SecretStr(""), description="Token of a service account with the role Admin."
    )
    token_file: Path | None = Field(default=None, description="File with the token.")
    ca_file: Path | None = Field(
        default=None, description="Certificates to trust for Grafana's https, PEM."
    )
    timeout_seconds: float = Field(default=10.0, gt=0, description="Limit of one request.")
    public_url: str = Field(
        default="", description="Grafana's address for screens; empty = IOC_GRAFANA_URL."
    )
    clickhouse_url: str = Field(
        default="",
        description="The warehouse as Grafana reaches it; empty = IOC_CLICKHOUSE_URL.",
    )
    clickhouse_username: str = Field(
        default="", description="Its read-only user; empty = IOC_CLICKHOUSE_READ_USERNAME."
    )
    clickhouse_password: SecretStr = Field(
        default=SecretStr(""), description="That user's password; empty = that of the walls."
    )
    clickhouse_password_file: Path | None = Field(
        default=None, description="File with that password."
    )
    refresh: str = Field(
        default="10s",
        pattern=r"^[1-9]\d*[smh]$",
        description="How often a dashboard asks again; Grafana's own minimum is 5s.",
    )
    rotate_seconds: int = Field(
        default=20, ge=5, description="How long the playlist shows each dashboard."
    )
    alert_emails: str = Field(
        default="", description="Who gets Grafana's alerts by mail, comma separated."
    )
    alert_webhook: SecretStr = Field(
        default=SecretStr(""), description="Address that gets Grafana's alerts by POST."
    )
    alert_webhook_file: Path | None = Field(
        default=None, description="File with that address, where it holds a secret."
    )
    overdue_share: float = Field(
        default=0.1,
        gt=0,
        le=1,
        description="Share of overdue dossiers of a unit above which Grafana alerts.",
    )
    lag_events: int = Field(
        default=10_000, ge=0, description="Events waiting in Kafka above which Grafana alerts."
    )
    worker_silence_seconds: int = Field(
        default=120, ge=5, description="Silence of the workers after which Grafana alerts."
    )
    dead_letters: int = Field(
        default=0, ge=0, description="Open dead letters above which Grafana alerts."
    )

    def secret(self) -> SecretStr:
        """Return the token from the file if one is named, else from the environment."""
        return read_secret(self.token_file) if self.token_file else self.token

    def clickhouse_secret(self) -> SecretStr:
        """Return the password of Grafana's user of the warehouse; empty if none is set."""
        if self.clickhouse_password_file:
            return read_secret(self.clickhouse_password_file)
        return self.clickhouse_password

    def webhook(self) -> SecretStr:
        """Return the webhook's address from the file if one is named."""
        if self.alert_webhook_file:
            return read_secret(self.alert_webhook_file)
        return self.alert_webhook
