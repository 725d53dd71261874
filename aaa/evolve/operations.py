"""The operations by which instructions evolve; each is a prompt file of its own, `evolve_NAME`.

General: Evol-Instruct (arXiv 2304.12244), five in-depth operations and in-breadth. Code: WizardCoder (arXiv
2306.08568), without breadth. Math: WizardMath (arXiv 2308.09583), upward, and downward to what is simpler or of
another topic. The wording of the prompts, `simpler` for general and code tasks, and `neighbour` are ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aaa.prompts import PromptSet
from aaa.types import Direction, EvolutionForm, content_hash

FRAME: Final = "evolve"
"""The prompt into which the text of an operation is set."""
METHOD_FRAME: Final = "evolve_by_method"
"""The one into which a method of the user's is set, which a model may have written."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One way to rewrite an instruction."""

    name: str
    forms: tuple[EvolutionForm, ...]
    direction: Direction
    most_added: int = 60
    """Words of its own that it may add at most (ours): thrice the 10 to 20 that are asked for (arXiv 2304.12244)."""
    most_given: int = 0
    """Words of data, such as tables and code, that it may add beside these (ours)."""
    method: str | None = None
    """The text itself, where it is no prompt of AAA's but a method of the user's."""

    @property
    def prompt(self) -> str:
        """Name of the prompt file."""
        return f"evolve_{self.name}"

    def text(self, prompts: PromptSet) -> str:
        """What it says to the evolver."""
        return self.method if self.method is not None else prompts.render(self.prompt).text.strip()

    def hash(self, prompts: PromptSet) -> str:
        """What its text is known by."""
        return content_hash(self.method) if self.method is not None else prompts.hash_of(self.prompt)


OPERATIONS: Final = (
    Operation("constraint", ("general", "code", "math"), "up"),
    Operation("deepen", ("general",), "up"),
    Operation("concretise", ("general", "math"), "up"),
    Operation("reason", ("general", "code", "math"), "up"),
    Operation("input", ("general",), "up", most_given=300),
    Operation("breadth", ("general",), "across"),
    Operation("rare", ("code",), "up"),
    Operation("misleading", ("code",), "up", most_given=200),
    Operation("complexity", ("code",), "up"),
    Operation("simpler", ("general", "code", "math"), "down", most_added=10),
    Operation("easier_topic", ("math",), "down", most_added=10),
    Operation("neighbour", ("general", "code", "math"), "near"),
)
BY_NAME: Final[Mapping[str, Operation]] = {operation.name: operation for operation in OPERATIONS}
SPARINGLY: Final[Mapping[str, float]] = {"complexity": 0.5}
"""Weights under equal choice that are not 1: WizardCoder uses complexity demands sparingly; how sparingly is ours."""
SKILL_FORMS: Final[Mapping[str, EvolutionForm]] = {
    **dict.fromkeys(("code", "coding", "code_reading", "programming", "debugging", "sql"), "code"),
    **dict.fromkeys(("math", "mathematics", "arithmetic", "word_problems", "algebra", "geometry"), "math"),
}
"""The form that fits a skill; all others are general."""


def user_method(text: str) -> Operation:
    """A method of the user's (see Auto Evol-Instruct) as an operation: it makes harder, whatever the form."""
    return Operation("method", ("general", "code", "math"), "up", most_added=300, method=text)


def form_for(skill: str | None) -> EvolutionForm:
    """The form of operations that fits a skill."""
    return SKILL_FORMS.get((skill or "").casefold(), "general")


def operations_for(form: EvolutionForm, direction: Direction) -> tuple[Operation, ...]:
    """What a round may choose from; upward rounds of the general form have in-breadth as one of six, as published."""
    wanted = ("up", "across") if direction == "up" else (direction,)
    return tuple(one for one in OPERATIONS if form in one.forms and one.direction in wanted)


def choose_operation(
    options: Sequence[Operation], weights: Mapping[str, float], seed: int, *position: str | int
) -> Operation:
    """One of the options, drawn by weight and the hash of a logical position.

    `weights` by name: an option that it does not name is never drawn; without any weights all are equally likely, but
    for `SPARINGLY`. Raises `ValueError` where nothing can be drawn.
    """
    given = [weights.get(one.name, 0.0) if weights else SPARINGLY.get(one.name, 1.0) for one in options]
    total = sum(given)
    if total <= 0.0:
        raise ValueError(f"no operation to choose from: {[one.name for one in options]}")
    point = int(content_hash(["operation", seed, *position])[:13], 16) / (1 << 52) * total
    for option, weight in zip(options, given, strict=True):
        point -= weight
        if point < 0.0:
            return option
    return next(option for option, weight in reversed(list(zip(options, given, strict=True))) if weight)
