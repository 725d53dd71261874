"""Which texts a benchmark must not meet in training data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from aaa.curate.decontamination.rules import Index, index_of
from aaa.curate.decontamination.semantic import THRESHOLDS, SemanticIndex
from aaa.llm.embedding import default_embedding, local_embedding
from aaa.scenario import NgramRule
from aaa.text import normalised
from aaa.types import Value

DecontaminationMethod = Literal["ngram", "semantic", "both"]


class Decontamination(Value):
    """What counts as contaminated."""

    method: DecontaminationMethod = "both"
    rule: NgramRule = "tulu-3"
    """A published rule of common words; texts that are equal but for case and white space are always found."""
    embedding: str = Field(default_factory=default_embedding)
    """What the semantic pass compares by: `wordllama` (extra `embeddings`) where installed, or `hashed-ngrams`."""
    threshold: Annotated[float, Field(gt=0.0, le=1.0)] | None = None
    """Cosine from which it takes texts for the same; default: calibrated for the embedding."""


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
        """The index of the semantic pass. Raises `UsageError` for an embedding that is not there."""
        name = self.settings.embedding
        embed = local_embedding(name)
        return SemanticIndex(self.texts, embed, self.settings.threshold or THRESHOLDS[name])


def held_out(texts: Sequence[str], benchmark: Benchmark) -> list[Flagged]:
    """Texts that must not be trained on, in order, each once."""
    method = benchmark.settings.method
    found = {at: Flagged(at, same, "exact", 1.0) for at, same in _equal(texts, benchmark)}
    if method != "semantic":
        rest = [at for at in range(len(texts)) if at not in found]
        for at in rest:
            matches = sorted(benchmark.ngrams.matches(texts[at]), key=lambda match: (-match[1], match[0]))
            if matches:
                found[at] = Flagged(at, matches[0][0], benchmark.settings.rule, round(matches[0][1], 4))
    if method != "ngram":
        rest = [at for at in range(len(texts)) if at not in found and texts[at].strip()]
        for place, match, score in benchmark.meanings.matches([texts[at] for at in rest]):
            found[rest[place]] = Flagged(rest[place], match, "semantic", score)
    return [found[at] for at in sorted(found)]


def _equal(texts: Sequence[str], benchmark: Benchmark) -> list[tuple[int, int]]:
    known = benchmark.exact
    return [(at, known[text]) for at, text in enumerate(map(normalised, texts)) if text in known]
