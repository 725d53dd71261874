"""What a session makes of an instruction: answers, judgments, verdicts, critiques, failures."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue, model_validator

from aaa.types.base import SessionRecord, Value
from aaa.types.calls import FailureKind, FinishReason
from aaa.types.messages import Message
from aaa.types.models import Producer

VerifierKind = Literal[
    "exact", "text", "numeric", "choice", "regex", "list", "set", "math", "json_schema", "python_tests"
]
AnswerContext = Literal["plain", "hinted", "revised", "dialogue", "evolved"]
AnswerAim = Literal["correctness", "logic", "depth", "affinity", "brevity"]
"""What Evol-Answer betters an answer in."""
AnswerOutcome = Literal[
    "better",
    "shorter",
    "longer",
    "worse",
    "inconsistent",
    "no_quorum",
    "unchanged",
    "too_long",
    "truncated",
    "refusal",
    "scaffolding",
    "context_leak",
]
Outcome = Literal["win", "tie", "inconsistent", "no_quorum"]
CritiqueAim = Literal["correctness", "reasoning", "completeness", "clarity", "tone", "safety"]
TIE = "tie"


class Verifier(Value):
    """Which program checks an answer, and how; the options beside `kind` belong to single kinds."""

    kind: VerifierKind
    tolerance: Annotated[float, Field(ge=0.0)] = 1e-6
    """numeric: relative tolerance (absolute below 1)."""
    unit: str | None = None
    """numeric: the unit of the reference; an answer in another one of its kind is converted."""
    pattern: str | None = None
    """regex: the pattern; without it the reference is the pattern."""
    json_schema: dict[str, JsonValue] | None = None
    """json_schema: what the answer's JSON must be; without it the reference is the schema, as JSON text."""
    tests: str | None = None
    """python_tests: Python code that runs after the answer's and raises where that is wrong, as `assert` does."""
    setup: str | None = None
    """python_tests: Python code before the answer's: imports and helpers that the task gives."""

    @model_validator(mode="after")
    def _complete(self) -> Verifier:
        if self.kind == "python_tests" and not (self.tests and self.tests.strip()):
            raise ValueError("a verifier of kind 'python_tests' needs `tests`: code that raises on a wrong answer")
        return self

    @property
    def criterion(self) -> bool:
        """Whether it says by itself what is right, without a reference."""
        return any(part is not None for part in (self.pattern, self.json_schema, self.tests))


class Sandbox(Value):
    """Whether answers may be run as programs, locked down, and what they may use."""

    python: bool = False
    """Run the tests of `python_tests` verifiers; without it those items are left to the panels."""
    seconds: Annotated[int, Field(ge=1, le=600)] = 10
    """Seconds of CPU time that one answer may take; three times as many by the clock."""
    memory_mb: Annotated[int, Field(ge=64)] = 512
    """Address space of one answer, in MiB."""


class Lineage(Value):
    """Where a text comes from."""

    parent: str | None = None
    """Id of the row it was made from."""
    operation: str | None = None
    """What was done to the parent, such as `revise`."""
    round: int = 0
    model: str | None = None
    prompt: str | None = None
    """Content hash of the method prompt."""


class Instruction(SessionRecord):
    """A prompt: a message list with what is known about it."""

    source_id: str
    episode: str | None = None
    """The episode that made it; None for a prompt of the user's."""
    messages: tuple[Message, ...]
    """Conversation up to and including the turn to be answered."""
    system: str | None = None
    reference: str | None = None
    verifier: Verifier | None = None
    tools: tuple[dict[str, JsonValue], ...] = ()
    skill: str | None = None
    difficulty: float | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    lineage: Lineage = Lineage()
    producers: tuple[Producer, ...] = ()
    """Models whose text it contains (none for a prompt that a person wrote)."""
    slice: str | None = None
    """Part of a progressive schedule, such as `D1`."""
    split: str | None = None
    """`train`, `validation` or `test`."""
    meta: dict[str, JsonValue] = Field(default_factory=dict)

    @property
    def prompt(self) -> tuple[Message, ...]:
        """The messages a contestant gets: the item's own system message, then the conversation."""
        if self.system is None:
            return self.messages
        return (Message(role="system", content=self.system), *self.messages)

    @property
    def text(self) -> str:
        """Text of the last user turn."""
        return next((m.text for m in reversed(self.messages) if m.role == "user"), "")


