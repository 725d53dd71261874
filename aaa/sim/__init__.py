"""Simulated models: declared skills and biases, deterministic, honest. For rehearsals and for measuring AAA itself.

A simulated model sees only the messages that a real one would see. It reads roles off the form of the method prompts,
truly works out the checkable skills (or errs at its declared rate, plausibly), and is never told an answer.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from aaa.sim.asking import reply
from aaa.sim.catalogue import PROFILES, REHEARSAL, resolve, twin

if TYPE_CHECKING:
    from aaa.sim.learning import LearningRule, Schooled, learn
    from aaa.sim.skills import Solution, Working, solve
    from aaa.sim.speech import respond

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
_LATE = {
    "LearningRule": "learning",
    "Schooled": "learning",
    "learn": "learning",
    "Solution": "skills",
    "Working": "skills",
    "solve": "skills",
    "respond": "speech",
}
"""What is heavy, and the modules it is in: a session of real models needs none of it."""


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
