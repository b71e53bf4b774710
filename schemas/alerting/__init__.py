"""Alerting as its files say it: which rules there are, who the people are."""
