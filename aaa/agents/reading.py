"""Questions whose replies a program must read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from aaa.agents.agent import Agent
from aaa.agents.replies import reply_of
from aaa.errors import ParseError
from aaa.prompts import PromptSet
from aaa.types import Call, assistant, user

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What was read from a reply; `asked` is how often it took."""

    value: T
    call: Call
    asked: int

    @property
    def words(self) -> str:
        """What the agent wrote."""
        return reply_of(self.call).text


async def ask_until_read(
    agent: Agent,
    request: str,
    read: Callable[[str], T | None],
    prompts: PromptSet,
    *,
    wanted: str,
    step: str,
    in_persona: bool = True,
    draw: int = 0,
    response_format: dict[str, Any] | None = None,
) -> Reading[T]:
    """Ask the agent; where `read` finds nothing, ask once more, with what is `wanted` in other words (`ask_again`).

    Raises `ParseError` if that reply cannot be read either, `CallError` or `StopError`.
    """
    ask = partial(agent.ask, in_persona=in_persona, draw=draw, response_format=response_format)
    first = await ask([user(request)], step=step)
    words = reply_of(first).text
    if (value := read(_own_words(words, request))) is not None:
        return Reading(value, first, 1)
    again = prompts.render("ask_again", wanted=wanted).text
    conversation = [user(request), assistant(words), user(again)]
    second = await ask(conversation, step=f"{step}/again")
    words = reply_of(second).text
    if (value := read(_own_words(words, again))) is not None:
        return Reading(value, second, 2)
    raise ParseError(
        f"{agent.name!r} was asked twice as {agent.role} and did not keep to the form. It was told: {again}",
        raw=words,
        call=second.id,
        model=agent.name,
    )


def _own_words(words: str, request: str) -> str:
    """The reply without the last line of the request, should it repeat it: that line shows the form of a verdict."""
    return words.replace(request.strip().rpartition("\n")[2], "")
