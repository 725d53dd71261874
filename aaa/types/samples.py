"""What a selection produces."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue, model_validator

from aaa.types.answers import AnswerContext
from aaa.types.base import SessionRecord
from aaa.types.messages import Message, said
from aaa.types.models import Producer

RejectionReason = Literal[
    "duplicate",
    "no_verdict",
    "tie",
    "inconsistent",
    "no_quorum",
    "low_margin",
    "equal_score",
    "equal_text",
    "empty",
    "truncated",
    "refusal",
    "context_leak",
    "bad_transcript",
    "wrong_language",
    "low_grade",
    "ungraded",
    "failed_check",
    "not_best",
    "lost",
    "superseded",
    "excluded_context",
    "not_of_target",
    "unverified",
    "split_votes",
    "disagree",
    "excluded_family",
    "length_ratio",
    "unmatched_length",
    "between",
    "not_relaxed",
    "over_cap",
    "unread",
    "too_few_steps",
    "too_many_steps",
    "contradicted",
]
SelectionTarget = Literal["sft", "pair", "label", "steps"]
"""What a row would have become."""


class Sample(SessionRecord):
    """What SFT samples and preference pairs share."""

    selection: str
    instruction: str
    source_id: str
    prompt: tuple[Message, ...]
    skill: str | None
    language: str | None
    slice: str | None = None
    """Part of a progressive schedule that its prompt lies in."""
    producers: tuple[Producer, ...]
    """Models whose text the row contains."""
    licenses: tuple[str, ...]
    """Terms of the producers, and of those whose hints, suggestions or words its authors heard; sorted, each once."""
    judges: tuple[str, ...]
    simulated: bool
    lineage: dict[str, JsonValue]
    """Ids of the rows it was made from: answers, verdicts, judgments, calls."""


class SftSample(Sample):
    """An answer worth learning."""

    answer: str
    completion: tuple[Message, ...]
    unlearnt: int = 0
    """Messages at the beginning of it that are there for what follows, and not to be learnt."""
    context: AnswerContext
    grade: float | None
    """Mean of the panel's scores in points of their scale; None where it was not graded."""
    verified: bool | None
    by: Literal["verdict", "score", "arena"]


class PreferencePair(Sample):
    """Two answers to one prompt, the first better than the second."""

    chosen_answer: str
    rejected_answer: str
    chosen_model: str
    """Model of the cast that was asked for the chosen answer."""
    rejected_model: str
    chosen: tuple[Message, ...]
    rejected: tuple[Message, ...]
    chosen_context: AnswerContext
    rejected_context: AnswerContext
    by: Literal["verdict", "score", "arena", "construction", "instruction"]
    decided_by: Literal["panel", "verifier", "score", "construction"]
    margin: Annotated[float, Field(gt=0.0)]
    """By verdict: votes by which the chosen side leads (1 by a verifier); by score, arena or instruction: points
    between the grades; by construction: constraints that the rejected side was not told of."""
    grade: float | None
    """Grade of the chosen answer, where it was graded: mean of the panel's scores in points of their scale."""
    rejected_grade: float | None
    disagree: bool | None
    """Whether verdict and scores point in opposite directions; None where one of them is missing."""

    @model_validator(mode="after")
    def _sides_differ(self) -> PreferencePair:
        if said(self.chosen) == said(self.rejected):
            raise ValueError("chosen and rejected have equal text")
        if not self.chosen or not self.rejected:
            raise ValueError("a side is empty")
        return self


class LabelledSample(Sample):
    """An answer with a word on whether it is good (KTO): what it is worth by itself, not beside another."""

    answer: str
    completion: Annotated[tuple[Message, ...], Field(min_length=1)]
    label: bool
    context: AnswerContext
    grade: float | None
    """Mean of the panel's scores in points of their scale; None where it was not graded."""
    verified: bool | None


class SteppedSample(Sample):
    """A worked answer with a word on each step (process reward models)."""

    answer: str
    steps: Annotated[tuple[str, ...], Field(min_length=1)]
    labels: tuple[bool, ...]
    """Whether each step is right."""
    context: AnswerContext | None = None
    agreement: float | None = None
    """Share of the panel's votes that count for these labels; None where nobody voted."""
    verified: bool | None = None
    """What a verifier says of the final answer, which may be right although a step is wrong."""

    @model_validator(mode="after")
    def _one_label_each(self) -> SteppedSample:
        if len(self.steps) != len(self.labels):
            raise ValueError(f"{len(self.steps)} steps have {len(self.labels)} labels")
        return self


class Rejection(SessionRecord):
    """What a selection left out, and why."""

    selection: str
    target: SelectionTarget
    instruction: str
    rows: tuple[str, ...]
    """Ids of the answers, verdicts or instructions concerned."""
    reason: RejectionReason
    detail: str = ""
