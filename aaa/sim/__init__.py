"""Simulated models: declared skills and biases, deterministic, honest. For rehearsals and for measuring AAA itself.

A simulated model sees only the messages that a real one would see. It reads roles off the form of the method prompts,
truly works out the checkable skills (or errs at its declared rate, plausibly), and is never told an answer.
"""

from typing import TYPE_CHECKING

from aaa.late import late

if TYPE_CHECKING:
    from aaa.sim.asking import reply
    from aaa.sim.catalogue import PROFILES, REHEARSAL, resolve, twin
    from aaa.sim.learning import LearningRule, Schooled, learn
    from aaa.sim.skills import Solution, Working, solve
    from aaa.sim.speech import respond
else:
    __getattr__ = late(__name__, __file__)

__all__ = [
    "PROFILES",
    "REHEARSAL",
    "LearningRule",
    "Schooled",
    "Solution",
    "Working",
    "learn",
    "reply",
    "resolve",
    "respond",
    "solve",
    "twin",
]
