"""Stages in which models answer and converse."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from aaa.scenario.one_or_more import OneOrMore
from aaa.scenario.stages.base import StageBase, StandAlone, ToolUse


class AnswerStage(StageBase, ToolUse):
    """Each model answers the instruction; all get byte-equal messages."""

    kind: Literal["answer"] = "answer"
    models: str = "members"
    """A group of the cast."""
    given: Annotated[int, Field(ge=0, le=64)] = 0
    """Answers that a prompt brings along (`answers`) which stand beside the models', at most; nobody is asked."""


class ChatStage(StageBase):
    """A student asks and tries, a teacher corrects and guides; on the instructions that `where` takes."""

    kind: Literal["chat"] = "chat"
    student: str = "students"
    teacher: str = "teachers"
    """Groups of the cast; where a group has several models, the pair is drawn for each item by seed."""
    turns: Annotated[int, Field(ge=2, le=40)] = 6
    """Messages at most, both speakers counted."""
    mode: Literal["live"] = "live"
    """A conversation goes back and forth: no batch can hold it."""


class ConverseStage(StageBase):
    """A simulated person talks to an assistant about what the instruction wants, and reveals it step by step."""

    kind: Literal["converse"] = "converse"
    person: OneOrMore = ("users",)
    """Groups of the cast; one of them is drawn for each item by seed, and one of its models."""
    assistant: str = "members"
    """A group of the cast; each of its models holds a conversation of its own."""
    turns: Annotated[int, Field(ge=2, le=40)] = 8
    """Messages at most, both speakers counted."""
    mode: Literal["live"] = "live"
    """A conversation goes back and forth: no batch can hold it."""


class TeamStage(StageBase, StandAlone):
    """Models with different parts work on the instruction together; a moderator decides who speaks next."""

    kind: Literal["team"] = "team"
    members: Annotated[tuple[str, ...], Field(min_length=2, max_length=8)]
    """Groups of the cast, each a part, played by one of its models, drawn for each item by seed. The moderator
    reads their names, and the descriptions of their cards."""
    moderator: str = "moderators"
    """A group of the cast; one of its models is drawn for each item by seed."""
    turns: Annotated[int, Field(ge=2, le=40)] = 8
    """Messages at most; then the last speaker writes the answer."""
    mode: Literal["live"] = "live"
    """A conversation goes back and forth: no batch can hold it."""

    @model_validator(mode="after")
    def _each_once(self) -> TeamStage:
        if len(set(self.members)) < len(self.members):
            raise ValueError("`members` names a group twice; a part is a group of its own")
        return self


class ReplayStage(StageBase):
    """Each assistant's turn of a conversation that the prompts bring is spoken anew (distillation turn by turn)."""

    kind: Literal["replay"] = "replay"
    models: str = "members"
    """A group of the cast; each of its models speaks all turns."""
    mode: Literal["live"] = "live"
    """A conversation goes back and forth: no batch can hold it."""
