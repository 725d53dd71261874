"""A simulated evolver that follows a method as it is written, and an optimiser that mends what a method fails to say.

What the method demands, the evolver does at the rate of its heed; what it does not demand goes wrong much more often.
So a method has a true quality, which its author can find out only by trying it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aaa.sim.chance import Chance
from aaa.sim.chatting import STATED
from aaa.sim.demands import DEMANDS as CONSTRAINTS
from aaa.sim.mind import Mind
from aaa.sim.requests import Analysing, ByMethod, Proposing, Task
from aaa.sim.solved import told

SLIP: Final = 0.5
"""Ours: how often a demand is missed by an evolver that does not heed it, or was never told."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Something that a good method says, the issue that its lack brings about, and the sentence that cures it."""

    issue: str
    said: re.Pattern[str]
    against: re.Pattern[str]
    """What contradicts it."""
    cure: str


def _demand(issue: str, said: str, against: str, cure: str) -> Demand:
    return Demand(issue, re.compile(said, re.IGNORECASE), re.compile(against, re.IGNORECASE), cure)


DEMANDS: Final = (
    _demand(
        "easier",
        r"\b(?:harder|more (?:difficult|complex|demanding))\b",
        r"\b(?:mak\w+|keep)\b[^.]*\b(?:simple|easier|easy|trivial)\b",
        "Make the instruction harder in one respect.",
    ),
    _demand(
        "lost_input",
        r"\bkeep\b[^.]*\b(?:input|code|table|material)",
        r"\b(?:drop|leave out|shorten|summari[sz]e)\b[^.]*\b(?:input|code|table|material)",
        "Keep the given input, such as text, code and tables, word for word.",
    ),
    _demand(
        "answered",
        r"\b(?:do not|don't|never|without)\b[^.]*\banswer",
        r"(?:^|[.;] |\bthen )(?:give|write|add|state|include)?\W*(?:the |its |an )?answer(?: it)?\b",
        "Do not answer the instruction.",
    ),
    _demand(
        "too_long",
        r"\b(?:10 to 20|ten to twenty|at most \d+|no more than \d+) words\b",
        r"\b(?:as long as|at great length|as many words|in great detail)\b",
        "Add 10 to 20 words.",
    ),
    _demand(
        "chatter",
        r"\b(?:only the|nothing but the) (?:new |final )?instruction\b|\bwithout remarks\b",
        r"\b(?:introduce|announce|explain)\b[^.]*\bremarks?\b",
        "Give only the instruction, without remarks.",
    ),
)
_SEEN: Final = {
    "lost_input": "lost_input",
    "asks_back": "lost_input",
    "too_long": "too_long",
    "too_easy": "easier",
    "unchanged": "unchanged",
    "chatter": "chatter",
    "stagnant": "answered",
    "unqualified": "unclear",
    "refusal": "unrealistic",
}
_MADE = re.compile(r"^Made of it: (.*?)^Answer to that: ", re.MULTILINE | re.DOTALL)
_FOUND = re.compile(r"^Found by a program: (\w+)$", re.MULTILINE)
_ISSUE = re.compile(r"^- \[(\w+)\]", re.MULTILINE)
_SENTENCE = re.compile(r"[^.\n]*[.\n]?")
_INPUT = re.compile(r"(?s)```.*?```|[\"“][^\"”]{12,}[\"”]|:\s*\S.*\Z")
_POINTS_AT = re.compile(
    r"\b(?:these|the following|this (?:text|list|code|passage|sentence|table|program))\b", re.IGNORECASE
)
_PADDING: Final = (
    "Consider background, history, context, audience, tone, structure, wording, examples, counterexamples, sources, "
    "limits, risks, costs, benefits, alternatives, timing, culture, law, ethics, design, testing, review, planning, "
    "budget, training, language, geography, climate, science, art, music, sport, travel, food, health, "
    "family, school, work, money, weather, transport, housing, energy, water, soil, forests, oceans, animals, "
    "software, networks, safety, privacy, trust, habit, memory, attention, sleep, comfort, beauty, justice, and peace."
)
_REWORDED: Final = (
    "Work calmly.",
    "Take your time over each step.",
    "Proceed in good order.",
    "Mind the details.",
    "Read everything twice before you begin.",
    "Stay close to the subject.",
)


