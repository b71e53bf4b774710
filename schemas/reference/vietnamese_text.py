"""Makes differently typed Vietnamese names comparable.

Real feeds write one name in many ways: composed or decomposed characters, ``Hoà`` or ``Hòa``,
capitals, no diacritics at all, any punctuation.
"""

from __future__ import annotations

import re
import unicodedata

# Grave, acute, tilde, hook above, dot below; circumflex, breve and horn belong to the letter.
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_WORD = re.compile(r"[^\W_]+")
# Icelandic eth looks like đ and comes from old keyboards and code pages.
_LOOKALIKES = str.maketrans({"ð": "đ"})
# One sound, two spellings that both are in use: Kỳ Sơn, Kì Sơn; Lạc Sỹ, Lạc Sĩ.
_FINAL_Y = re.compile(r"^([hklmstv]|qu)y$")


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in one canonical spelling that keeps its diacritics.

    Each tone mark goes to the end of its syllable, so that its place (``oà`` or ``òa``) and the
    Unicode form no longer matter. Everything but letters and digits separates words. The word
    ``và`` is dropped, because feeds write ``&``, a comma or nothing for it.
    """
    text = unicodedata.normalize("NFC", name).casefold().translate(_LOOKALIKES)
    words = (_tone_last(word) for word in _WORD.findall(text))
    return tuple(word for word in words if without_diacritics(word) != "va")


def without_diacritics(word: str) -> str:
    """The bare Latin letters of a word that came from `words_of`, with one spelling of i and y."""
    decomposed = unicodedata.normalize("NFD", word)
    letters = "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d")
    return _FINAL_Y.sub(r"\1i", letters)


def _tone_last(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    letters = "".join(c for c in decomposed if c not in _TONES)
    tones = "".join(c for c in decomposed if c in _TONES)
    # Not composed again as a whole: the tone would melt into the last letter.
    return unicodedata.normalize("NFC", letters) + tones
