"""Readers of files of events, and the sender that puts events into Kafka."""
