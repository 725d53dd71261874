"""Stages that choose among prompts by what they say."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from aaa.scenario.stages.base import OneOrMore, StageBase

DedupMethod = Literal["exact", "minhash", "embedding"]

NgramRule = Literal["tulu-3", "gpt-3", "datatrove", "gpt-4", "apertus"]


class DedupStage(StageBase):
    """Keeps one prompt of each cluster of duplicates (docs/decontamination.md) and sets the others aside."""

    kind: Literal["dedup"] = "dedup"
    method: DedupMethod = "minhash"
    threshold: Annotated[float, Field(gt=0.0, le=1.0)] = 0.9
    """embedding: cosine from which two prompts are duplicates."""
    embedding: Literal["wordllama", "hashed-ngrams"] = "hashed-ngrams"
    mode: Literal["live"] = "live"
    """It makes no call."""


class DecontaminateStage(StageBase):
    """Sets prompts aside that ask what a benchmark asks (docs/decontamination.md)."""

    branches: ClassVar[bool] = True
    kind: Literal["decontaminate"] = "decontaminate"
    against: Annotated[OneOrMore, Field(min_length=1)]
    """JSON Lines files or patterns, found as those of `prompts.from` are."""
    method: Literal["ngram", "semantic", "both"] = "both"
    rule: NgramRule = "tulu-3"
    embedding: Literal["wordllama", "hashed-ngrams"] = "hashed-ngrams"
    threshold: Annotated[float, Field(gt=0.0, le=1.0)] | None = None
    """Cosine of the semantic pass; default: the calibrated one."""
    mode: Literal["live"] = "live"
    """It makes no call."""
