"""A simulated critic and author: suggestions and revisions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aaa.sim.chance import Chance
from aaa.sim.essays import fitted
from aaa.sim.leaking import leaking
from aaa.sim.mind import Mind
from aaa.sim.perception import agree, case_matters
from aaa.sim.points import points_for
from aaa.sim.prose import impression, limits_of, sentences_of
from aaa.sim.requests import Critiquing, Revising, Task
from aaa.sim.skills import Solution, Working
from aaa.sim.solved import told
from aaa.verify import extract_final

NOTHING = "- nothing to improve"
AT_MOST = 3
FUSSY = 0.25
"""Ours: how often a critic asks for a step to be shown where it finds no error."""
_SUGGESTION = re.compile(r"^\s*-\s*\[(?P<aim>\w+)\]\s*\"(?P<place>.*?)\"\s*->\s*(?P<change>.+)$", re.MULTILINE)
_RESULT = re.compile(r"\bshould be (?P<result>.+?)\.?$")
_TAKE_UP = re.compile(r"\btake up \"?(?P<term>[\w-]+)", re.IGNORECASE)


def criticise(mind: Mind, request: Critiquing, voice: Chance) -> str:
    """A reply to a critique prompt."""
    belief = mind.belief(request.task)
    if belief is not None:
        return _of_result(belief, request, voice)
    found = [flaw for flaw in _flaws(request) if voice.happens(flaw, mind.profile.judge.accuracy)]
    return "\n".join(found[:AT_MOST]) or NOTHING


def _line(aim: str, place: str, change: str) -> str:
    # The form wants the quoted words without quotation marks in them, on one line.
    words = " ".join(re.split(r"[\"“”„«»]", place)[0].split())
    return f'- [{aim}] "{words}" -> {" ".join(change.split())}'


def _of_result(belief: Working, request: Critiquing, voice: Chance) -> str:
    final = extract_final(request.answer) or ""
    if not agree(final, belief.answer, exact=case_matters(request.task)):
        reason = f"{belief.steps[-1].rstrip('.')}, so the" if belief.steps else "The"
        return _line("correctness", final, f"{reason} result should be {belief.answer}")
    if belief.steps and belief.steps[-1] not in request.answer and voice.happens("fussy", FUSSY):
        return _line("reasoning", final, f"Show how one gets there: {belief.steps[-1]}")
    return NOTHING


def _flaws(request: Critiquing) -> list[str]:
    """Lines about everything a careful reader of an open answer could object to, the gravest first."""
    look = impression(request.task.key, request.answer)
    flaws = [_line("completeness", "", change) for change in look.broken]
    flaws += [_line("clarity", sentence, "Put one concrete step in its place.") for sentence in look.empty]
    flaws += [_line("completeness", "", f'Take up "{term}", which was asked for.') for term in look.missing[:1]]
    return flaws


def revise(mind: Mind, request: Revising, voice: Chance) -> str:
    """A reply to a revision prompt."""
    task, solution = request.task, request.task.solution
    changes = [(match["place"], match["change"]) for match in _SUGGESTION.finditer(request.suggestions)]
    if solution is None:
        text = _reworked(mind, task, request.answer, changes, voice)
    else:
        text = _recomputed(mind, task, solution, request.answer, [change for _, change in changes], voice)
    return leaking(mind, task, text, voice)


def _recomputed(mind: Mind, task: Task, solution: Solution, draft: str, changes: Sequence[str], voice: Chance) -> str:
    """A result changed where the author is convinced: by a right correction at the rate of its heed, by a wrong one
    only as far as it cannot check it."""
    for change in changes:
        if (proposal := _RESULT.search(change)) is None:
            continue
        result = proposal["result"].strip(" \"'*")
        right = agree(result, solution.answer, exact=case_matters(task))
        doubt = 1.0 if right else 1.0 - mind.skill_for(task)
        if voice.happens(f"convinced {change}", mind.profile.heed * doubt):
            workings = (solution.right, *solution.slips)
            working = next((w for w in workings if agree(w.answer, result, exact=case_matters(task))), Working(result))
            return told(mind, working, solution.language, voice)
    if any("Show how" in change for change in changes) and voice.happens("heed", mind.profile.heed):
        return with_steps(mind, task, solution, draft)
    return draft


def with_steps(mind: Mind, task: Task, solution: Solution, draft: str) -> str:
    """The draft with the steps that lead to its result in front."""
    final = extract_final(draft) or ""
    workings = (solution.right, *solution.slips)
    steps = next((w.steps for w in workings if agree(w.answer, final, exact=case_matters(task))), ())
    missing = [step for step in steps if step not in draft]
    return f"{mind.voice.listed(missing)}\n\n{draft}" if missing else draft


def _reworked(mind: Mind, task: Task, draft: str, changes: Sequence[tuple[str, str]], voice: Chance) -> str:
    """An open answer in which the heeded suggestions are carried out."""
    limits = limits_of(task.text)
    sentences = sentences_of(draft)
    fresh = [point for point in voice.shuffled("fresh", points_for(task.text)) if point not in sentences]
    for place, change in changes:
        if not voice.happens(f"heed {change} {place}", mind.profile.heed):
            continue
        if (term := _TAKE_UP.search(change)) is not None:
            sentences.append(f"As for the {term['term']}, begin with one small step of 10 minutes a day.")
        elif place and fresh:
            sentences = [fresh.pop() if place in sentence else sentence for sentence in sentences]
        else:
            wanted = limits.items or limits.sentences or len(sentences)
            sentences = (fitted(sentences, limits) + fresh)[:wanted] if wanted > len(sentences) else sentences[:wanted]
            sentences = fitted(sentences, limits)
    if sentences == sentences_of(draft):
        return draft
    return mind.voice.listed(sentences) if limits.items else " ".join(sentences)
