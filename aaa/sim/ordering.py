"""How a simulated juror puts several answers in order."""

from __future__ import annotations

from aaa.sim.chance import Chance
from aaa.sim.judging import Mark, errs, said
from aaa.sim.mind import Mind
from aaa.sim.perception import seen
from aaa.sim.requests import Ordering


def order(mind: Mind, request: Ordering, voice: Chance, *, again: int) -> str:
    """A reply to a ranking prompt: by worth, each answer misread at the juror's rate; then its pull to the first seat.

    Equal ones stand in an order that is drawn for the texts, not for the seats.
    """
    answers, task = request.answers, request.task

    def worth(seat: int) -> tuple[float, float]:
        text = answers[seat]
        sight = seen(task, text, request.reference)
        read = sight.worth if errs(mind, task, text) is None else 1.0 - sight.worth
        return read, mind.chance("even", task.key, text).unit("order")

    seats = sorted(range(len(answers)), key=worth, reverse=True)
    if mind.chance("seat", task.key, *answers).happens("position", mind.profile.judge.position_bias):
        seats = [0, *(seat for seat in seats if seat != 0)]
    numbers = [seat + 1 for seat in seats]
    mark = Mark(f"[[{' > '.join(map(str, numbers))}]]", numbers, request.structured)
    words = f"Answer {numbers[0]} serves best, answer {numbers[-1]} least."
    return said(mind, words, mark, "I would take them in about that order", voice, again)
