"""One game: a juror compares two answers in one seat order."""

from __future__ import annotations

from aaa.agents import Agent, answer_text, ask_until_read, shown_messages
from aaa.judge.match import GameNumber, Match
from aaa.judge.parse import parse_choice
from aaa.judge.record import judgment
from aaa.prompts import Prompt, PromptSet
from aaa.text import fence, neutralise
from aaa.types import TIE, Answer, Game, Judgment, Place

FORM = "End with one line that holds nothing but your verdict: [[1]], [[2]] or [[tie]]."


async def play(
    juror: Agent,
    match: Match,
    number: GameNumber,
    prompts: PromptSet,
    *,
    panel: str,
    seed: int,
    place: Place,
    reference: str | None = None,
    measured_only: bool = False,
) -> Judgment:
    """The juror's reading of one game. It sees visible text only, and no names.

    `reference` is shown where it is given. Raises `ParseError` if two replies cannot be read, `CallError`, `StopError`.
    """
    first, second = match.seats(juror.name, number, seed=seed)
    labels = {"1": first.id, "2": second.id, "tie": TIE}
    prompt = _prompt(match, first, second, prompts, mark=fence(seed, match.id), reference=reference)
    reply = await ask_until_read(
        juror,
        prompt.text,
        lambda words: parse_choice(words, labels),
        again=prompts.render("ask_again", wanted=FORM).text,
        step=game_step(match, juror, number),
    )
    return judgment(
        place.row("judgment", panel, match.id, juror.name, number),
        juror,
        reply,
        _game(match, number, first, second, winner=reply.value),
        panel=panel,
        place=place,
        prompt=prompt.hash,
        injection=match.injection,
        measured_only=measured_only,
    )


def game_step(match: Match, juror: Agent, number: GameNumber) -> str:
    """The game's place in its episode."""
    return f"{match.id}/{juror.name}/game-{number}"


def _prompt(
    match: Match, first: Answer, second: Answer, prompts: PromptSet, *, mark: str, reference: str | None
) -> Prompt:
    return prompts.render(
        "judge_pairwise",
        messages=shown_messages(match.instruction.prompt, mark),
        first=answer_text(first, mark),
        second=answer_text(second, mark),
        reference=reference and neutralise(reference, mark),
        fence=mark,
    )


def _game(match: Match, number: GameNumber, first: Answer, second: Answer, *, winner: str) -> Game:
    return Game(
        match=match.id,
        number=number,
        first=first.id,
        second=second.id,
        winner=winner,
        first_style=first.style,
        second_style=second.style,
    )
