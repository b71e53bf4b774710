"""The texts of `ioc dashboards`: both languages, the same placeholders."""

from __future__ import annotations

import re
import string

import pytest

from dashboards.grafana.texts import GrafanaText
from schemas.grafana_texts import GrafanaSaid
from schemas.messages import Worded


@pytest.mark.parametrize("text", [*GrafanaSaid, *GrafanaText], ids=str)
def test_both_languages_are_there_and_agree(text: Worded):
    vi, en = text.value
    assert vi.strip()
    assert en.strip()
    found = [
        {name for _, name, _, _ in string.Formatter().parse(each) if name} for each in (vi, en)
    ]
    assert found[0] == found[1]
    if text is not GrafanaText.OTHER_LANGUAGE:
        assert not re.search(r"[ăâđêôơưạ-ỹ]", en)


@pytest.mark.parametrize("catalogue", [GrafanaSaid, GrafanaText])
def test_no_text_stands_there_twice_under_two_names(catalogue: type[Worded]):
    assert len(catalogue.__members__) == len(list(catalogue))
