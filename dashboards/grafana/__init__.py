"""The Grafana renderer: boards to dashboards and alert rules, without any network."""
