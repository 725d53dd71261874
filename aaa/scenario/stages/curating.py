"""Stages that choose among prompts by what they say."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from aaa.scenario.filtering import FilterRule
from aaa.scenario.one_or_more import OneOrMore
from aaa.scenario.sampling import Sampling
from aaa.scenario.slicing import Slicing
from aaa.scenario.stages.base import StageBase

DedupMethod = Literal["exact", "minhash", "embedding"]

NgramRule = Literal["tulu-3", "gpt-3", "datatrove", "gpt-4", "apertus"]


class FilterStage(StageBase):
    """Sets prompts aside that a rule leaves out, each with the rule and what it found (docs/data-in.md)."""

    branches: ClassVar[bool] = True
    kind: Literal["filter"] = "filter"
    rules: Annotated[tuple[FilterRule, ...], Field(min_length=1)]
    """In this order, such as `[{language: [en]}, pii, {length: {max: 500}}]`."""
    mode: Literal["live"] = "live"
    """It makes no call."""


class SampleStage(StageBase, Sampling):
    """Draws a sample of the prompts that there are by then, and sets the others aside: waits for all of them."""

    kind: Literal["sample"] = "sample"
    mode: Literal["live"] = "live"
    """It makes no call."""


class SliceStage(StageBase, Slicing):
    """Divides the prompts into slices `D0`, `D1`, ... and splits, by whole clusters: waits for all of them.

    Near-duplicates, and all that was made of one prompt, are one cluster. Later stages take a slice by `where`.
    """

    kind: Literal["slice"] = "slice"
    gaps_from: str = "gaps"
    """gap: where the gaps of skills come from: the `gaps` stage before, a `session:NAME`, or a file."""
    mode: Literal["live"] = "live"
    """It makes no call."""

    @property
    def gap_source(self) -> str | None:
        """Where gaps come from, if the schedule follows any."""
        return self.gaps_from if self.schedule == "gap" else None


class DedupStage(StageBase):
    """Keeps one prompt, or answer, of each cluster of duplicates (docs/decontamination.md)."""

    kind: Literal["dedup"] = "dedup"
    of: Literal["prompts", "answers"] = "prompts"
    """`answers`: those of all prompts; selections leave out what says the same as a better one, the prompts go on."""
    min_words: Annotated[int, Field(ge=0)] = 0
    """Shorter texts are like nothing: many prompts have the right answer `42`."""
    method: DedupMethod = "minhash"
    threshold: Annotated[float, Field(gt=0.0, le=1.0)] = 0.9
    """embedding: cosine from which two prompts are duplicates."""
    embedding: str = "auto"
    """embedding: `wordllama`, `hashed-ngrams`, `auto` (the first where it is installed, else the second), or a model
    that makes vectors."""
    mode: Literal["live"] = "live"
    """It waits for all prompts: no batch can hold it."""


class DecontaminateStage(StageBase):
    """Sets prompts aside that ask what a benchmark asks (docs/decontamination.md)."""

    branches: ClassVar[bool] = True
    kind: Literal["decontaminate"] = "decontaminate"
    against: Annotated[OneOrMore, Field(min_length=1)]
    """JSON Lines files or patterns, found as those of `prompts.from` are."""
    method: Literal["ngram", "semantic", "both"] = "both"
    rule: NgramRule = "tulu-3"
    embedding: str = "auto"
    """`wordllama`, `hashed-ngrams`, `auto` (the first where it is installed, else the second), or a model that makes
    vectors."""
    threshold: Annotated[float, Field(gt=0.0, le=1.0)] | None = None
    """Cosine from which the semantic pass looks at two texts; default: the calibrated one, which models do not have."""
    judge: str | None = None
    """A group of the cast, of which one model decides, drawn for each prompt by seed, whether texts that lie close to
    each other ask for the same; without it a rule does."""
    mode: Literal["live"] = "live"
    """One question follows the other: no batch can hold it."""
