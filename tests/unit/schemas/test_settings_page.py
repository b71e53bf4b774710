"""The page of settings says what the code says; run `make docs` after a change."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_committed_page_is_fresh():
    made = runpy.run_path(str(ROOT / "scripts" / "make_docs.py"))
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == made["settings_page"]()


def test_the_page_of_metrics_is_fresh():
    made = runpy.run_path(str(ROOT / "scripts" / "make_docs.py"))
    assert (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8") == made["metrics_page"]()


def test_every_setting_has_its_sentence():
    made = runpy.run_path(str(ROOT / "scripts" / "make_docs.py"))
    for each in made["CLASSES"]:
        for name, field in each.model_fields.items():
            assert field.description, f"{each.__name__}.{name}"
            assert field.description.endswith("."), f"{each.__name__}.{name}"
