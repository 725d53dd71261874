"""A simulated student and teacher: the student tries, the teacher corrects and guides, and closes with the result."""

from __future__ import annotations

import re

from aaa.sim.chance import Chance
from aaa.sim.essays import composed
from aaa.sim.mind import Mind
from aaa.sim.phrases import PHRASES
from aaa.sim.points import points_for
from aaa.sim.prose import impression
from aaa.sim.requests import Learning, Plain, Task
from aaa.sim.skills import Working
from aaa.sim.solved import told

DONE = "[[DONE]]"
PATIENCE = 2
"""Own turns after which a teacher states the result; as the bundled teacher card asks."""
STATED = re.compile(
    r"(?:answer|antwort|respuesta|réponse|risposta)\b[*_]*\s*:[*_]*\s*(?P<result>\S.*?)\s*$",
    re.IGNORECASE | re.MULTILINE,
)


def teach(mind: Mind, request: Plain, voice: Chance) -> str:
    """A teacher's turn."""
    task, student = _task_and_student(request)
    belief = mind.belief(task)
    if belief is None:
        return _teach_open(mind, task, student, len(request.said), voice)
    language = task.solution.language if task.solution else "en"
    say = PHRASES[language]
    if student is not None and _reached(student, belief):
        return f"{say.right} {say.close}\n\n{told(mind, belief, language, voice)}"
    if len(request.said) >= PATIENCE:
        return f"{say.close}\n\n{told(mind, belief, language, voice)}"
    if student is None:
        step = _open_step(belief, 0)
        return f"{say.begin} {say.free if step is None else say.hint.format(step=step)}"
    step = _open_step(belief, len(request.said))
    return f"{say.wrong} {say.slowly if step is None else say.look.format(step=step)}"


def _task_and_student(request: Plain) -> tuple[Task, str | None]:
    """The task that the conversation is about, and the student's last words, if it spoke.

    The first turns are the task: as many as it takes until it can be solved, else the first one.
    """
    turns = request.task.turns
    lengths = range(1, len(turns) + 1)
    size = next((n for n in lengths if Task(turns[:n]).solution is not None), 1)
    return Task(turns[:size]), turns[-1] if len(turns) > size else None


def _reached(said: str, belief: Working) -> bool:
    return re.search(rf"(?<![\w.,-]){re.escape(belief.answer)}(?![\w-]|[.,]\d)", said) is not None


def _open_step(belief: Working, index: int) -> str | None:
    """What to work out in a step, without what it comes to; None where there is no step that leaves the result open."""
    if not belief.steps:
        return None
    step = belief.steps[min(index, len(belief.steps) - 1)]
    left, equals, _ = step.rpartition(" = ")
    if equals:
        return f"{left} = ?"
    return None if belief.answer in step else step


def _teach_open(mind: Mind, task: Task, student: str | None, spoken: int, voice: Chance) -> str:
    point = voice.pick("point", points_for(task.text))
    if student is None:
        return (
            f"What would help the person who asks? Begin with something concrete: {point} Now write your own version."
        )
    look = impression(task.key, student)
    if spoken >= PATIENCE or (not look.empty and not look.broken and len(look.specific) > 2):
        return f"That is on the right way. Put together, it can read like this:\n\n{composed(mind, task, voice)}"
    if look.empty:
        return f'The sentence "{look.empty[0]}" says little. Replace it by something one can do or see.'
    return f"Good so far. It still lacks a detail like this one: {point}"


def learn(mind: Mind, request: Learning, voice: Chance) -> str:
    """A student's turn."""
    task = request.task
    tries = len([turn for turn in request.said if turn != task.text])
    stated = STATED.findall(request.heard[-1]) if request.heard else []
    solution = task.solution
    if solution is None:
        return _learn_open(mind, task, tries, voice)
    say = PHRASES[solution.language]
    if stated:
        return f"{say.understood.format(answer=stated[-1].strip(' *'))}\n\n{DONE}"
    belief = mind.belief(task) or solution.right
    if tries == 0:
        question = f" {say.unsure}" if voice.happens("unsure", 1.0 - mind.skill_for(task)) else ""
        return f"{say.attempt} {_shown(belief)}{say.result.format(answer=belief.answer)}{question}"
    working = solution.right if voice.happens("heed", mind.profile.heed) else belief
    return f"{say.again} {_shown(working)}{say.result.format(answer=working.answer)}"


def _shown(working: Working) -> str:
    steps = [step.rstrip(".") for step in working.steps[-3:]]
    return f"{'; '.join(steps)}. " if steps else ""


def _learn_open(mind: Mind, task: Task, tries: int, voice: Chance) -> str:
    if tries >= PATIENCE:
        return f"Now I see what makes the difference: one concrete thing after the other.\n\n{DONE}"
    draft = composed(mind, task, voice.about(tries))
    return f"Here is my {'next ' if tries else ''}try: {draft}"
