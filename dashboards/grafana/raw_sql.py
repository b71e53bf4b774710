"""A query of the catalogue as the text that Grafana stores."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dashboards.grafana.parameters import expression
from dashboards.query import Query
from schemas.errors import ConfigurationError

_PARAMETER = re.compile(r"\{(\w+):[\w()]+\}")
#: Literals stay; a comment may hold an apostrophe that older plugins take for one.
_LITERAL_OR_COMMENT = re.compile(r"('(?:[^'\\]|\\.|'')*')|--[^\n]*")
#: Grafana would take these for variables or macros of its own.
_GRAFANA_SIGN = re.compile(r"\$\w|\$\{|\[\[\w")


def raw_sql(query: Query, expressions: Mapping[str, str]) -> str:
    """Replace every parameter by its expression and drop comments.

    Raises:
        ConfigurationError: a parameter has no expression, or the file holds a sign that Grafana
            would replace.
    """
    bare = _LITERAL_OR_COMMENT.sub(lambda match: match[1] or "", query.text)
    sign = _GRAFANA_SIGN.search(bare)
    if sign is not None:
        raise ConfigurationError(f"{query.name}.sql holds {sign[0]!r}, which Grafana replaces")
    bound = _PARAMETER.sub(lambda match: expression(match[1], expressions, query.name), bare)
    lines = (line.rstrip() for line in bound.splitlines())
    return "\n".join(line for line in lines if line)
