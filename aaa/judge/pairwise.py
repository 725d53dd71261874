"""One game: a juror compares two answers in one seat order."""

from __future__ import annotations

from aaa.agents import Agent, answer_text, shown_messages
from aaa.judge.asking import ask_in_form
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
USUAL = Procedure()
Reading = tuple[str, tuple[float, float] | None]
"""The winner, and the grades it follows from."""


async def play(
    juror: Agent,
    match: Match,
    number: GameNumber,
    prompts: PromptSet,
    *,
    panel: str,
    seed: int,
    place: Place,
    step: str,
    procedure: Procedure = USUAL,
    structured: bool = False,
    reference: str | None = None,
    measured_only: bool = False,
) -> Judgment:
    """The juror's reading of one game. It sees visible text only, and no names.

    `step` is the reading's place in its episode; `reference` is shown where it is given. Raises `ParseError` if two
    replies cannot be read, `CallError`, `StopError`.
    """
    first, second = match.seats(juror.name, number, seed=seed)
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
    form = _form(first, second, procedure, structured=structured)
    reply = await ask_in_form(juror, prompt, form, prompts, step=step)
    winner, scores = reply.value
    return judgment(
        place.row("judgment", panel, match.id, juror.name, number),
        juror,
        reply,
        _game(match, number, first, second, winner=winner, scores=scores),
        panel=panel,
        place=place,
        prompt=prompt.hash,
        injection=match.injection,
        measured_only=measured_only,
    )


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


def _game(
    match: Match,
    number: GameNumber,
    first: Answer,
    second: Answer,
    *,
    winner: str,
    scores: tuple[float, float] | None,
) -> Game:
    return Game(
        match=match.id,
        number=number,
        first=first.id,
        second=second.id,
        winner=winner,
        first_style=first.style,
        second_style=second.style,
        scores=scores,
    )
