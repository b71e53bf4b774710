"""The configuration files of the embedded Kafka."""

from __future__ import annotations

from pathlib import Path

from ioc.embedded.ports import LOOPBACK

MESSAGE_MAX_BYTES = 8 * 1024 * 1024
_TEN_YEARS_MINUTES = 10 * 366 * 24 * 60


def server_properties(*, port: int, controller_port: int, log_folder: Path) -> str:
    """Return the broker's settings: one node that is broker and controller."""
    settings: dict[str, object] = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@{LOOPBACK}:{controller_port}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://{LOOPBACK}:{port},CONTROLLER://{LOOPBACK}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{port}",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": str(log_folder),
        # A topic exists because somebody decided on its partitions and retention.
        "auto.create.topics.enable": "false",
        "num.partitions": 1,
        # Event times lie in the past or, with wrong clocks, in the future; with the
        # producer's time Kafka would refuse or expire such records.
        "log.message.timestamp.type": "LogAppendTime",
        "message.max.bytes": MESSAGE_MAX_BYTES,
        "replica.fetch.max.bytes": MESSAGE_MAX_BYTES,
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 4,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        # A worker that comes back after a long holiday finds its place.
        "offsets.retention.minutes": _TEN_YEARS_MINUTES,
        "group.initial.rebalance.delay.ms": 0,
        "group.min.session.timeout.ms": 2000,
        # After a crash the controller still holds the dead broker's registration and refuses
        # the new one until it expires (9 s by default).
        "broker.session.timeout.ms": 3000,
        "broker.heartbeat.interval.ms": 500,
        # One disk and one reader: more threads only cost memory and start time.
        "num.network.threads": 2,
        "num.io.threads": 4,
        "background.threads": 2,
        "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def log4j_properties(log_file: Path) -> str:
    """Return the logging settings: a rolling file of at most four times 10 MB."""
    return f"""status = error
appender.file.type = RollingFile
appender.file.name = FILE
appender.file.fileName = {log_file}
appender.file.filePattern = {log_file}.%i
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{{yyyy-MM-dd'T'HH:mm:ss.SSSXXX}} %p %c{{1}} %m%n
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 10MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 3
rootLogger.level = info
rootLogger.appenderRef.file.ref = FILE
"""
