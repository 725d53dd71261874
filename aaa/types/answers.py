"""Answers, what is measured of them, and how they evolve."""

from __future__ import annotations

from typing import Literal

from aaa.types.base import SessionRecord, Value
from aaa.types.calls import FinishReason
from aaa.types.instructions import Lineage
from aaa.types.messages import Message
from aaa.types.models import Producer

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
    assistant_words: tuple[int, ...] = ()
    """Words of each of the assistant's turns."""


class TeamTurn(Value):
    """A message in the conversation of a team."""

    part: str
    """The speaker's part: its group of the cast."""
    model: str
    """The model that spoke."""
    text: str


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
    unlearnt: int = 0
    """Messages at the beginning of these that nobody is to learn, such as wrong attempts and what was said of them."""
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
    discussion: tuple[TeamTurn, ...] = ()
    """What the team said before its answer; no part of it."""
    transcript: TranscriptQuality | None = None
    """How it went, where it is a conversation."""
    check: Check | None = None
    stands_alone: bool | None = None
    """Outcome of the stand-alone check for texts written under a hint or critique; None where none was needed."""
    leak: str | None = None
    """What in it does not stand alone, in its own words or in those of the juror who read it."""
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
