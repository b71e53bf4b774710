"""The door for integrators: events come in by HTTP, go to Kafka, and are answered one by one."""
