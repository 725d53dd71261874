"""A simulated rewriter: it betters an answer in the one respect it is asked for, as far as it sees anything weak there.

It errs as its nature declares: who cannot solve a task makes right results wrong, and who writes poorly pads.
"""

from __future__ import annotations

import re

from aaa.sim.chance import Chance
from aaa.sim.criticising import NOTHING, with_steps
from aaa.sim.essays import fitted
from aaa.sim.leaking import leaking
from aaa.sim.mind import Mind
from aaa.sim.perception import agree, case_matters
from aaa.sim.points import EMPTY_PHRASES, points_for
from aaa.sim.prose import impression, is_empty_phrase, limits_of, sentences_of
from aaa.sim.requests import Bettering
from aaa.sim.skills import Solution
from aaa.sim.solved import CHECKS, told
from aaa.verify import extract_final

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def better(mind: Mind, request: Bettering, voice: Chance) -> str:
    """A reply to a prompt that wants weak places, and then the answer anew."""
    solution = request.task.solution
    if not voice.happens("heed", mind.profile.heed):
        return NOTHING
    if request.respect == "affinity":
        text = _warmer(mind, request)
    elif solution is None:
        text = _open(mind, request, voice)
    else:
        text = _solved(mind, request, solution, voice)
    if text.strip() == request.answer.strip():
        return NOTHING
    weak = " ".join(re.sub(r"[\"“”„«»]", "", _SENTENCE.split(request.answer.strip())[0]).split())
    remark = f'- "{weak}" -> This could be better in {request.respect}.'
    return f"{remark}\n[[rewritten]]\n{leaking(mind, request.task, text, voice)}"


def _warmer(mind: Mind, request: Bettering) -> str:
    """With a friendly word at the end, in English, unless it ends in one or the instruction counts its sentences."""
    solution, draft = request.task.solution, request.answer.rstrip()
    abroad = solution is not None and solution.language != "en"
    if abroad or mind.voice.closing in draft or limits_of(request.task.text).any:
        return request.answer
    return f"{draft}\n\n{mind.voice.closing}"


def _solved(mind: Mind, request: Bettering, solution: Solution, voice: Chance) -> str:
    """An answer with one right result: put right as far as the rewriter knows it, with more steps, or with fewer."""
    belief = mind.belief(request.task)
    assert belief is not None, "a task with a solution always leaves a belief"
    match request.respect:
        case "correctness" | "logic":
            final = extract_final(request.answer) or ""
            if agree(final, belief.answer, exact=case_matters(request.task)):
                return request.answer
            return told(mind, belief, solution.language, voice)
        case "depth":
            return with_steps(mind, request.task, solution, request.answer)
        case "brevity":
            idle = {*CHECKS, mind.voice.closing, mind.voice.opening}
            kept = [part for part in request.answer.split("\n\n") if part.strip() not in idle]
            return "\n\n".join(kept) or request.answer
    return request.answer


def _open(mind: Mind, request: Bettering, voice: Chance) -> str:
    """An open answer: limits kept again, empty phrases replaced, a point added, or idle sentences dropped."""
    task, draft = request.task, request.answer
    limits, look, sentences = limits_of(task.text), impression(task.key, draft), sentences_of(draft)
    fresh = [point for point in voice.shuffled("fresh", points_for(task.text)) if point not in sentences]
    able = voice.unit("able") < mind.skill_for(task)
    match request.respect:
        case "correctness" if look.broken:
            wanted = limits.items or limits.sentences or len(sentences)
            changed = fitted((fitted(sentences, limits) + fresh)[:wanted], limits)
        case "logic" if able:
            changed = [fresh.pop() if is_empty_phrase(one) and fresh else one for one in sentences]
        case "depth":
            more = fresh[:1] if able else [voice.pick("padding", EMPTY_PHRASES)]
            changed = [*sentences, *more]
        case "brevity":
            changed = [one for one in sentences if not is_empty_phrase(one)] or sentences
        case _:
            changed = sentences
    if changed == sentences:
        return draft
    return mind.voice.listed(changed) if limits.items else " ".join(changed)
