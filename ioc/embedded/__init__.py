"""Real Kafka and real ClickHouse from Python packages, for one machine.

Each engine is a process of its own that listens on the loopback address and keeps its
data in one folder. Import the classes from `ioc.embedded.kafka` and
`ioc.embedded.clickhouse`.
"""