class TextStyle(Value):
    """Measures of a text whose influence on judges can be fitted: counts of words and of markup."""

    words: int
    headers: int = 0
    list_items: int = 0
    bold: int = 0


class Check(Value):
    """What a verifier found."""

    passed: bool
    extracted: str | None
    """The final answer it read, or None where it found none."""
    detail: str = ""


class TranscriptQuality(Value):
    """How a conversation went; a share lies in 0..1."""

    turns: int
    role_flips: int
    """Turns in which a speaker took the other's part."""
    farewell_loop: bool
    repetition: float
    """Largest share of a turn that its speaker had said before."""
    context_dependence: float | None
    """Share of the user's later turns that make sense only after what was said; None without such turns."""
    language_switches: int
    first_words: int
    """Words of the user's first turn."""
    user_words: tuple[int, ...]
    """Words of each of the user's turns."""


class Answer(SessionRecord):
    """A model's answer: one message, or a conversation whose assistant turns are the answer."""

    episode: str
    instruction: str
    member: str
    """Model of the cast that was asked to answer."""
    prompt: tuple[Message, ...]
    """What an export shows before the answer: the item's own messages, never a persona, a hint or a critique."""
    messages: tuple[Message, ...]
    """The answer itself; in a dialogue it alternates and ends with the assistant."""
    reasoning: str | None = None
    finish_reason: FinishReason = "stop"
    context: AnswerContext = "plain"
    lineage: Lineage = Lineage()
    producers: tuple[Producer, ...]
    """Every model whose text it contains."""
    influences: tuple[Producer, ...] = ()
    """Models that shaped it without their text being in it (critics, teachers whose hints were heard)."""
    refused: bool = False
    stop_reason: str | None = None
    """Why a conversation ended."""
    transcript: TranscriptQuality | None = None
    """How it went, where it was simulated or replayed."""
    check: Check | None = None
    stands_alone: bool | None = None
    """Outcome of the stand-alone check for texts written under a hint or critique; None where none was needed."""
    style: TextStyle
    calls: tuple[str, ...] = ()
    """Journal keys of the replies it was made from."""

    @property
    def text(self) -> str:
        """Visible text of the last assistant turn."""
        return next((m.text for m in reversed(self.messages) if m.role == "assistant"), "")

    @property
    def families(self) -> frozenset[str]:
        """Families of all that wrote or shaped the text."""
        return frozenset(p.family for p in (*self.producers, *self.influences))


class Score(Value):
    """A pointwise reading: `score` lies in `low..high`."""

    kind: Literal["pointwise"] = "pointwise"
    answer: str
    score: float
    low: float
    high: float
    aspects: dict[str, float] = Field(default_factory=dict)
    """Score in each respect, where there were several: `score` is then their weighted mean."""
    turn: int | None = None
    """The assistant turn that was judged, from 1; None for the whole answer."""

    @model_validator(mode="after")
    def _in_range(self) -> Score:
        if not self.low <= self.score <= self.high:
            raise ValueError(f"score {self.score} lies outside {self.low}..{self.high}")
        return self


class Game(Value):
    """A pairwise reading in one seat order; `winner` is an answer's id or `tie`."""

    kind: Literal["pairwise"] = "pairwise"
    match: str
    number: Literal[1, 2]
    first: str
    second: str
    winner: str
    first_style: TextStyle
    second_style: TextStyle
    scores: tuple[float, float] | None = None
    """Grades of the first and the second seat, where the winner follows from their difference."""

    @model_validator(mode="after")
    def _winner_played(self) -> Game:
        if self.winner not in (self.first, self.second, TIE):
            raise ValueError(f"winner {self.winner!r} did not play")
        return self


