"""Prompt files: JSON Lines, one prompt to a line, each checked."""

from __future__ import annotations

from collections.abc import Iterator
from glob import glob
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
from pydantic import ConfigDict, Field, JsonValue, ValidationError, model_validator

from aaa.errors import ScenarioError
from aaa.scenario.bundled import bundled_root
from aaa.scenario.problems import suggest
from aaa.scenario.schema import Prompts
from aaa.types import Instruction, Message, Value, Verifier, content_hash, row_id

MAX_LINE: Final = 16 << 20
"""Bytes of a line at most (ours): room for a few images as data URLs."""


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
    source_id: Annotated[Word, Field(alias="id", default_factory=_hash_of_prompt)]
    """Unique over all files of a scenario; without one, a hash of what a model is shown."""
    skill: Text | None = None
    difficulty: float | None = None
    language: Text | None = None
    tags: tuple[str, ...] = ()
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


def prompt_files(prompts: Prompts, *, near: Path) -> tuple[Path, ...]:
    """Files that the patterns name, each pattern sorted: in the working folder, else by the scenario, else AAA's own.

    Raises `ScenarioError` for a pattern without a file.
    """
    folders = (Path.cwd(), near, bundled_root())
    files: dict[Path, None] = {}
    for pattern in prompts.patterns:
        found = next((paths for folder in folders if (paths := _matches(folder, pattern))), None)
        if found is None:
            looked = ", ".join(map(str, dict.fromkeys(folders)))
            raise ScenarioError(f"prompts.from: no file matches {pattern!r}; looked in {looked}")
        files |= dict.fromkeys(found)
    return tuple(files)


def _matches(folder: Path, pattern: str) -> list[Path]:
    # `Path.glob` refuses absolute patterns, and raises for others that merely match nothing.
    names = glob(str(Path(pattern).expanduser()), root_dir=folder, recursive=True)  # noqa: PTH207
    return sorted(path for name in names if (path := folder / name).is_file())


def read_prompts(prompts: Prompts, *, near: Path) -> Iterator[PromptRow]:
    """All rows, one at a time, each with its source id.

    Raises `ScenarioError` with file and line for a row that is no prompt, or whose id was there before.
    """
    seen: dict[str, str] = {}
    for file in prompt_files(prompts, near=near):
        for line, row in _rows(file):
            if row.source_id in seen:
                message = f"the id {row.source_id!r} was there before, at {seen[row.source_id]}"
                raise ScenarioError(message, file=file, line=line)
            seen[row.source_id] = f"{file}:{line}"
            yield row


def _rows(file: Path) -> Iterator[tuple[int, PromptRow]]:
    try:
        with file.open("rb") as handle:
            number = 0
            while text := handle.readline(MAX_LINE + 1):
                number += 1
                if len(text) > MAX_LINE:
                    raise ScenarioError(f"a line holds at most {MAX_LINE:,} bytes", file=file, line=number)
                if text := text.removeprefix(b"\xef\xbb\xbf").strip():
                    yield number, _row(text, file, number)
    except OSError as error:
        raise ScenarioError(f"cannot be read: {error.strerror}", file=file) from error


def _row(text: bytes, file: Path, line: int) -> PromptRow:
    try:
        return PromptRow.model_validate(orjson.loads(text))
    except orjson.JSONDecodeError as error:
        raise ScenarioError(f"is not JSON: {error.msg} (column {error.colno})", file=file, line=line) from error
    except ValidationError as error:
        findings = [dict(details) for details in error.errors(include_url=False)]
        sentences = [_sentence(details) for details in findings if details["type"] != "default_factory_not_called"]
        raise ScenarioError("; ".join(sentences), file=file, line=line) from error


def _sentence(details: dict[str, Any]) -> str:
    location, last = ".".join(map(str, details["loc"])), str(details["loc"][-1]) if details["loc"] else ""
    if details["type"] == "extra_forbidden":
        known = {"id", "instruction", *PromptRow.model_fields} - {"source_id"}
        return f"unknown key {location!r}{suggest(last, known)}; columns of your own belong into `meta`"
    if details["type"] == "value_error":
        return str(details["ctx"]["error"])
    return f"{location or 'the row'}: {details['msg'].replace('Input should', 'must')}"


def to_instruction(row: PromptRow, session: str) -> Instruction:
    """The instruction that a row becomes in a session."""
    known = {name: getattr(row, name) for name in PromptRow.model_fields}
    return Instruction(id=row_id("instruction", session, row.source_id), session=session, **known)
