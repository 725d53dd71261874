"""Each filter as a function of one prompt: why it is left out, or None."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from pydantic import JsonValue

from aaa.scenario import EXCERPT, FilterRule, Place, PromptRow, RefusedRow
from aaa.text import identified, is_refusal, personal_data, words
from aaa.types import Message

NGRAM: Final = 5
"""Words of the n-grams whose repeats are counted (Rae et al. 2021, arXiv 2112.11446, have 5 to 10)."""
_MOJIBAKE: Final = re.compile(
    "\ufffd|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[\ud800-\udfff]|\u00c3[\u0080-\u00bf]|\u00e2\u20ac|\u00c2[\u00a0-\u00bf]"
)
"""Replacement and control characters, halves of surrogate pairs, and UTF-8 that was read as Latin-1 or Windows-1252."""


class Filtered(Protocol):
    """What filters read of a row."""

    @property
    def messages(self) -> tuple[Message, ...]: ...
    @property
    def language(self) -> str | None: ...
    @property
    def meta(self) -> dict[str, JsonValue]: ...


def fault(row: Filtered, rules: Sequence[FilterRule]) -> tuple[str, str] | None:
    """The first rule, in their order, that leaves the row out, and what it found there; None where none does."""
    text = "\n".join(message.text for message in row.messages)
    for rule in rules:
        if (found := CHECKS[rule.name](row, text, rule)) is not None:
            return rule.name, found
    return None


def filtered(rows: Iterable[PromptRow | RefusedRow], rules: Sequence[FilterRule]) -> Iterator[PromptRow | RefusedRow]:
    """The same rows, one for one; those that a rule leaves out are refused as `filtered`."""
    for number, row in enumerate(rows, 1):
        found = fault(row, rules) if isinstance(row, PromptRow) else None
        if found is None or not isinstance(row, PromptRow):
            yield row
        else:
            excerpt = row.messages[-1].text[:EXCERPT]
            yield RefusedRow(Place("filter", number), "filtered", ": ".join(found), excerpt, row.source_id)


def _language(row: Filtered, text: str, rule: FilterRule) -> str | None:
    language = row.language or identified(text)
    return None if language is None or language in (rule.language or ()) else language


def _pii(row: Filtered, text: str, rule: FilterRule) -> str | None:
    """Names the kinds only: the data itself is not copied into reports."""
    return ", ".join(sorted({kind for kind, _ in personal_data(text)})) or None


def _length(row: Filtered, text: str, rule: FilterRule) -> str | None:
    assert rule.length is not None
    count = len(words(text))
    if count < rule.length.min:
        return f"{count} words, fewer than {rule.length.min}"
    if rule.length.max is not None and count > rule.length.max:
        return f"{count} words, more than {rule.length.max}"
    return None


def _refusals(row: Filtered, text: str, rule: FilterRule) -> str | None:
    answer = row.meta.get("answer")
    if isinstance(answer, str) and is_refusal(answer):
        return "the answer declines"
    return "the text declines" if is_refusal(text) else None


def _repetition(row: Filtered, text: str, rule: FilterRule) -> str | None:
    assert rule.repetition is not None
    found = words(text)
    grams = [tuple(found[at : at + NGRAM]) for at in range(len(found) - NGRAM + 1)]
    share = 1.0 - len(set(grams)) / len(grams) if grams else 0.0
    return f"{share:.0%} of its {NGRAM}-grams are repeats" if share > rule.repetition else None


def _encoding(row: Filtered, text: str, rule: FilterRule) -> str | None:
    found = _MOJIBAKE.search(text)
    return None if found is None else f"{found[0]!a} at character {found.start()}"


CHECKS: Mapping[str, Callable[[Filtered, str, FilterRule], str | None]] = {
    "language": _language,
    "pii": _pii,
    "length": _length,
    "refusals": _refusals,
    "repetition": _repetition,
    "encoding": _encoding,
}
