"""Asking a simulated model. What it thinks with is imported when the first is asked: most sessions have none."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aaa.sim.chance import Chance
from aaa.types import Message, Model, Params, Reply, Tool


async def reply(
    model: Model,
    messages: Sequence[Message],
    params: Params,
    *,
    tools: Sequence[Tool] = (),
    draw: int = 0,
    attempt: int = 1,
) -> Reply:
    """What `aaa.sim.respond` says, after the declared latency, spread by half around its mean."""
    from aaa.sim.speech import respond  # heavy

    mean = model.sim.latency if model.sim is not None else 0.0
    if mean > 0.0:
        wait = Chance(model.identity or model.name, draw, attempt, *(message.text for message in messages))
        await asyncio.sleep(mean * (0.5 + wait.unit("latency")))
    return respond(model, messages, params, tools=tools, draw=draw, attempt=attempt)
