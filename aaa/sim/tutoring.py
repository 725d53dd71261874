"""A simulated teacher's words on an attempt, and the student's new attempt after them.

What a student hears raises its chance of being right within the episode: words that point at the right way lead there
at the rate of its heed, vague ones half as often (ours).
"""

from __future__ import annotations

from aaa.sim.chance import Chance
from aaa.sim.essays import composed, fitted
from aaa.sim.leaking import leaking
from aaa.sim.mind import Mind
from aaa.sim.perception import agree, case_matters
from aaa.sim.phrases import PHRASES
from aaa.sim.points import points_for
from aaa.sim.prose import impression, limits_of, sentences_of
from aaa.sim.requests import Hinting, Retrying, Task
from aaa.sim.skills import Working
from aaa.sim.solved import told
from aaa.verify import extract_final

RIGHT = "[[RIGHT]]"
VAGUE = 0.5
"""Ours: how much less a hint is worth that names no step."""


def hint(mind: Mind, request: Hinting, voice: Chance, *, again: int) -> str:
    """A teacher's words. Who holds a wrong result for right hints that way, unless a reference tells better."""
    solution = request.task.solution
    if solution is None:
        return _hint_open(mind, request, voice)
    belief = mind.belief(request.task) or solution.right
    if request.reference is not None:
        belief = solution.right
    final = extract_final(request.attempt) or ""
    if agree(final, belief.answer, exact=case_matters(request.task)) and not again:
        return RIGHT
    say = PHRASES[solution.language]
    if request.correct:
        return f"{say.correction}\n\n{told(mind, belief, solution.language, voice)}"
    if not again and voice.happens("gives away", mind.profile.gives_away):
        return say.away.format(answer=belief.answer)
    step = _open_step(belief, request.hints)
    return say.start_over if step is None else say.recheck.format(step=step)


def _open_step(belief: Working, hints: str) -> str | None:
    """The first step that was not hinted at, without what it comes to."""
    for step in belief.steps:
        left, equals, _ = step.rpartition(" = ")
        if equals and left not in hints and belief.answer not in left:
            return f"{left} = ?"
    return None


def _hint_open(mind: Mind, request: Hinting, voice: Chance) -> str:
    look = impression(request.task.key, request.attempt)
    flaws = [
        *look.broken,
        *(f'"{sentence}" says little; put something concrete in its place.' for sentence in look.empty),
    ]
    seen = [flaw for flaw in flaws if voice.happens(flaw, mind.profile.judge.accuracy)]
    if not seen:
        return RIGHT
    if request.correct:
        return f"{seen[0]} It can read like this:\n\n{composed(mind, request.task, voice)}"
    return " ".join(seen[:2])


def retry(mind: Mind, request: Retrying, voice: Chance) -> str:
    """A student's new attempt."""
    solution = request.task.solution
    if solution is None:
        return leaking(mind, request.task, _retry_open(mind, request, voice), voice)
    workings = (solution.right, *solution.slips)
    before = extract_final(request.attempt) or ""
    exact = case_matters(request.task)
    standing = next((w for w in workings if agree(w.answer, before, exact=exact)), solution.right)
    working = persuaded(mind, request.task, request.heard, standing, voice)
    return leaking(mind, request.task, told(mind, working, solution.language, voice), voice)


def persuaded(mind: Mind, task: Task, heard: str, standing: Working, voice: Chance) -> Working:
    """The working that somebody holds for right after what it heard: a wrong way convinces it only as far as it cannot
    check. The task is one that can be solved."""
    solution = task.solution
    assert solution is not None, "asked only of tasks that can be solved"
    ways = [way for way in (solution.right, *solution.slips) if _points_at(heard, way)]
    way = ways[0] if ways else solution.right
    heed = mind.profile.heed if ways else mind.profile.heed * VAGUE
    doubt = 1.0 if way is solution.right else 1.0 - mind.skill_for(task)
    return way if voice.happens("persuaded", heed * doubt) else standing


def _points_at(heard: str, way: Working) -> bool:
    lefts = [left for step in way.steps if (left := step.rpartition(" = ")[0])]
    return any(left in heard for left in lefts) or agree(extract_final(heard) or "", way.answer)


def _retry_open(mind: Mind, request: Retrying, voice: Chance) -> str:
    """The attempt with its empty phrases replaced and its limits kept, as far as the student heeds."""
    limits, task = limits_of(request.task.text), request.task
    sentences = sentences_of(request.attempt)
    empty = impression(task.key, request.attempt).empty
    fresh = [point for point in voice.shuffled("fresh", points_for(task.text)) if point not in sentences]
    for at, sentence in enumerate(sentences):
        if sentence in empty and fresh and voice.happens(f"heed {sentence}", mind.profile.heed):
            sentences[at] = fresh.pop()
    wanted = limits.items or limits.sentences
    if wanted is not None and voice.happens("heed limits", mind.profile.heed):
        sentences = (sentences + fresh)[:wanted]
    sentences = fitted(sentences, limits)
    return mind.voice.listed(sentences) if limits.items else " ".join(sentences)
