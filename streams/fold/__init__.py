"""The fold: a dossier's state as a pure function of the set of its events (docs/fold.md)."""

from streams.fold.facts import Facts, LegFacts, Phase, Verdict
from streams.fold.fold import fold
from streams.fold.order import order_events
from streams.fold.rules import FoldRules

__all__ = ["Facts", "FoldRules", "LegFacts", "Phase", "Verdict", "fold", "order_events"]
