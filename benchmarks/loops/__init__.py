"""Processes that do the worker's job in other ways, to compare with."""
