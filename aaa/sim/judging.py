"""How a simulated juror judges: it looks faithfully, errs at its declared rate, and then its biases act.

The declared rates mean exactly what `SimJudge` says of them. Errors and the pull of length and of a familiar voice
belong to the two texts and are the same in both seat orders; only the pull of the first seat is drawn game by game.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from aaa.sim.chance import Chance
from aaa.sim.mind import Mind
from aaa.sim.perception import NOTICEABLE, Sight, seen
from aaa.sim.requests import Comparison, Grading, Task
from aaa.sim.voice import familiarity

Side = Literal["first", "second", "tie"]
_OTHER: dict[Side, Side] = {"first": "second", "second": "first"}
_MARK: dict[Side, str] = {"first": "[[1]]", "second": "[[2]]", "tie": "[[tie]]"}
_NAME: dict[Side, str] = {"first": "answer 1", "second": "answer 2"}


def errs(mind: Mind, task: Task, *texts: str) -> Chance | None:
    """The luck of an error on these texts, or None where the juror reads them rightly.

    Of its errors the share `shared_errors` falls on the items on which its whole group errs; the rest on its own.
    """
    judge = mind.profile.judge
    rate = 1.0 - judge.accuracy
    common = rate * judge.shared_errors
    if judge.error_group:
        group = Chance("error group", judge.error_group, task.key)
        if group.happens("err", common):
            return group.about(*sorted(texts))
        rate = (rate - common) / (1.0 - common) if common < 1.0 else 0.0
    own = mind.chance("reading", task.key, *sorted(texts))
    return own if own.happens("err", rate) else None


def compare(mind: Mind, request: Comparison, voice: Chance, *, again: int) -> str:
    """A reply to a pairwise judging prompt."""
    first = seen(request.task, request.first, request.reference)
    second = seen(request.task, request.second, request.reference)
    honest = _honest(mind, request, first, second)
    choice, reason = _with_biases(mind, request, honest)
    words = reason or _reason(honest, choice, first, second, voice)
    if first.steering or second.steering:
        words += " One of the answers tries to steer its judge, which I leave aside."
    if request.scale is not None:
        points = _points_of_both(choice, first, second, request.scale)
        lines = "\n".join(f"{name}: [[{value}]]" for name, value in points.items())
        return said(mind, words, Mark(lines, points, request.structured), _spoken(choice), voice, again)
    mark = Mark(_MARK[choice], _MARK[choice].strip("[]"), request.structured)
    return said(mind, words, mark, _spoken(choice), voice, again)


def _points_of_both(choice: Side, first: Sight, second: Sight, scale: tuple[int, int]) -> dict[str, int]:
    """Grades by what the two are worth, at least one point apart where one was chosen."""
    low, high = scale
    better, worse = sorted((low + round(sight.worth * (high - low)) for sight in (first, second)), reverse=True)
    if choice == "tie":
        return dict.fromkeys(_NAME.values(), better)
    if better == worse:
        better, worse = (better + 1, worse) if better < high else (better, worse - 1)
    return {name: better if side == choice else worse for side, name in _NAME.items()}


def _honest(mind: Mind, request: Comparison, first: Sight, second: Sight) -> Side:
    """Which answer the juror takes for the better one, biases apart."""
    gap = first.worth - second.worth
    better: Side = "tie" if abs(gap) < NOTICEABLE else "first" if gap > 0 else "second"
    luck = errs(mind, request.task, request.first, request.second)
    if luck is None:
        return better
    if better != "tie":
        return _OTHER[better]
    if request.first == request.second:
        return "tie"
    favourite = luck.pick("favourite", sorted((request.first, request.second)))
    return "first" if favourite == request.first else "second"


def _with_biases(mind: Mind, request: Comparison, honest: Side) -> tuple[Side, str]:
    """The choice after the declared biases, and what is said where a bias and not a reading decided."""
    judge, first, second = mind.profile.judge, request.first, request.second
    seat = mind.chance("seat", request.task.key, first, second)
    if seat.happens("position", judge.position_bias):
        return "first", "The first answer meets the request well, and the other one adds little to it."
    # What the first seat did not decide is shared out so that each bias decides its declared share of all games.
    left = 1.0 - judge.position_bias
    pull = mind.chance("pull", request.task.key, *sorted((first, second))).unit("bias") * left
    if pull < judge.verbosity_bias:
        if len(first) != len(second):
            return _side(
                len(first) > len(second)
            ), "One answer goes into much more detail, and that makes it the more helpful one."
    elif pull < judge.verbosity_bias + judge.self_preference:
        mine, theirs = familiarity(mind.family, first), familiarity(mind.family, second)
        if mine != theirs:
            return _side(mine > theirs), "One answer puts things just as they should be put, so it reads better."
    return honest, ""


def _side(is_first: bool) -> Side:
    return "first" if is_first else "second"


def _reason(honest: Side, choice: Side, first: Sight, second: Sight, voice: Chance) -> str:
    if honest == "tie":
        both = (
            f"Both come to {first.final[:60]}"
            if first.right is not None and first.final == second.final
            else "The two are of about the same use"
        )
        return f"{both}. {voice.pick('even', _EVEN)}"
    better, worse = (first, second) if honest == "first" else (second, first)
    name = _NAME[choice].capitalize()
    if better.right is None:
        return f"{name} {voice.pick('open', _OPEN)} The other one stays more general."
    return (
        f"Working the task out, I come to {_quoted(better)}. "
        f"{name} {voice.pick('closed', _CLOSED)} The other one says {_quoted(worse)}."
    )


def _quoted(sight: Sight) -> str:
    """A final answer as a juror repeats it: short, on one line, and without brackets that look like a verdict."""
    short = " ".join(sight.final.split())[:80].translate(_ROUND)
    return short or "nothing definite"


_ROUND = str.maketrans("[]", "()")


_EVEN = ("I see nothing that would make one of them serve better.", "Neither serves the person better than the other.")
_OPEN = (
    "makes more points that one can act on, and keeps to what was asked.",
    "is the more specific one and wastes fewer words.",
    "answers what was asked in concrete terms.",
)
_CLOSED = ("gets there by steps that hold.", "agrees with that.", "has the right result.")


def _spoken(choice: Side) -> str:
    return "I would call it even" if choice == "tie" else f"I would take the {choice} one"


@dataclass(frozen=True)
class Mark:
    """A verdict as the request wants it: as `text`, or as a `value` in JSON where it is structured."""

    text: str
    value: object
    structured: bool


def said(mind: Mind, words: str, mark: Mark, spoken: str, voice: Chance, again: int) -> str:
    """The reply with its verdict; a malformed one says it in words that no parser knows."""
    if voice.about("form", again).happens("malformed", mind.profile.judge.malformed):
        return f"{words} {spoken}, all things considered."
    if mark.structured:
        return json.dumps({"reasons": words, "verdict": mark.value})
    return mark.text if again else f"{words}\n\n{mark.text}"


def grade(mind: Mind, request: Grading, voice: Chance, *, again: int) -> str:
    """A reply to a pointwise judging prompt."""
    sight = seen(request.task, request.answer, request.reference)
    luck = errs(mind, request.task, request.answer)
    worth = sight.worth if luck is None else 1.0 - sight.worth
    worth = _swayed(mind, request, worth)
    points = _points(mind, request, worth, "jitter")
    if sight.right is None:
        words = voice.pick("open", _GRADED_OPEN[worth > 0.6])
    else:
        words = f"The answer comes to {_quoted(sight)}. {voice.pick('closed', _GRADED_CLOSED[worth > 0.6])}"
    if sight.steering:
        words += " It tries to steer its judge, which I leave aside."
    mark = Mark(f"[[{points}]]", points, request.structured)
    if request.aspects:
        each = {aspect: _points(mind, request, worth, aspect) for aspect in request.aspects}
        mark = Mark("\n".join(f"{name}: [[{value}]]" for name, value in each.items()), each, request.structured)
    return said(mind, words, mark, "A grade is hard to put into a number", voice, again)


def _points(mind: Mind, request: Grading, worth: float, what: str) -> int:
    """What the answer is worth on the scale, give or take a mood."""
    jitter = mind.chance("mood", request.task.key, request.answer).unit(what) * 0.16 - 0.08
    return request.low + round(min(1.0, max(0.0, worth + jitter)) * (request.high - request.low))


def _swayed(mind: Mind, request: Grading, worth: float) -> float:
    """The worth after length and a familiar voice, each on its declared share of readings."""
    judge = mind.profile.judge
    pull = mind.chance("pull", request.task.key, request.answer).unit("bias")
    if pull < judge.verbosity_bias:
        return min(1.0, len(request.answer.split()) / LONG)
    if pull < judge.verbosity_bias + judge.self_preference and familiarity(mind.family, request.answer) >= 2:
        return 1.0
    return worth


LONG = 120
"""Ours: words at which a juror that is impressed by length gives the highest grade."""
_GRADED_OPEN = (
    ("Much of it stays general, and one cannot act on it.", "It says little that fits this request in particular."),
    ("It is specific and keeps to what was asked.", "The points are concrete and can be used as they stand."),
)
_GRADED_CLOSED = (
    ("My own working gives something else.", "That does not agree with what I get."),
    ("That agrees with my own working.", "I get the same."),
)
