"""One reading: a juror grades an answer by itself, as a whole or in several respects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aaa.agents import Agent, answer_text, shown_messages
from aaa.judge.asking import Question, ask_in_form
from aaa.judge.forms import Form, score_form, scores_form
from aaa.judge.record import judgment
from aaa.judge.views import View
from aaa.prompts import PromptSet
from aaa.text import fence, neutralise, orders_judge
from aaa.types import Judgment, Place, Score

Points = tuple[float, dict[str, float]]
"""The grade, and those in single respects."""


@dataclass(frozen=True)
class Rubric:
    """By what an answer is graded."""

    low: int = 1
    high: int = 10
    aspects: Mapping[str, float] = field(default_factory=dict)
    """Respects with their weights; without one, the answer is graded as a whole."""
    turn: int | None = None
    """The assistant turn that is graded, from 1; None for the whole answer."""

    @property
    def prompt(self) -> str:
        """Name of the method prompt."""
        return "judge_aspects" if self.aspects else "judge_score"

    def form(self, *, structured: bool) -> Form[Points]:
        """How a reply says its grades."""
        if not self.aspects:
            return score_form(self.low, self.high, structured=structured).then(lambda score: (score, {}))
        names = list(self.aspects)
        return scores_form(names, self.low, self.high, structured=structured).then(lambda s: (self._mean(s), s))

    def _mean(self, scores: Mapping[str, float]) -> float:
        total = sum(scores[name] * weight for name, weight in self.aspects.items())
        mean = total / sum(self.aspects.values())
        return min(max(mean, self.low), self.high)  # a mean of equal grades may miss them by its rounding


def question(
    view: View, rubric: Rubric, prompts: PromptSet, *, seed: int, structured: bool, reference: str | None
) -> Question[Points]:
    """How good the answer is: visible text only, no names, and the reference where it is given."""
    answer = view.answer
    mark = fence(seed, answer.id)
    prompt = prompts.render(
        rubric.prompt,
        messages=shown_messages(view.task, mark),
        answer=answer_text(answer, mark),
        reference=reference and neutralise(reference, mark),
        low=rubric.low,
        high=rubric.high,
        aspects=list(rubric.aspects),
        structured=structured,
        fence=mark,
    )
    injection = any(orders_judge(message.text) for message in answer.messages)
    return Question(prompt, rubric.form(structured=structured), injection)


async def score(
    juror: Agent,
    answer: str,
    rubric: Rubric,
    asked: Question[Points],
    prompts: PromptSet,
    *,
    panel: str,
    place: Place,
    step: str,
) -> Judgment:
    """The juror's grade of the answer with this id.

    `step` is the reading's place in its episode. Raises `ParseError` if two replies cannot be read, `CallError`,
    `StopError`.
    """
    reply = await ask_in_form(juror, asked.prompt, asked.form, prompts, step=step)
    points, by_aspect = reply.value
    found = Score(answer=answer, score=points, low=rubric.low, high=rubric.high, aspects=by_aspect, turn=rubric.turn)
    row = place.row("judgment", panel, answer, juror.name)
    return judgment(row, juror, asked, reply, found, panel=panel, place=place)
