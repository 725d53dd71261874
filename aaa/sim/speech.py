"""A reply of a simulated model: what it reads, what it makes of it, its declared faults, tokens and latency."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil

from aaa.errors import CallError
from aaa.sim.bettering import better
from aaa.sim.chance import Chance
from aaa.sim.chatting import learn, teach
from aaa.sim.conferring import choose, conclude, confer
from aaa.sim.criticising import criticise, revise
from aaa.sim.essays import composed
from aaa.sim.evolving import check, evolve, rate
from aaa.sim.judging import compare, grade
from aaa.sim.leaking import read_alone, rewrite
from aaa.sim.matching import match
from aaa.sim.methods import analyse, bewildered, evolve_by, propose
from aaa.sim.mind import Mind, mind_of
from aaa.sim.ordering import order
from aaa.sim.phrases import PHRASES
from aaa.sim.reading import Reading, read
from aaa.sim.requests import (
    Alone,
    Analysing,
    Bettering,
    ByMethod,
    Checking,
    Choosing,
    Comparison,
    Concluding,
    Conferring,
    Critiquing,
    Evolving,
    Grading,
    Hinting,
    Learning,
    Matching,
    Ordering,
    Plain,
    Proposing,
    RatingVersions,
    Retrying,
    Revising,
    Rewriting,
    Serving,
    Stepping,
    Tagging,
    Task,
    Unreadable,
    Wanting,
)
from aaa.sim.solved import told
from aaa.sim.stepping import find_step
from aaa.sim.tagging import label
from aaa.sim.tooling import after_tools, before_tools, call_tools, serve
from aaa.sim.tutoring import hint, retry
from aaa.sim.wanting import want
from aaa.types import Message, Model, Params, Reply, Tool, ToolCall, Usage

CHARACTERS_PER_TOKEN = 4
"""Usual rule of thumb for English text."""
TOKENS_PER_MESSAGE = 4
"""What chat templates add to each message, roughly."""
NOT_UNDERSTOOD = "I did not understand what I am asked to do here. Could you put it another way?"

WELCOME = "You are welcome. Goodbye!"
_LEAVE = re.compile(r"(?:thanks|thank you|good ?bye|bye)[^.?!]*[.!]?", re.IGNORECASE)

_TRANSIENT = (
    ("rate_limited", "too many requests"),
    ("server", "internal error"),
    ("timeout", "no reply in time"),
    ("malformed", "the body of the reply cannot be read"),
)


def respond(
    model: Model,
    messages: Sequence[Message],
    params: Params,
    *,
    tools: Sequence[Tool] = (),
    draw: int = 0,
    attempt: int = 1,
) -> Reply:
    """What a resolved simulated model replies: a pure function of its arguments.

    It sees the messages, parameters and tools, and nothing else. `draw` tells samples of the same request apart,
    `attempt` counts the tries of one call from 1: only transient faults depend on it. Raises `CallError` for declared
    faults.
    """
    mind = mind_of(model, draw)
    request = [f"{message.role}:{message.name or ''}:{message.text}" for message in messages]
    voice = Chance(mind.identity, draw, params.model_dump_json(), *request)
    _fail(model, mind, voice, attempt)
    asked, results = before_tools(messages)
    reading = read(asked)
    text = None
    if isinstance(plain := reading.request, Plain) and not plain.teaching:
        if not results and (calls := call_tools(mind, plain, tools)):
            return _calling(model, messages, calls)
        text = after_tools(mind, plain, results, voice) if results else None
    text = _say(mind, reading, voice) if text is None else text
    return _reply(model, messages, params, text, truncated=voice.happens("truncated", mind.profile.faults.truncated))


def _fail(model: Model, mind: Mind, voice: Chance, attempt: int) -> None:
    faults = mind.profile.faults
    this_try = voice.about("attempt", attempt)
    for kind, message in _TRANSIENT:
        if this_try.happens(kind, getattr(faults, kind)):
            raise CallError(kind, f"simulated fault: {message}", transient=True, model=model.name)
    if voice.happens("refused", faults.refused):
        raise CallError("refused", "simulated fault: the model declines", transient=False, model=model.name, paid=True)


def _say(mind: Mind, reading: Reading, voice: Chance) -> str:
    match reading.request:
        case Comparison() as request:
            return compare(mind, request, voice, again=reading.asked_again)
        case Grading() as request:
            return grade(mind, request, voice, again=reading.asked_again)
        case Ordering() as request:
            return order(mind, request, voice, again=reading.asked_again)
        case Stepping() as request:
            return find_step(mind, request, voice, again=reading.asked_again)
        case Critiquing() as request:
            return criticise(mind, request, voice)
        case Revising() as request:
            return revise(mind, request, voice)
        case Rewriting() as request:
            return rewrite(mind, request, voice)
        case Alone() as request:
            return read_alone(mind, request, voice, again=reading.asked_again)
        case Bettering() as request:
            return better(mind, request, voice)
        case ByMethod() as request:
            return evolve_by(mind, request)
        case Evolving() as request:
            return evolve(mind, request, voice)
        case Checking() as request:
            return check(mind, request, voice)
        case Matching() as request:
            return match(mind, request, voice)
        case RatingVersions() as request:
            return rate(mind, request, voice)
        case Tagging() as request:
            return label(mind, request, voice, again=reading.asked_again)
        case Analysing() as request:
            return analyse(mind, request, voice)
        case Proposing() as request:
            return propose(mind, request, voice)
        case Wanting() as request:
            return want(mind, request, voice)
        case Hinting() as request:
            return hint(mind, request, voice, again=reading.asked_again)
        case Retrying() as request:
            return retry(mind, request, voice)
        case Conferring() as request:
            return confer(mind, request, voice)
        case Choosing() as request:
            return choose(request, voice)
        case Concluding() as request:
            return conclude(mind, request, voice)
        case Serving() as request:
            return serve(request)
        case Learning() as request:
            return learn(mind, request, voice)
        case Plain(teaching=True) as request:
            return teach(mind, request, voice)
        case Plain() as request:
            return _answer(mind, request, voice)
        case Unreadable():
            return NOT_UNDERSTOOD


def _answer(mind: Mind, request: Plain, voice: Chance) -> str:
    if len(request.task.turns) > 1 and _LEAVE.fullmatch(request.task.text.strip()):
        return WELCOME
    if not request.said and (question := bewildered(request.task)) is not None:
        return question
    belief, solution = mind.belief(request.task), request.task.solution
    if (belief is None or solution is None) and (again := _once_more(mind, request.task, voice)) is not None:
        return again
    if belief is None or solution is None:
        return composed(mind, request.task, voice)
    return told(mind, belief, solution.language, voice)


def _once_more(mind: Mind, task: Task, voice: Chance) -> str | None:
    """What it said to an earlier turn of the conversation, where that was in a language that it writes no essays in."""
    earlier = (Task(task.turns[:size]) for size in range(len(task.turns) - 1, 0, -1))
    asked = next((one for one in earlier if one.solution is not None and one.language != "en"), None)
    if asked is None or (belief := mind.belief(asked)) is None:
        return None
    return f"{PHRASES[asked.language].once_more}\n\n{told(mind, belief, asked.language, voice)}"


def _calling(model: Model, messages: Sequence[Message], calls: tuple[ToolCall, ...]) -> Reply:
    written = sum(len(call.name) + len(call.arguments) for call in calls)
    return Reply(
        text="",
        tool_calls=calls,
        finish_reason="tool_calls",
        usage=Usage(prompt_tokens=_heard(messages), completion_tokens=ceil(written / CHARACTERS_PER_TOKEN)),
        answered_by=model.name,
        served_model=model.model,
    )


def _heard(messages: Sequence[Message]) -> int:
    """Tokens of a prompt."""
    return sum(TOKENS_PER_MESSAGE + ceil(len(message.text) / CHARACTERS_PER_TOKEN) for message in messages)


def _reply(model: Model, messages: Sequence[Message], params: Params, text: str, *, truncated: bool) -> Reply:
    cuts = [at for stop in params.stop if stop and (at := text.find(stop)) >= 0]
    text = text[: min(cuts)] if cuts else text
    limit = len(text) // 2 if truncated else len(text)
    if params.max_tokens is not None:
        limit = min(limit, params.max_tokens * CHARACTERS_PER_TOKEN)
    return Reply(
        text=text[:limit],
        finish_reason="length" if limit < len(text) else "stop",
        usage=Usage(prompt_tokens=_heard(messages), completion_tokens=ceil(limit / CHARACTERS_PER_TOKEN)),
        answered_by=model.name,
        served_model=model.model,
    )
