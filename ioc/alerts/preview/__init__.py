"""Runs rules over a past period, in memory: nothing is sent and nothing is written."""
