"""Judging: panels of agents that grade answers, and compare them blind and in both orders."""

from aaa.judge.compare import Comparison, compare
from aaa.judge.grade import Grading, grade
from aaa.judge.match import Match
from aaa.judge.pairwise import play
from aaa.judge.panel import Panel
from aaa.judge.parse import parse_choice, parse_score
from aaa.judge.seating import Seating, may_stand_in, seat
from aaa.judge.votes import Tally, decide

__all__ = [
    "Comparison",
    "Grading",
    "Match",
    "Panel",
    "Seating",
    "Tally",
    "compare",
    "decide",
    "grade",
    "may_stand_in",
    "parse_choice",
    "parse_score",
    "play",
    "seat",
]
