"""Which texts a benchmark must not meet in training data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from aaa.curate.decontamination.rules import Index, index_of
from aaa.curate.decontamination.semantic import SemanticIndex, Suspect
from aaa.scenario import NgramRule
from aaa.text import Vectors, normalised
from aaa.types import Value

DecontaminationMethod = Literal["ngram", "semantic", "both"]


class Decontamination(Value):
    """What counts as contaminated."""

    method: DecontaminationMethod = "both"
    rule: NgramRule = "tulu-3"
    """A published rule of common words; texts that are equal but for case and white space are always found."""
    threshold: Annotated[float, Field(gt=0.0, le=1.0)] = 0.5
    """Cosine from which the semantic pass looks at two texts (see `threshold_of`)."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """A text that asks what a text of the benchmark asks; both by position."""

    at: int
    match: int
    method: str
    """`exact`, the name of a rule, or `semantic`; the first of them that found it."""
    score: float


@dataclass(frozen=True)
class Benchmark:
    """Texts to be kept out; prepared once, when first asked."""

    texts: tuple[str, ...]
    settings: Decontamination
    vectors: Vectors | None = None
    """One for each text, where there is a semantic pass."""

    @cached_property
    def exact(self) -> dict[str, int]:
        """Positions by normalised text."""
        return {text: at for at, text in reversed(list(enumerate(map(normalised, self.texts)))) if text}

    @cached_property
    def ngrams(self) -> Index:
        """The index of the rule."""
        return index_of(self.settings.rule, self.texts)

    @cached_property
    def meanings(self) -> SemanticIndex:
        """The index of the semantic pass."""
        assert self.vectors is not None, "a semantic pass is given vectors"
        return SemanticIndex(self.texts, self.vectors, self.settings.threshold)


def held_out(texts: Sequence[str], benchmark: Benchmark, vectors: Vectors | None = None) -> list[Flagged]:
    """Texts that must not be trained on, in order, each once; `vectors` of the texts are what the semantic pass needs.

    A rule decides where texts lie close to each other; see `suspects` for what a judge would be asked.
    """
    found = {one.at: one for one in by_words(texts, benchmark)}
    if vectors is not None:
        for at, near in suspects(texts, benchmark, vectors, found).items():
            same = benchmark.meanings.same(texts[at], near)
            if same is not None:
                found[at] = Flagged(at, same.match, "semantic", same.cosine)
    return [found[at] for at in sorted(found)]


def by_words(texts: Sequence[str], benchmark: Benchmark) -> list[Flagged]:
    """Texts that are equal to one of the benchmark, or share enough words with it."""
    found = {at: Flagged(at, same, "exact", 1.0) for at, same in _equal(texts, benchmark)}
    if benchmark.settings.method != "semantic":
        for at in [at for at in range(len(texts)) if at not in found]:
            matches = sorted(benchmark.ngrams.matches(texts[at]), key=lambda match: (-match[1], match[0]))
            if matches:
                found[at] = Flagged(at, matches[0][0], benchmark.settings.rule, round(matches[0][1], 4))
    return [found[at] for at in sorted(found)]


def suspects(
    texts: Sequence[str], benchmark: Benchmark, vectors: Vectors, found: Mapping[int, object]
) -> dict[int, list[Suspect]]:
    """By position, the texts of the benchmark that each text lies close to; not for those that were `found` already."""
    rest = [at for at in range(len(texts)) if at not in found and texts[at].strip()]
    near = benchmark.meanings.suspects(vectors[rest]) if rest else []
    return {at: close for at, close in zip(rest, near, strict=True) if close}


def _equal(texts: Sequence[str], benchmark: Benchmark) -> list[tuple[int, int]]:
    known = benchmark.exact
    return [(at, known[text]) for at, text in enumerate(map(normalised, texts)) if text in known]