class Judgment(SessionRecord):
    """One judge's reading."""

    episode: str
    instruction: str
    panel: str
    judge: str
    family: str
    answered_by: str
    reading: Score | Game = Field(discriminator="kind")
    words: str
    """What the judge wrote."""
    asked: int = 1
    """How often it was asked until it could be read."""
    measured_only: bool = False
    """Whether a verifier decided, and this reading only measures the juror."""
    injection: bool = False
    """Whether a judged text tried to order the judge about."""
    prompt: str
    """Content hash of the judging prompt."""
    call: str


class Vote(Value):
    """What one juror's two games come to."""

    judge: str
    choice: str
    """An answer's id, `tie`, `inconsistent` or `failed`."""
    weight: Annotated[float, Field(gt=0.0)] = 1.0
    """What it counts: 1, but where the panel weighs its jurors by their reliability."""


class Verdict(SessionRecord):
    """The outcome of a match between two answers by a panel; `left` is the smaller id."""

    episode: str
    instruction: str
    match: str
    panel: str
    left: str
    right: str
    outcome: Outcome
    winner: str | None = None
    margin: float = 0.0
    """Votes for the winner less votes for the loser, weighted; 1 where a verifier decided."""
    decided_by: Literal["panel", "verifier"]
    votes: tuple[Vote, ...] = ()
    quorum: int
    stepped_out: tuple[str, ...] = ()
    """Jurors who did not sit because of their family."""
    unasked: tuple[str, ...] = ()
    """Jurors whose votes could no longer change the outcome."""
    orders: Literal[1, 2] = 2
    """Seat orders that were played: 1 where one was enough, or all that was asked for."""
    escalated: str | None = None
    """The panel that decided, where `panel` left it open."""
    first_votes: tuple[Vote, ...] = ()
    """The votes of `panel`, where another decided."""

    @model_validator(mode="after")
    def _consistent(self) -> Verdict:
        if (self.outcome == "win") != (self.winner is not None):
            raise ValueError(f"outcome {self.outcome!r} with winner {self.winner!r}")
        if self.winner is not None and self.winner not in (self.left, self.right):
            raise ValueError(f"winner {self.winner!r} is neither {self.left!r} nor {self.right!r}")
        return self

    @property
    def loser(self) -> str | None:
        """The other answer of a decided match."""
        if self.winner is None:
            return None
        return self.right if self.winner == self.left else self.left


class Suggestion(Value):
    """One proposed improvement."""

    aim: CritiqueAim
    place: str
    """Words of the answer it speaks of, or empty for the whole."""
    change: str


class Critique(SessionRecord):
    """A critic's suggestions on an answer; an empty list means that it found nothing to improve."""

    episode: str
    instruction: str
    answer: str
    critic: str
    producer: Producer
    suggestions: tuple[Suggestion, ...]
    words: str
    prompt: str
    call: str


class AnswerEvolution(SessionRecord):
    """One attempt to better an answer (Evol-Answer), and what became of it."""

    episode: str
    instruction: str
    answer: str
    """The answer that stood."""
    candidate: str | None
    """The one that was to take its place; None where the rewriter wrote none."""
    aim: AnswerAim
    round: int
    outcome: AnswerOutcome
    """`better` won and `shorter` tied: both take its place. `longer` tied without being shorter, `worse` lost. From
    `unchanged` on nobody judged."""
    ratio: float | None = None
    """Words of the candidate over those of the answer that stood."""
    growth: float | None = None
    """The same over those of the answer that the evolution began with."""
    verdict: str | None = None

    @property
    def replaced(self) -> bool:
        """Whether the candidate took the answer's place."""
        return self.outcome in ("better", "shorter")


class SetAside(SessionRecord):
    """An instruction that a stage took out of the session; later stages and selections do not see it."""

    episode: str
    instruction: str
    stage: str
    reason: str
    """One word, such as `near_duplicate`; each stage documents its own."""
    detail: str = ""


class Failure(SessionRecord):
    """An episode or a call in it that did not work."""

    episode: str
    instruction: str
    stage: str
    step: str
    role: str
    kind: FailureKind
    model: str | None = None
    message: str
    raw: str | None = None
    """The raw reply, where there was one."""
    transient: bool
    """Whether the next run tries again."""
    call: str | None = None
