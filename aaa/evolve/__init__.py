"""How instructions and answers evolve. One item at a time."""

from aaa.evolve.answer import EvolvedAnswer, evolve_answer, outcome_of
from aaa.evolve.gates import answer_fault, elimination
from aaa.evolve.instruct import Evolved, evolve
from aaa.evolve.operations import (
    BY_NAME,
    OPERATIONS,
    Operation,
    choose_operation,
    form_for,
    operations_for,
    user_method,
)
from aaa.evolve.rating import rate_versions, rated
from aaa.evolve.rewriting import read_rewriting, rewrite_answer

__all__ = [
    "BY_NAME",
    "OPERATIONS",
    "Evolved",
    "EvolvedAnswer",
    "Operation",
    "answer_fault",
    "choose_operation",
    "elimination",
    "evolve",
    "evolve_answer",
    "form_for",
    "operations_for",
    "outcome_of",
    "rate_versions",
    "rated",
    "read_rewriting",
    "rewrite_answer",
    "user_method",
]
