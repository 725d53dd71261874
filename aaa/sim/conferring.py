"""Simulated colleagues in a team: each works the task out for itself, hears the others, and may be persuaded (ours)."""

from __future__ import annotations

from collections.abc import Sequence

from aaa.sim.chance import Chance
from aaa.sim.essays import composed
from aaa.sim.leaking import leaking
from aaa.sim.mind import Mind
from aaa.sim.perception import agree
from aaa.sim.phrases import PHRASES
from aaa.sim.points import points_for
from aaa.sim.requests import Choosing, Concluding, Conferring, Task
from aaa.sim.skills import Working
from aaa.sim.solved import told
from aaa.sim.tutoring import persuaded
from aaa.verify import extract_final

DONE = "[[DONE]]"


def confer(mind: Mind, request: Conferring, voice: Chance) -> str:
    """A member's message: its own result, its doubt of another's, or that both agree, which ends the work."""
    task, solution = request.task, request.task.solution
    if solution is None:
        return _confer_open(mind, request, voice)
    others = [text for name, text in request.said if name != request.name]
    own = [text for name, text in request.said if name == request.name]
    belief = _last_held(task, own) or mind.belief(task) or solution.right
    if not others:
        return told(mind, belief, solution.language, voice)
    working = persuaded(mind, task, others[-1], belief, voice)
    say, heard = PHRASES[solution.language], _last_held(task, others)
    if heard is not None and agree(heard.answer, working.answer):
        return f"{say.same.format(answer=working.answer)}\n\n{DONE}"
    return f"{say.other.format(answer=working.answer)}\n\n{told(mind, working, solution.language, voice)}"


def choose(request: Choosing, voice: Chance) -> str:
    """One who has said nothing yet, else who has been silent for longest."""
    spoken = [name for name, _ in request.said]
    silent = [name for name in request.possible if name not in spoken]
    if silent:
        return f"Here is one who has not spoken yet.\n[[{voice.pick('next', silent)}]]"
    last = {name: at for at, name in enumerate(spoken)}
    return f"It is long since this one has spoken.\n[[{min(request.possible, key=lambda name: last[name])}]]"


def conclude(mind: Mind, request: Concluding, voice: Chance) -> str:
    """The team's last result, as far as its writer has come to hold it for right."""
    task, solution = request.task, request.task.solution
    if solution is None:
        return leaking(mind, task, composed(mind, task, voice), voice)
    belief = _last_held(task, [text for _, text in request.said]) or mind.belief(task) or solution.right
    return leaking(mind, task, told(mind, belief, solution.language, voice), voice)


def _confer_open(mind: Mind, request: Conferring, voice: Chance) -> str:
    heard = {name for name, _ in request.said}
    if not heard:
        return composed(mind, request.task, voice)
    if len(heard | {request.name}) == len(request.members):
        return f"Nothing is missing any more.\n\n{DONE}"
    return f"This belongs into it too: {voice.pick('point', points_for(request.task.text))}"


def _last_held(task: Task, texts: Sequence[str]) -> Working | None:
    """The working whose result the last of the texts states that states one."""
    solution = task.solution
    ways = () if solution is None else (solution.right, *solution.slips)
    finals = (extract_final(text) or "" for text in reversed(texts))
    return next((way for final in finals for way in ways if agree(final, way.answer)), None)
