"""One reading: a juror grades an answer by itself, as a whole or in several respects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aaa.agents import answer_text, shown_messages
from aaa.judge.asking import Question
from aaa.judge.forms import Form, score_form, scores_form
from aaa.judge.views import View
from aaa.prompts import PromptSet
from aaa.text import fence, neutralise, orders_judge
from aaa.types import Score

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
) -> Question[Score]:
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

    def graded(points: Points) -> Score:
        score, aspects = points
        return Score(answer=answer.id, score=score, low=rubric.low, high=rubric.high, aspects=aspects, turn=rubric.turn)

    return Question(prompt, rubric.form(structured=structured).then(graded), injection)
