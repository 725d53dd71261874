"""One game: a juror compares two answers in one seat order."""

from __future__ import annotations

from aaa.agents import Agent, answer_text, ask_until_read, reply_of, shown_messages
from aaa.judge.match import GameNumber, Match
from aaa.judge.parse import parse_choice
from aaa.prompts import PromptSet
from aaa.text import fence, neutralise, orders_judge
from aaa.types import TIE, Game, Judgment, Place

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
    mark = fence(seed, match.id)
    texts = answer_text(first, mark), answer_text(second, mark)
    prompt = prompts.render(
        "judge_pairwise",
        messages=shown_messages(match.instruction.prompt, mark),
        first=texts[0],
        second=texts[1],
        reference=reference and neutralise(reference, mark),
        fence=mark,
    )
    labels = {"1": first.id, "2": second.id, "tie": TIE}
    reading = await ask_until_read(
        juror,
        prompt.text,
        lambda words: parse_choice(words, labels),
        again=prompts.render("ask_again", wanted=FORM).text,
        step=game_step(match, juror, number),
    )
    return Judgment(
        id=place.row("judgment", panel, match.id, juror.name, number),
        session=place.session,
        episode=place.episode,
        instruction=place.instruction,
        panel=panel,
        judge=juror.name,
        family=juror.model.family,
        answered_by=reply_of(reading.call).answered_by,
        reading=Game(
            match=match.id,
            number=number,
            first=first.id,
            second=second.id,
            winner=reading.value,
            first_style=first.style,
            second_style=second.style,
        ),
        words=reading.words,
        asked=reading.asked,
        measured_only=measured_only,
        injection=any(map(orders_judge, texts)),
        prompt=prompt.hash,
        call=reading.call.id,
    )


def game_step(match: Match, juror: Agent, number: GameNumber) -> str:
    """The game's place in its episode."""
    return f"{match.id}/{juror.name}/game-{number}"
