"""Finds what workers do not raise: apologies, units above a threshold, silent desks, digests."""
