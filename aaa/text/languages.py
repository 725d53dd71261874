"""Which language a text is in, as far as its script and its commonest words say."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache

from aaa.text.styles import words

LEAST = 2
"""Common words of a language from which it can be told (ours); a short text says too little. Plain single letters are
none of them, since they are also names of variables."""
_COMMON = {
    "en": "the of and to in is what how that for with are which you write give this from your an was she he it does"
    " we my",
    "de": "der die das und ist wie viel ein eine von zu den mit welche was schreibe auf für nicht dem im"
    " an es ich du wir uns mir hier",
    "fr": "le la les et est une des que quel quelle du pour dans un combien sur écris donne avec au"
    " je tu vous nous ce qui pas",
    "es": "el los las es una que cuál cuánto cuántos para con del por escribe calcula en un al yo tú lo su eso",
    "it": "il lo gli è una che quale quanto quanti per con della di scrivi calcola nel un al io mi ti ci sono ho",
    "pt": "os as é uma que qual quanto quantos para com do da escreva calcule em um ao não eu você isso seu",
    "nl": "de het een en is wat hoe van met voor welke schrijf op niet dat zijn ik je we er dit",
}
_SPOKEN = {
    word: tuple(language for language, common in _COMMON.items() if word in common.split())
    for word in sorted(set(" ".join(_COMMON.values()).split()))
}
"""The languages in which a word is common."""
LATIN = frozenset(_COMMON)
"""Languages in Latin script that can be told."""


Told = tuple[str | None, str | None]
"""Script and language, as far as they can be told."""
_LETTER = re.compile("[A-Za-z]")
_KANA = re.compile("[\u3041-\u30fa]")
_OF_SCRIPT = {
    "CJK": "zh",
    "HANGUL": "ko",
    "CYRILLIC": "ru",
    "ARABIC": "ar",
    "HEBREW": "he",
    "DEVANAGARI": "hi",
    "GREEK": "el",
    "THAI": "th",
}


def script_of(text: str) -> str | None:
    """The script of most letters, such as `LATIN` or `CYRILLIC`; None without letters. Han and kana count as one."""
    if text.isascii():
        return "LATIN" if _LETTER.search(text, 0, 4000) else None
    letters = Counter(text[:4000])
    scripts: Counter[str] = Counter()
    for char, number in letters.items():
        if (script := script_of_letter(char)) is not None:
            scripts[script] += number
    return scripts.most_common(1)[0][0] if scripts else None


@cache
def script_of_letter(char: str) -> str | None:
    """The script of one character; None where it is no letter."""
    if not char.isalpha():
        return None
    script = unicodedata.name(char, "?").split()[0]
    return "CJK" if script in ("HIRAGANA", "KATAKANA") else script


def language_of(text: str, *, least: int = LEAST) -> str | None:
    """One of seven languages in Latin script, where its common words outnumber clearly those of every other; or None.

    `least` common words are needed. Of another script, the language that most of its texts are in. Ours: a guess that
    is meant to be silent rather than wrong.
    """
    return told(text, words(text), least)[1]


def language_changed(before: str, after: str) -> bool:
    """Whether `after` is in another language than `before`, as far as both can be told."""
    return differ(told(before, words(before)), told(after, words(after)))


def differ(one: Told, other: Told) -> bool:
    """Whether two texts are in different scripts or languages, as far as both can be told."""
    return any(None not in pair and pair[0] != pair[1] for pair in zip(one, other, strict=True))


def told(text: str, said: Iterable[str], least: int = LEAST) -> Told:
    """Script and language of a text, whose words are `said`."""
    script = script_of(text)
    if script in _OF_SCRIPT:
        return script, "ja" if script == "CJK" and _KANA.search(text) else _OF_SCRIPT[script]
    counts = dict.fromkeys(_COMMON, 0)
    for word in filter(_SPOKEN.__contains__, said):
        for language in _SPOKEN[word]:
            counts[language] += 1
    second, most = sorted(counts.values())[-2:]
    return script, max(counts, key=counts.__getitem__) if most >= least and most >= 1.5 * second else None
