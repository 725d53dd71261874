"""A simulated teacher's words on an attempt, and the student's new attempt after them.

What a student hears raises its chance of being right within the episode: words that point at the right way lead there
at the rate of its heed, vague ones half as often (ours).
"""

from __future__ import annotations

from dataclasses import dataclass

from aaa.sim.chance import Chance
from aaa.sim.essays import composed, fitted
from aaa.sim.leaking import leaking
from aaa.sim.mind import Mind
from aaa.sim.perception import agree, case_matters
from aaa.sim.points import points_for
from aaa.sim.prose import impression, limits_of, sentences_of
from aaa.sim.requests import Hinting, Retrying
from aaa.sim.skills import Solution, Working
from aaa.sim.solved import told
from aaa.verify import extract_final

RIGHT = "[[RIGHT]]"
VAGUE = 0.5
"""Ours: how much less a hint is worth that names no step."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """What a teacher says, in one language; `{step}` is what to work out."""

    look: str
    slowly: str
    wrong: str
    away: str


_PHRASES = {
    "en": Phrases(
        look="One step does not hold. Work this out once more: {step}",
        slowly="Somewhere on the way a step went wrong. Go through it once more from the beginning.",
        wrong="That is not right yet. This is how it goes:",
        away="The result is {answer}.",
    ),
    "de": Phrases(
        look="Ein Schritt stimmt nicht. Rechne das noch einmal nach: {step}",
        slowly="Unterwegs ist ein Schritt schiefgegangen. Geh es noch einmal von vorn durch.",
        wrong="Das stimmt noch nicht. So geht es:",
        away="Das Ergebnis ist {answer}.",
    ),
    "es": Phrases(
        look="Hay un paso que no es correcto. Vuelve a calcular esto: {step}",
        slowly="En algún paso te has equivocado. Repásalo otra vez desde el principio.",
        wrong="Todavía no es correcto. Se hace así:",
        away="El resultado es {answer}.",
    ),
    "fr": Phrases(
        look="Une étape n'est pas juste. Refais ce calcul : {step}",
        slowly="Une étape s'est mal passée. Reprends tout depuis le début.",
        wrong="Ce n'est pas encore juste. Voici comment faire :",
        away="Le résultat est {answer}.",
    ),
    "it": Phrases(
        look="Un passo non torna. Ricalcola questo: {step}",
        slowly="Da qualche parte un passo è andato storto. Rifallo dall'inizio.",
        wrong="Non è ancora giusto. Si fa così:",
        away="Il risultato è {answer}.",
    ),
}


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
    say = _PHRASES[solution.language]
    if request.correct:
        return f"{say.wrong}\n\n{told(mind, belief, solution.language, voice)}"
    if not again and voice.happens("gives away", mind.profile.gives_away):
        return say.away.format(answer=belief.answer)
    step = _open_step(belief, request.hints)
    return say.slowly if step is None else say.look.format(step=step)


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
    working = _persuaded(mind, request, solution, standing, voice)
    return leaking(mind, request.task, told(mind, working, solution.language, voice), voice)


def _persuaded(mind: Mind, request: Retrying, solution: Solution, standing: Working, voice: Chance) -> Working:
    """The working that the student holds for right after what it heard: a wrong way convinces it only as far as it
    cannot check."""
    ways = [way for way in (solution.right, *solution.slips) if _points_at(request.heard, way)]
    way = ways[0] if ways else solution.right
    heed = mind.profile.heed if ways else mind.profile.heed * VAGUE
    doubt = 1.0 if way is solution.right else 1.0 - mind.skill_for(request.task)
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
