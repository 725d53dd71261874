"""What became of an instruction that was to evolve (Evol-Instruct), and how hard and how good its versions are."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from aaa.types.base import SessionRecord

EliminationReason = Literal[
    "empty",
    "refusing",
    "copied_scaffolding",
    "meta_chatter",
    "answered",
    "language_changed",
    "lost_code",
    "lost_table",
    "lost_input",
    "length",
    "near_duplicate",
    "no_information_gain",
    "refused_answer",
    "empty_answer",
]
"""Why a rewriting was dropped. All before `no_information_gain` are seen by programs in the text itself; that one is a
model's check, and the last two show in an answer."""
EvolutionOutcome = Literal["kept"] | EliminationReason
Direction = Literal["up", "down", "across", "near"]
"""Whether an operation makes instructions harder, simpler, new ones of their kind, or others for the same practice."""
OperationName = Literal[
    "constraint",
    "deepen",
    "concretise",
    "reason",
    "input",
    "breadth",
    "rare",
    "misleading",
    "complexity",
    "simpler",
    "easier_topic",
    "neighbour",
]
"""The operations that AAA brings."""
EvolutionForm = Literal["general", "code", "math"]
"""The family of operations: Evol-Instruct's own, WizardCoder's, WizardMath's."""
Grade = Annotated[float, Field(ge=1.0, le=10.0)]


class Evolution(SessionRecord):
    """One attempt to evolve an instruction, and what became of it."""

    episode: str
    instruction: str
    """The instruction that the episode began with."""
    parent: str
    """The instruction that was rewritten: that one, or what an earlier round made of it."""
    child: str | None = None
    """The instruction that it became, where it was kept."""
    operation: str
    direction: Direction
    round: int
    attempt: int
    """From 1; each is asked with the fault of the one before it."""
    evolver: str
    text: str
    words: int
    outcome: EvolutionOutcome
    checks: tuple[bool, ...] = ()
    """What each reading of the check found: whether it asks for the same as its parent. Empty where none was made."""
    prompt: str
    """Content hash of the operation's prompt, or of the user's method."""
    call: str


class InstructionRating(SessionRecord):
    """One judge's grades for one version of an instruction, given beside those for all other versions of it."""

    episode: str
    instruction: str
    """The instruction that the episode began with."""
    rated: str
    """The version."""
    judge: str
    family: str
    difficulty: Grade
    definition: Grade
    """How clearly it says what is wanted."""
    precision: Grade
    """Whether every demand is exact enough to be checked."""
    integrity: Grade
    """Whether all that is needed is there, and nothing contradicts anything else."""
    beside: int
    """Versions that were graded in the same prompt, this one included."""
    prompt: str
    call: str
