"""Judging: panels of agents that grade answers, and compare them blind and in both orders."""

from typing import TYPE_CHECKING

from aaa.late import late

if TYPE_CHECKING:
    from aaa.judge.alone import READERS, Alone, AloneCheck
    from aaa.judge.asking import ask_in_form
    from aaa.judge.comparing import Comparison, Contest, compare
    from aaa.judge.forms import choice_form, scores_form
    from aaa.judge.grading import Grading, grade
    from aaa.judge.match import Match
    from aaa.judge.panel import Panel
    from aaa.judge.parse import parse_choice, parse_ranking, parse_score, parse_scores
    from aaa.judge.pointwise import Rubric
    from aaa.judge.ranking import Ranking, rank
    from aaa.judge.sameness import same_task
    from aaa.judge.seating import Seating, may_stand_in, seat
    from aaa.judge.step_votes import StepTally, decide_steps
    from aaa.judge.stepwise import Stepping, StepsFound, find_first_wrong
    from aaa.judge.votes import Tally, decide, settled
else:
    __getattr__ = late(__name__, __file__)

__all__ = [
    "READERS",
    "Alone",
    "AloneCheck",
    "Comparison",
    "Contest",
    "Grading",
    "Match",
    "Panel",
    "Ranking",
    "Rubric",
    "Seating",
    "StepTally",
    "Stepping",
    "StepsFound",
    "Tally",
    "ask_in_form",
    "choice_form",
    "compare",
    "decide",
    "decide_steps",
    "find_first_wrong",
    "grade",
    "may_stand_in",
    "parse_choice",
    "parse_ranking",
    "parse_score",
    "parse_scores",
    "rank",
    "same_task",
    "scores_form",
    "seat",
    "settled",
]
