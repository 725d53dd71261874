"""Auto Evol-Instruct: the evolving method is itself a text that is optimised (arXiv 2406.00770).

Where we differ from the paper and its code: the dev set is disjoint from the optimisation set, a method counts as
better only where an exact test over the same instructions says so, and a floor keeps trivial instructions from passing.
"""

from aaa.evolve.auto.acceptance import Outcomes, choose, could_be_beaten, discordant, level_for_each, p_value
from aaa.evolve.auto.faults import reply_fault, text_fault
from aaa.evolve.auto.optimiser import name_issues, propose_method, read_issues, write_issues
from aaa.evolve.auto.trial import Trial, evolve_by_method, method_hash, try_method
from aaa.evolve.by_operation import under_mark

__all__ = [
    "Outcomes",
    "Trial",
    "choose",
    "could_be_beaten",
    "discordant",
    "evolve_by_method",
    "level_for_each",
    "method_hash",
    "name_issues",
    "p_value",
    "propose_method",
    "read_issues",
    "reply_fault",
    "text_fault",
    "try_method",
    "under_mark",
    "write_issues",
]
