"""What a simulated model can be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from aaa.sim.skills import Solution, solve


@dataclass(frozen=True)
class Task:
    """An instruction as its reader sees it: the turns of the user."""

    turns: tuple[str, ...]

    @property
    def text(self) -> str:
        """The last turn of the user, which is the one to be answered."""
        return self.turns[-1]

    @property
    def key(self) -> str:
        """What tells this task from another."""
        return "\n".join(self.turns)

    @cached_property
    def solution(self) -> Solution | None:
        """Its solution, if it can be computed from the last turn, or from all turns together."""
        return solve(self.text) or (solve(self.key) if len(self.turns) > 1 else None)

    @property
    def language(self) -> str:
        """The language of a task that can be solved; of another one English is taken."""
        return "en" if self.solution is None else self.solution.language


@dataclass(frozen=True)
class Plain:
    """An instruction to be answered; in a conversation, what was said so far."""

    task: Task
    said: tuple[str, ...] = ()
    """Own turns so far."""
    teaching: bool = False
    """Whether the system message makes the model a teacher of the one it speaks with."""


@dataclass(frozen=True)
class Comparison:
    """Two answers to be compared."""

    task: Task
    first: str
    second: str
    reference: str | None
    scale: tuple[int, int] | None = None
    """Where both are to be graded, and no winner named."""
    structured: bool = False
    """Whether the reply is to be JSON."""


@dataclass(frozen=True)
class Grading:
    """One answer to be graded on a scale."""

    task: Task
    answer: str
    low: int
    high: int
    reference: str | None
    aspects: tuple[str, ...] = ()
    """Respects in which it is to be graded, if not as a whole."""
    structured: bool = False


@dataclass(frozen=True)
class Ordering:
    """Several answers to be put in order."""

    task: Task
    answers: tuple[str, ...]
    reference: str | None
    structured: bool = False


@dataclass(frozen=True)
class Stepping:
    """A worked answer whose first wrong step is to be found."""

    task: Task
    steps: tuple[str, ...]
    reference: str | None = None
    structured: bool = False


@dataclass(frozen=True)
class Critiquing:
    """An answer to be criticised."""

    task: Task
    answer: str


@dataclass(frozen=True)
class Revising:
    """An own answer to be improved by suggestions."""

    task: Task
    answer: str
    suggestions: str


@dataclass(frozen=True)
class Rewriting:
    """An answer to be freed of references to what its reader has not seen."""

    task: Task
    answer: str


@dataclass(frozen=True)
class Alone:
    """An answer of which is asked whether it stands alone."""

    task: Task
    answer: str


@dataclass(frozen=True)
class Bettering:
    """An answer to be made better in one respect, if anything in it is weak there."""

    task: Task
    answer: str
    respect: str


@dataclass(frozen=True)
class ByMethod:
    """An instruction to be made anew by a method."""

    task: Task
    method: str


@dataclass(frozen=True)
class Evolving:
    """An instruction to be made anew: harder (`up`), simpler (`down`), new (`across`), or much like it (`near`)."""

    task: Task
    direction: str


@dataclass(frozen=True)
class Checking:
    """Two instructions of which is asked whether they ask for the same."""

    before: str
    after: str


@dataclass(frozen=True)
class Matching:
    """A training prompt and one of a benchmark, of which is asked whether they set the same task."""

    trained: str
    benchmark: str


@dataclass(frozen=True)
class RatingVersions:
    """Versions of an instruction to be graded beside each other, in these respects."""

    versions: tuple[str, ...]
    aspects: tuple[str, ...]


@dataclass(frozen=True)
class Tagging:
    """Instructions to be labelled: what to choose from by key, and the keys of all labels."""

    texts: tuple[str, ...]
    choices: Mapping[str, Mapping[str, str]]
    """By key each option with its meaning."""
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Analysing:
    """A method whose issues are to be named from cases."""

    method: str
    cases: tuple[str, ...]


@dataclass(frozen=True)
class Proposing:
    """A method to be bettered, with its issues."""

    method: str
    issues: str


@dataclass(frozen=True)
class Learning:
    """A student's turn in a conversation with a teacher."""

    task: Task
    heard: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True)
class Wanting:
    """A person's turn in a conversation about what it wants."""

    task: Task
    facts: tuple[str, ...]
    heard: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True)
class Hinting:
    """A student's attempt at which a teacher is to look."""

    task: Task
    attempt: str
    reference: str | None
    hints: str
    """What it said before."""
    correct: bool
    """Whether it is to show the whole way."""


@dataclass(frozen=True)
class Retrying:
    """An attempt of one's own to be made anew after the teacher's words."""

    task: Task
    attempt: str
    heard: str


@dataclass(frozen=True)
class Conferring:
    """A member's turn in the conversation of a team."""

    task: Task
    name: str
    members: tuple[str, ...]
    said: tuple[tuple[str, str], ...]
    """Speaker and words, in order."""


@dataclass(frozen=True)
class Choosing:
    """Of whom in a team speaks next."""

    possible: tuple[str, ...]
    said: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Concluding:
    """The answer that a team has come to, to be written down."""

    task: Task
    said: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Serving:
    """A call of a tool that it is to play."""

    arguments: str
    facts: tuple[str, ...]
    """What is true where the tool works, each as `key: fact`."""


@dataclass(frozen=True)
class Unreadable:
    """Nothing that could be understood."""


Request = (
    Plain
    | Comparison
    | Grading
    | Ordering
    | Stepping
    | Critiquing
    | Revising
    | Rewriting
    | Alone
    | Bettering
    | ByMethod
    | Evolving
    | Checking
    | Matching
    | RatingVersions
    | Tagging
    | Analysing
    | Proposing
    | Learning
    | Wanting
    | Hinting
    | Retrying
    | Conferring
    | Choosing
    | Concluding
    | Serving
    | Unreadable
)
