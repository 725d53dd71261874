"""Instructions, and how their answers are checked."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue, model_validator

from aaa.types.base import SessionRecord, Value
from aaa.types.messages import Message
from aaa.types.models import Producer
from aaa.types.tools import ExpectedCall, World

VerifierKind = Literal[
    "exact", "text", "numeric", "choice", "regex", "list", "set", "math", "json_schema", "python_tests", "tool_calls"
]


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
    calls: tuple[ExpectedCall, ...] | None = None
    """tool_calls: the calls of tools that a right answer makes, in any order, and no others; `[]` means none."""

    @model_validator(mode="after")
    def _complete(self) -> Verifier:
        if self.kind == "python_tests" and not (self.tests and self.tests.strip()):
            raise ValueError("a verifier of kind 'python_tests' needs `tests`: code that raises on a wrong answer")
        if self.kind == "tool_calls" and self.calls is None:
            raise ValueError("a verifier of kind 'tool_calls' needs `calls`: a list of {name, arguments}")
        return self

    @property
    def criterion(self) -> bool:
        """Whether it says by itself what is right, without a reference."""
        return any(part is not None for part in (self.pattern, self.json_schema, self.tests, self.calls))


class Sandbox(Value):
    """Whether answers may be run as programs, locked down, and what they may use."""

    python: bool = False
    """Run the tests of `python_tests` verifiers; without it those items are left to the panels."""
    seconds: Annotated[int, Field(ge=1, le=600)] = 10
    """Seconds of CPU time that one answer may take; three times as many by the clock."""
    memory_mb: Annotated[int, Field(ge=64)] = 512
    """Address space of one answer, in MiB."""


class GivenAnswer(Value):
    """An answer that a prompt brings along; a plain text is one of nobody known."""

    text: Annotated[str, Field(min_length=1)]
    model: Annotated[str, Field(min_length=1)] = "given"
    """Who wrote it."""
    family: str | None = None
    """Default: the model's name."""
    license: str = "unknown"

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, data: object) -> object:
        return {"text": data} if isinstance(data, str) else data


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
    world: World | None = None
    """What the bundled tools know."""
    answers: tuple[GivenAnswer, ...] = ()
    """Answers that came with it: a stage `answer` with `given` takes them in."""
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