def demanded(method: str) -> list[Demand]:
    """What a method says and does not take back elsewhere."""
    return [demand for demand in DEMANDS if demand.said.search(method) and not demand.against.search(method)]


def evolve_by(mind: Mind, request: ByMethod) -> str:
    """A reply to the prompt that wants an instruction made anew by a method.

    Luck falls by method and task: two methods that demand the same still fail on different instructions.
    """
    told_to = {demand.issue for demand in demanded(request.method)}
    chance = mind.chance("method", request.method, request.task.key)

    def misses(issue: str) -> bool:
        rate = SLIP * (1.0 - mind.profile.heed if issue in told_to else 1.0)
        return chance.happens(issue, rate)

    return f"Plan: one more condition.\n[[instruction]]\n{_evolved(mind, request.task, chance, misses)}"


def _evolved(mind: Mind, task: Task, chance: Chance, misses: Callable[[str], bool]) -> str:
    if misses("answered"):
        belief = mind.belief(task)
        return "Answer: it depends." if belief is None else told(mind, belief, "en", chance)
    if misses("easier"):
        return " ".join(task.text.split()[:5])
    text = task.text
    if _INPUT.search(text) and misses("lost_input"):
        text = f"{_INPUT.sub('', text).rstrip(' :')}."
    text = f"{chance.pick('constraint', CONSTRAINTS['en'][:5])} {text}"
    if misses("too_long"):
        text = f"{_PADDING} {text}"
    return f"Sure, here is a harder one: {text}" if misses("chatter") else text


def analyse(mind: Mind, request: Analysing, voice: Chance) -> str:
    """A reply to the prompt that wants the issues of a method: what was found in two cases or more, as far as seen."""
    found = [issue for case in request.cases if (issue := _issue_of(case)) is not None]
    grave = sorted({issue for issue in found if found.count(issue) > 1}, key=lambda issue: (-found.count(issue), issue))
    seen = [issue for issue in grave if voice.happens(issue, mind.profile.judge.accuracy)][:4]
    return "\n".join(f"- [{issue}] the method says too little against it" for issue in seen) or "- no issue"


def _issue_of(case: str) -> str | None:
    """What goes wrong in a case: seen in the text, else as a program found it."""
    found, made = _FOUND.search(case), _MADE.search(case)
    if found is None or found[1] not in _SEEN:
        return None
    return "answered" if made is not None and STATED.search(made[1]) else _SEEN[found[1]]


def propose(mind: Mind, request: Proposing, voice: Chance) -> str:
    """A reply to the prompt that wants a better method: issues cured at the rate of heed, the rest reworded.

    Who does not heed drops a sentence by the way, so that some candidates are worse.
    """
    method = request.method
    for issue in _ISSUE.findall(request.issues):
        demand = next((demand for demand in DEMANDS if demand.issue == issue), None)
        if demand is not None and demand not in demanded(method) and voice.happens(issue, mind.profile.heed):
            kept = [one for one in _SENTENCE.findall(method) if not demand.against.search(one)]
            method = f"{''.join(kept).rstrip()} {demand.cure}"
    if not voice.happens("care", mind.profile.heed):
        sentences = [one for one in _SENTENCE.findall(method) if one.strip()]
        lost = voice.pick("lost", sentences)
        method = "".join(one for one in sentences if one is not lost).strip()
    return f"[[method]]\n{voice.pick('reworded', _REWORDED)} {method}"


def bewildered(task: Task) -> str | None:
    """What a model says to a text that is no task, or points at material that is not there; None for a proper task."""
    text = task.text
    if task.solution is None and "?" not in text and STATED.search(text):
        return "Thank you for sharing this. What would you like me to do with it?"
    if task.solution is None and len(task.turns) == 1 and _POINTS_AT.search(text) and not _INPUT.search(text):
        return "There is nothing to work on yet. Please provide the material that you mean."
    return None
