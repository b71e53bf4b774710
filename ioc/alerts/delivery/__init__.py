"""Brings planned messages to their channels, and says in the ledger what came of each."""
