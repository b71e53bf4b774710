"""Bringing the rendered dashboards into a Grafana: over its HTTP interface, or as files."""
