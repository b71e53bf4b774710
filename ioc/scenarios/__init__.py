"""Deterministic streams of events whose dossiers add up to known figures."""
