"""A model answers one instruction several times; what differs among its own answers teaches it.

Own right answers against own wrong ones: on-policy pairs, as in self-rewarding models (arXiv 2401.10020) and Magpie.
"""

from __future__ import annotations

from collections.abc import Sequence

from aaa.agents import NO_TOOLS, OFF, Agent, ToolDesk, together, work_with_tools, written
from aaa.judge import Comparison, Contest
from aaa.types import Answer, Instruction, Lineage, Sandbox


async def draw_answers(
    instruction: Instruction, learner: Agent, *, draws: int, sandbox: Sandbox = OFF, desk: ToolDesk = NO_TOOLS
) -> list[Answer]:
    """So many answers to the instruction's own messages, which are told apart by their draw only.

    Raises `CallError` or `StopError`.
    """

    async def one(draw: int) -> Answer:
        step = f"draw/{learner.name}/{draw}"
        worked = await work_with_tools(instruction, learner, step=step, draw=draw, desk=desk)
        return await written(
            instruction,
            learner,
            worked.messages,
            row=learner.place.row("answer", learner.name, "draw", draw),
            calls=worked.calls,
            spoken=worked.spoken,
            producers=worked.producers,
            sandbox=sandbox,
            lineage=Lineage(operation="draw", round=draw, model=learner.name),
            stop_reason=worked.stop_reason,
        )

    return await together(one(draw) for draw in range(draws))


async def find_best(answers: Sequence[Answer], contest: Contest) -> list[Comparison]:
    """The matches that find the best of one model's answers.

    Where a program checked them, one right answer meets each wrong one, and where all are right or all are wrong there
    is nothing to find. Otherwise the winner so far meets the next answer, a tie keeping the shorter; of equal texts one
    is enough. Raises `StopError`.
    """
    distinct = list({answer.text.strip(): answer for answer in reversed(answers)}.values())[::-1]
    usable = [answer for answer in distinct if answer.text.strip() and not answer.refused]
    right = [answer for answer in usable if answer.check is not None and answer.check.passed]
    wrong = [answer for answer in usable if answer.check is not None and not answer.check.passed]
    if right or wrong:
        best = min(right, key=lambda answer: (answer.style.words, answer.id), default=None)
        return [] if best is None else await together(contest(best, other) for other in wrong)
    return await _knockout(usable, contest)


async def _knockout(answers: Sequence[Answer], contest: Contest) -> list[Comparison]:
    matches: list[Comparison] = []
    champion = answers[0] if answers else None
    for challenger in answers[1:]:
        assert champion is not None
        comparison = await contest(champion, challenger)
        matches.append(comparison)
        winner = comparison.verdict.winner
        sides = {champion.id: champion, challenger.id: challenger}
        shorter = min(sides.values(), key=lambda answer: (answer.style.words, answer.id))
        champion = shorter if winner is None else sides[winner]
    return matches
