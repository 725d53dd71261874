"""One game: a juror compares two answers in one seat order."""

from __future__ import annotations

from aaa.agents import Agent, answer_text, shown_messages
from aaa.judge.asking import Question, ask_in_form
from aaa.judge.forms import Form, choice_form, scores_form
from aaa.judge.match import GameNumber, Match
from aaa.judge.record import judgment
from aaa.prompts import PromptSet
from aaa.scenario import Procedure
from aaa.text import fence, neutralise
from aaa.types import TIE, Answer, Game, Judgment, Place

LOW, HIGH = 1, 10
"""The scale where a winner follows from two grades; ours, that of MT-Bench's single grading."""
SEATS = ("answer 1", "answer 2")
"""Names of the seats in the prompts."""
Reading = tuple[str, tuple[float, float] | None]
"""The winner, and the grades it follows from."""


def question(
    match: Match,
    first: Answer,
    second: Answer,
    prompts: PromptSet,
    *,
    seed: int,
    procedure: Procedure,
    structured: bool,
    reference: str | None,
) -> Question[Reading]:
    """Which of the two in these seats is better: visible text only, no names, and the reference where it is given."""
    mark = fence(seed, match.id)
    prompt = prompts.render(
        "judge_pairwise" if procedure.verdict == "choice" else "judge_pairwise_scores",
        messages=shown_messages(match.instruction.prompt, mark),
        first=answer_text(first, mark),
        second=answer_text(second, mark),
        reference=reference and neutralise(reference, mark),
        low=LOW,
        high=HIGH,
        structured=structured,
        fence=mark,
    )
    return Question(prompt, _form(first, second, procedure, structured=structured), match.injection)


async def play(
    juror: Agent,
    match: Match,
    number: GameNumber,
    first: Answer,
    second: Answer,
    asked: Question[Reading],
    prompts: PromptSet,
    *,
    panel: str,
    place: Place,
    step: str,
    measured_only: bool,
) -> Judgment:
    """The juror's reading of one game, with these two in their seats.

    `step` is the reading's place in its episode. Raises `ParseError` if two replies cannot be read, `CallError`,
    `StopError`.
    """
    reply = await ask_in_form(juror, asked.prompt, asked.form, prompts, step=step)
    winner, scores = reply.value
    game = Game(
        match=match.id,
        number=number,
        first=first.id,
        second=second.id,
        winner=winner,
        first_style=first.style,
        second_style=second.style,
        scores=scores,
    )
    row = place.row("judgment", panel, match.id, juror.name, number)
    return judgment(row, juror, asked, reply, game, panel=panel, place=place, measured_only=measured_only)


def _form(first: Answer, second: Answer, procedure: Procedure, *, structured: bool) -> Form[Reading]:
    if procedure.verdict == "choice":
        labels = {"1": first.id, "2": second.id, "tie": TIE}
        return choice_form(labels, structured=structured).then(lambda winner: (winner, None))

    def by_scores(scores: dict[str, float]) -> Reading:
        one, other = (scores[seat] for seat in SEATS)
        if abs(one - other) <= procedure.tie_within:
            return TIE, (one, other)
        return (first if one > other else second).id, (one, other)

    return scores_form(SEATS, LOW, HIGH, structured=structured).then(by_scores)
