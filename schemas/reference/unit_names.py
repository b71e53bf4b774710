"""Finds units by the agency names that stand in feeds, without guessing.

A name may carry an office (``UBND``, ``Bộ phận Một cửa``), an abbreviated kind (``TP.``, ``P.``)
and the units above (``xã Cao Sơn, huyện Đà Bắc``). Spelling with diacritics is tried first,
because some names differ in nothing else (Văn Sơn, Vân Sơn); then without them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from schemas.reference.unit_model import Level, Unit
from schemas.reference.vietnamese_text import without_diacritics, words_of

_KINDS = {
    ("tp",): words_of("thành phố"),
    ("t", "p"): words_of("thành phố"),
    ("tx",): words_of("thị xã"),
    ("t", "x"): words_of("thị xã"),
    ("tt",): words_of("thị trấn"),
    ("t", "t"): words_of("thị trấn"),
    ("p",): words_of("phường"),
    ("x",): words_of("xã"),
    ("h",): words_of("huyện"),
    ("q",): words_of("quận"),
    ("t",): words_of("tỉnh"),
}
# A commune's or district's own desk and council speak for the unit. Longest first.
_OFFICES = tuple(
    sorted(
        (
            tuple(without_diacritics(word) for word in words_of(office))
            for office in (
                "Ủy ban nhân dân",
                "UBND",
                "Hội đồng nhân dân",
                "HĐND",
                "Bộ phận Một cửa",
                "Bộ phận Một cửa liên thông",
                "BP Một cửa",
                "Bộ phận tiếp nhận và trả kết quả",
                "Bộ phận tiếp nhận và trả kết quả giải quyết thủ tục hành chính",
                "Bộ phận TN&TKQ",
                "Trung tâm Phục vụ hành chính công",
                "Trung tâm PVHCC",
                "TT Phục vụ hành chính công",
                "TT PVHCC",
                "TTPVHCC",
            )
        ),
        key=len,
        reverse=True,
    )
)
_CONNECTING = frozenset({"thuoc", "cua"})

_Words = tuple[str, ...]
_Index = Mapping[_Words, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name for a unit.

    Attributes:
        source: the feed that uses it, None for every feed.
        name: the name as it stands in the feed.
        code: the unit.
    """

    source: str | None
    name: str
    code: str


class UnitNames:
    """An index of all names of a registry's units; immutable once made."""

    def __init__(self, units: Mapping[str, Unit], aliases: Iterable[Alias]) -> None:
        self._units = units
        exact: defaultdict[_Words, set[str]] = defaultdict(set)
        of_source: defaultdict[str, defaultdict[_Words, set[str]]] = defaultdict(
            lambda: defaultdict(set)
        )
        for unit in units.values():
            words = words_of(unit.name)
            exact[words].add(unit.code)
            kind = words_of(unit.kind)
            if unit.level is not Level.DEPARTMENT and words[: len(kind)] == kind:
                exact[words[len(kind) :]].add(unit.code)
        for alias in aliases:
            index = exact if alias.source is None else of_source[alias.source]
            index[_expand_kind(words_of(alias.name))].add(alias.code)
        self._general = _both_spellings(exact)
        self._of_source = {source: _both_spellings(index) for source, index in of_source.items()}

    def find(self, name: str, source: str | None) -> frozenset[str]:
        """Codes of all units that the name may mean; empty when there is none.

        A source's own aliases win over everything else and are matched as a whole.
        """
        words = words_of(name)
        for index, spell in self._of_source.get(source, ()) if source is not None else ():
            codes = index.get(spell(_expand_kind(words)), frozenset())
            if codes:
                return codes
        for variant in (words, _strip_offices(words)):
            for index, spell in self._general:
                codes = self._parse(spell(variant), index, spell)
                if codes:
                    return codes
        return frozenset()

    def is_official(self, name: str, unit: Unit) -> bool:
        """Whether the name is the unit's full official one, with its diacritics.

        An office before it, an abbreviated kind and units above after it do not matter.
        """
        official = words_of(unit.name)
        words = words_of(name)
        return any(
            _expand_kind(variant)[: len(official)] == official
            for variant in (words, _strip_offices(words))
        )

    def _parse(
        self, words: _Words, index: _Index, spell: Callable[[_Words], _Words]
    ) -> frozenset[str]:
        """Units named by the words: a unit's name, then the names of units above it."""
        words = spell(_expand_kind(words))
        found: set[str] = set()
        for length in range(1, len(words) + 1):
            codes = index.get(words[:length])
            if codes is None:
                continue
            rest = words[length:]
            while rest and without_diacritics(rest[0]) in _CONNECTING:
                rest = rest[1:]
            if rest:
                above = self._parse(rest, index, spell)
                codes = frozenset(code for code in codes if above & self._above(code))
            found |= codes
        return frozenset(found)

    def _above(self, code: str) -> frozenset[str]:
        above = set()
        parent = self._units[code].parent
        while parent is not None:
            above.add(parent)
            parent = self._units[parent].parent
        return frozenset(above)


def _as_written(words: _Words) -> _Words:
    return words


def _bare(words: _Words) -> _Words:
    return tuple(without_diacritics(word) for word in words)


def _both_spellings(
    exact: Mapping[_Words, set[str]],
) -> tuple[tuple[_Index, Callable[[_Words], _Words]], ...]:
    bare: defaultdict[_Words, set[str]] = defaultdict(set)
    for words, codes in exact.items():
        bare[_bare(words)] |= codes
    return (
        ({words: frozenset(codes) for words, codes in exact.items()}, _as_written),
        ({words: frozenset(codes) for words, codes in bare.items()}, _bare),
    )


def _expand_kind(words: _Words) -> _Words:
    for length in (2, 1):
        kind = _KINDS.get(words[:length])
        if kind is not None:
            return kind + words[length:]
    return words


def _strip_offices(words: _Words) -> _Words:
    stripping = True
    while stripping:
        stripping = False
        bare = _bare(words)
        for office in _OFFICES:
            if bare[: len(office)] == office and len(words) > len(office):
                words = words[len(office) :]
                stripping = True
                break
    return words
