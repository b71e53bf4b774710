"""Takes events in: checked one by one, put into Kafka together, answered one by one."""
