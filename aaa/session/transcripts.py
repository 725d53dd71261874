"""How the conversations of a session went: the measures of its transcripts, by what made them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pydantic import JsonValue

from aaa.scenario import ChatStage, ConverseStage, ReplayStage, Scenario
from aaa.store import Store
from aaa.types import Answer, Session, TranscriptQuality

QUANTILES = (0.1, 0.5, 0.9)
"""Of the lengths of turns (ours)."""


@dataclass
class Transcripts:
    """Measures of many conversations; memory does not grow with their number."""

    number: int = 0
    turns: int = 0
    role_flips: int = 0
    farewell_loops: int = 0
    language_switches: int = 0
    """Conversations with any."""
    repetition: float = 0.0
    context_dependence: float = 0.0
    """Sums of shares; the second over those `measured`."""
    measured: int = 0
    first_words: Counter[int] = field(default_factory=Counter)
    user_words: Counter[int] = field(default_factory=Counter)
    assistant_words: Counter[int] = field(default_factory=Counter)
    """How often the user's first turn, any of its turns, and any of the assistant's had so many words."""

    def add(self, one: TranscriptQuality) -> None:
        """One conversation more."""
        self.number += 1
        self.turns += one.turns
        self.role_flips += one.role_flips > 0
        self.farewell_loops += one.farewell_loop
        self.language_switches += one.language_switches > 0
        self.repetition += one.repetition
        if one.context_dependence is not None:
            self.measured += 1
            self.context_dependence += one.context_dependence
        self.first_words[one.first_words] += 1
        self.user_words.update(one.user_words)
        self.assistant_words.update(one.assistant_words)

    def document(self) -> dict[str, JsonValue]:
        """Means of turns and shares (0..1), conversations with faults, and words: median of the user's first turns, and
        the quantiles `QUANTILES` of all turns of either side."""
        return {
            "conversations": self.number,
            "turns": round(self.turns / self.number, 2),
            "role_flips": self.role_flips,
            "farewell_loops": self.farewell_loops,
            "language_switches": self.language_switches,
            "repetition": round(self.repetition / self.number, 4),
            "context_dependence": round(self.context_dependence / self.measured, 4) if self.measured else None,
            "first_words": _quantile(self.first_words, 0.5),
            "user_words": [_quantile(self.user_words, share) for share in QUANTILES],
            "assistant_words": [_quantile(self.assistant_words, share) for share in QUANTILES],
        }


def count_transcript(found: dict[str, Transcripts], answer: Answer) -> None:
    """Add the measures of an answer, where it is a measured conversation, under what made it (`chat`, `converse`,
    `replay`)."""
    if answer.transcript is not None:
        found.setdefault(answer.lineage.operation or "other", Transcripts()).add(answer.transcript)


def transcripts_of(store: Store, session: Session) -> dict[str, Transcripts]:
    """Those of a session; its answers are read only where a stage measures conversations."""
    found: dict[str, Transcripts] = {}
    stages = Scenario.model_validate(session.scenario).stages
    if any(isinstance(stage, ChatStage | ConverseStage | ReplayStage) for stage in stages):
        for answer in store.rows(Answer, session=session.id):
            count_transcript(found, answer)
    return found


def _quantile(values: Counter[int], share: float) -> int:
    """The smallest value that this share of them does not exceed; 0 without any."""
    left = share * values.total()
    for value in sorted(values):
        left -= values[value]
        if left <= 0:
            return value
    return 0
