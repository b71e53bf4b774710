"""Queries that only Grafana needs: lists of its variables, conditions of its alert rules."""

from __future__ import annotations

from functools import cache
from importlib import resources

from dashboards.query import Query


@cache
def own_query(name: str) -> Query:
    """Read a file of `dashboards/grafana/sql/`; raises `FileNotFoundError`.

    Its parameters are replaced by `raw_sql` like those of the catalogue's files, never bound.
    """
    text = resources.files("dashboards.grafana").joinpath("sql", f"{name}.sql").read_text("utf-8")
    return Query(name, text, frozenset())
