"""An answer as a row, with what can be told of its text at once."""

from __future__ import annotations

from collections.abc import Iterable

from aaa.agents.agent import Agent
from aaa.agents.replies import reply_of
from aaa.text import is_refusal, style
from aaa.types import Answer, AnswerContext, Call, Instruction, Lineage, Message, Producer, Sandbox, TeamTurn, ToolCall
from aaa.verify import checked

OFF = Sandbox()
"""No answer is run."""


async def written(
    instruction: Instruction,
    author: Agent,
    messages: tuple[Message, ...],
    *,
    row: str,
    calls: tuple[Call, ...],
    spoken: Call | None = None,
    producers: Iterable[Producer],
    sandbox: Sandbox,
    context: AnswerContext = "plain",
    lineage: Lineage | None = None,
    influences: Iterable[Producer] = (),
    stop_reason: str | None = None,
    stands_alone: bool | None = None,
    leak: str | None = None,
    discussion: tuple[TeamTurn, ...] = (),
) -> Answer:
    """The answer whose last turn the author wrote in `spoken`, by default the last of `calls`.

    Where the item has a verifier, the text is checked; `sandbox` says whether it may be run for that.
    """
    place, reply = author.place, reply_of(spoken or calls[-1])
    text = messages[-1].text
    return Answer(
        id=row,
        session=place.session,
        episode=place.episode,
        instruction=instruction.id,
        member=author.name,
        prompt=instruction.prompt,
        messages=messages,
        reasoning=reply.reasoning,
        finish_reason=reply.finish_reason,
        context=context,
        lineage=lineage or Lineage(),
        producers=tuple(dict.fromkeys(producers)),
        influences=tuple(dict.fromkeys(influences)),
        refused=is_refusal(text),
        stop_reason=stop_reason,
        discussion=discussion,
        check=await checked(instruction, text, sandbox, _tool_calls(instruction, messages, context)),
        stands_alone=stands_alone,
        leak=leak,
        style=style(text),
        calls=tuple(call.id for call in calls),
    )


def _tool_calls(
    instruction: Instruction, messages: Iterable[Message], context: AnswerContext
) -> tuple[ToolCall, ...] | None:
    """The calls that the answer makes; None where its author was offered no tool, as one who revises is not."""
    made = tuple(call for message in messages for call in message.tool_calls)
    offered = bool(instruction.tools) and context == "plain"
    return made if made or offered else None
