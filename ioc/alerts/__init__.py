"""Alerts about late files, for the people who answer for them."""
