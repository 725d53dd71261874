"""How instructions and answers evolve. One item at a time."""

from aaa.evolve.answer import EvolvedAnswer, evolve_answer, outcome_of
from aaa.evolve.rewriting import read_rewriting, rewrite_answer

__all__ = ["EvolvedAnswer", "evolve_answer", "outcome_of", "read_rewriting", "rewrite_answer"]
