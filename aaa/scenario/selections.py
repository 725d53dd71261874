"""What a selection takes: its rules, all of them free of calls."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from aaa.types import Value

Points = Annotated[float, Field(ge=0.0)]
MinGap = Points | dict[Annotated[str, Field(pattern=r"^(D(0|[1-9][0-9]?)|\*)$")], Points]
"""Points between the grades of winner and loser: one number, or by slice, such as `{D1: 3, "*": 1}`."""
AtMost = Annotated[int, Field(ge=1)]
Single = Literal["plain", "hinted", "revised", "evolved"]
Context = Single | Literal["dialogue"]
SINGLE: tuple[Single, ...] = ("plain", "hinted", "revised", "evolved")
ANY: tuple[Context, ...] = (*SINGLE, "dialogue")
Take = Literal["best_worst", "best_random", "all"]


class PairRule(Value):
    """Which pairs a selection makes."""

    by: Literal["verdict", "score", "arena", "construction"] = "verdict"
    """`verdict`: matches that were decided. `score`: grades. `arena`: battles of the target that it won or lost by
    enough points (Arena Learning, arXiv 2407.10627). `construction`: a model's answer to an instruction against its
    answer to the same instruction without the constraint that `evolve` added (Tulu 3, arXiv 2411.15124)."""
    take: Take | None = None
    """Of a prompt's pairs: the best answer with the worst, or with a random worse one (Zephyr, arXiv 2310.16944; Tulu
    3), or every ordered pair (UltraFeedback, arXiv 2310.01377). Default: `best_worst` by score, else `all`."""
    min_margin: Annotated[float, Field(ge=0.0)] = 1.0
    """By verdict: votes by which the winner leads (a verifier's word is always enough); by score: points."""
    min_gap: MinGap = 2.0
    """arena, and ties that grades break: points by which the winner leads, where a panel decided; 2 is Arena Learning's
    for preference pairs."""
    on_policy: Literal["any", "either", "rejected", "chosen", "both"] | None = None
    """Which sides the target must have written; the same as `any` where there is no target. Default: `either` for
    arena, else `any`."""
    ties: Literal["drop", "by_score"] = "drop"
    """A tie holds no preference; `by_score`: but the grades of the two may."""
    votes: Literal["majority", "consistent", "unanimous"] = "majority"
    """What a panel's word needs beside its majority: `consistent`: every juror chose the same in both seat orders;
    `unanimous`: and all chose the winner."""
    disagree: Literal["keep", "drop"] = "keep"
    """Pairs on which verdict and grades point in opposite directions."""
    same_family: Literal["allow", "drop", "only"] = "allow"
    """Pairs whose sides hold text of one family."""
    max_length_ratio: Annotated[float, Field(ge=1.0)] | None = None
    """How many times as long as the other, in characters, a side may be."""
    match_lengths: bool = False
    """Leave out pairs, by hash, until the chosen side is the longer one as often as the shorter one, at every ratio of
    lengths alike (matched sampling; ours)."""
    per_prompt: AtMost | None = None
    """Most pairs of one prompt, those with the largest margins first."""
    per_producer: AtMost | None = None
    """Most pairs whose chosen side one model was asked for, those with the largest margins first."""
    contexts: tuple[Single, ...] = SINGLE
    """Contexts an answer of a pair may have been written in."""

    @property
    def taking(self) -> Take:
        """`take`, or its default."""
        return self.take or ("best_worst" if self.by == "score" else "all")

    @property
    def policy(self) -> Literal["any", "either", "rejected", "chosen", "both"]:
        """`on_policy`, or its default."""
        return self.on_policy or ("either" if self.by == "arena" else "any")


class SftRule(Value):
    """Which answers a selection takes as samples."""

    by: Literal["verdict", "score", "arena"] = "verdict"
    """`arena`: the answer that the target lost to, where it lost by enough points (Arena Learning)."""
    min_gap: MinGap = 3.0
    """arena: points by which the target lost, where a panel decided; 3 is Arena Learning's for the first round, for
    later ones it takes 1."""
    min_grade: Annotated[float, Field(ge=0.0)] = 0.0
    """Least mean score in points of the scale, where the answer was graded."""
    min_lead: Annotated[float, Field(ge=0.0)] = 0.0
    """Points by which its grade must lead that of every other member's answer to the prompt."""
    verified: bool = False
    """Take only what a verifier passed. What one failed is never taken."""
    per_prompt: AtMost = 1
    """Most answers to one prompt, the best first; dialogues are counted apart, and all taken."""
    per_skill: AtMost | dict[str, Annotated[int, Field(ge=0)]] | None = None
    """Most samples of one skill, or by skill, such as `{coding: 500, "*": 100}`; the best graded first, then by
    hash."""
    per_producer: AtMost | None = None
    """Most samples that one model was asked for, in the same order."""
    contexts: tuple[Context, ...] = ANY


class LabelRule(Value):
    """Which answers a selection calls good or bad by themselves (KTO, arXiv 2402.01306)."""

    by: Literal["verdict", "score", "check"] = "verdict"
    """`verdict`: what a verifier said, else whether it won more matches than it lost, or fewer. `score`: grades.
    `check`: what a verifier said."""
    good: Points = 7.0
    """score: grades from here on are good (ours, on a scale from 1 to 10)."""
    bad: Points = 4.0
    """score: grades up to here are bad; what lies between has no label (ours)."""
    contexts: tuple[Context, ...] = ANY

    @model_validator(mode="after")
    def _apart(self) -> LabelRule:
        if self.bad >= self.good:
            raise ValueError(f"`bad: {self.bad:g}` must be less than `good: {self.good:g}`")
        return self


class StepRule(Value):
    """Worked answers with a label for each step, as the panels of `steps` stages found them: for a process reward
    model."""

    after: Literal["cut", "wrong"] = "cut"
    """The steps after the first wrong one, of which nobody said anything: left out, as PRM800K leaves them without a
    label (arXiv 2305.20050), or called wrong, as Math-Shepherd's labels mostly call them (arXiv 2312.08935)."""
    min_agreement: Annotated[float, Field(ge=0.0, le=1.0)] = 0.5
    """Least share of the panel's votes for the same step; 1 takes what is unanimous. A panel decides by more than
    half."""
    recovered: Literal["keep", "drop"] = "keep"
    """Answers with a wrong step whose result a verifier passed nonetheless."""
    contexts: tuple[Single, ...] = SINGLE


class InstructionRule(Value):
    """Pairs of versions of an instruction, the better one chosen: for an instruction reward model (WizardMath, arXiv
    2308.09583). Their grades come of `evolve` with `rate`."""

    aspects: Annotated[tuple[Literal["definition", "precision", "integrity"], ...], Field(min_length=1)] = (
        "definition",
        "precision",
        "integrity",
    )
    """Grades whose mean decides."""
    take: Take = "best_worst"
    min_margin: Annotated[float, Field(gt=0.0)] = 1.0
    """Points between the two."""


class Selection(Value):
    """A named selection over the session, free of calls."""

    pairs: PairRule | None = None
    sft: SftRule | None = None
    labels: LabelRule | None = None
    steps: StepRule | None = None
    instructions: InstructionRule | None = None
    refusals: Literal["drop", "as_rejected", "allow"] = "drop"
    panel: str | None = None
    """Whose verdicts count: a group of judges, or a panel of `aaa judge`; default: those of the scenario's stages."""
    without_families: tuple[str, ...] = ()
    """Families whose texts are left out, on either side."""
    length_control: bool = False
    """Grades count less what the length of an answer adds to them, as the session's grades show it (see
    docs/scenario.md)."""

    @model_validator(mode="after")
    def _makes_something(self) -> Selection:
        if not (self.pairs or self.sft or self.labels or self.steps or self.instructions):
            raise ValueError("a selection makes nothing: give it `pairs`, `sft`, `labels`, `steps` or `instructions`")
        if self.pairs and self.instructions:
            raise ValueError("`pairs` of answers and pairs of `instructions` would mix: make two selections of it")
        return self
