"""A prompt as users write it, checked: one line of a prompt file."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, JsonValue, ValidationError, model_validator

from aaa.scenario.problems import suggest
from aaa.types import (
    BUNDLED_TOOLS,
    GivenAnswer,
    Instruction,
    Lineage,
    Message,
    Producer,
    Value,
    Verifier,
    World,
    content_hash,
    row_id,
)


def _hash_of_prompt(fields: dict[str, Any]) -> str:
    """An id for a row without one: a hash of what a model is shown (64 bits)."""
    messages = [message.model_dump(mode="json") for message in fields["messages"]]
    return content_hash([fields["system"], messages, list(fields["tools"])])[:16]


Text = Annotated[str, Field(min_length=1)]
Word = Annotated[str, Field(min_length=1, coerce_numbers_to_str=True)]


class PromptRow(Value):
    """One line of a prompt file. `instruction` stands for one user message."""

    model_config = ConfigDict(populate_by_name=True)

    messages: Annotated[tuple[Message, ...], Field(min_length=1)]
    """Conversation up to the turn to be answered; a leading system message is kept as `system`."""
    system: Text | None = None
    reference: Word | None = None
    verifier: Verifier | None = None
    tools: tuple[dict[str, JsonValue], ...] = ()
    """In the OpenAI form; a word such as `calculator` stands for one that AAA brings."""
    world: World | None = None
    answers: tuple[GivenAnswer, ...] = ()
    """Answers that others gave to it; `answer: {given: N}` takes them in."""
    source_id: Annotated[Word, Field(alias="id", default_factory=_hash_of_prompt)]
    """Unique over all files of a scenario; without one, a hash of what a model is shown."""
    skill: Text | None = None
    difficulty: float | None = None
    language: Text | None = None
    tags: tuple[str, ...] = ()
    slice: Text | None = None
    """Part of a progressive schedule, such as `D1` (see `aaa slice`)."""
    split: Literal["train", "validation", "test"] | None = None
    lineage: Lineage = Lineage()
    """Where a model made the prompt from another one (see `aaa evolve`)."""
    producers: tuple[Producer, ...] = ()
    """Models whose text it contains, with their terms."""
    meta: dict[str, JsonValue] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _one_form(cls, data: Any) -> Any:
        """Bring the forms of a prompt to one: a system message, if any, and a message list."""
        if not isinstance(data, dict):
            return data
        data = dict(data)
        if ("instruction" in data) == ("messages" in data):
            raise ValueError("a row has either `instruction` or `messages`")
        if "instruction" in data:
            text = data.pop("instruction")
            if not isinstance(text, str) or not text.strip():
                raise ValueError("`instruction` must be text that is not empty")
            data["messages"] = [{"role": "user", "content": text}]
        if isinstance(data.get("tools"), list | tuple):
            data["tools"] = [_bundled(tool) if isinstance(tool, str) else tool for tool in data["tools"]]
        match data["messages"]:
            case [{"role": "system", "content": str(content)}, *rest]:
                if data.get("system") is not None:
                    raise ValueError("a row has either `system` or a leading system message")
                data |= {"system": content, "messages": rest}
        return data

    @model_validator(mode="after")
    def _answerable(self) -> PromptRow:
        if (last := self.messages[-1].role) not in ("user", "tool"):
            raise ValueError(f"the last message is of role {last!r}; a model answers a user or a tool")
        if any(message.role == "system" for message in self.messages):
            raise ValueError("a system message stands first or not at all")
        if self.verifier is not None and self.reference is None and not self.verifier.criterion:
            raise ValueError(f"a verifier of kind {self.verifier.kind!r} needs a `reference`")
        return self


def _bundled(name: str) -> dict[str, Any]:
    if name not in BUNDLED_TOOLS:
        known = ", ".join(BUNDLED_TOOLS)
        raise ValueError(f"there is no bundled tool {name!r}{suggest(name, BUNDLED_TOOLS)}; there are: {known}")
    return BUNDLED_TOOLS[name]


COLUMNS: Final = frozenset({"id", "instruction", *PromptRow.model_fields} - {"source_id"})
"""Keys that a row may have."""


def parse_row(data: Any) -> PromptRow:
    """A row in AAA's form. Raises `ValueError` with all that is wrong in plain words."""
    try:
        return PromptRow.model_validate(data)
    except ValidationError as error:
        findings = [dict(details) for details in error.errors(include_url=False)]
        sentences = [_sentence(details) for details in findings if details["type"] != "default_factory_not_called"]
        raise ValueError("; ".join(sentences)) from error


def _sentence(details: dict[str, Any]) -> str:
    location, last = ".".join(map(str, details["loc"])), str(details["loc"][-1]) if details["loc"] else ""
    if details["type"] == "extra_forbidden":
        return f"unknown key {location!r}{suggest(last, COLUMNS)}; columns of your own belong into `meta`"
    if details["type"] == "value_error":
        return str(details["ctx"]["error"])
    return f"{location or 'the row'}: {details['msg'].replace('Input should', 'must')}"


def to_instruction(row: PromptRow, session: str) -> Instruction:
    """The instruction that a row becomes in a session."""
    known = {name: getattr(row, name) for name in PromptRow.model_fields}
    return Instruction(id=row_id("instruction", session, row.source_id), session=session, **known)
