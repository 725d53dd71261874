"""How a simulated juror looks for the first wrong step: it works every written equation out."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from fractions import Fraction

from aaa.sim.chance import Chance
from aaa.sim.judging import Mark, errs, said
from aaa.sim.mind import Mind
from aaa.sim.requests import Stepping

_CHAIN = re.compile(r"[\d+\-*/().\s=]+")
_LONGEST = 500
"""Ours: characters of an equation that is worked out."""
_OPERATIONS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def find_step(mind: Mind, request: Stepping, voice: Chance, *, again: int) -> str:
    """A reply to a prompt for the first wrong step; where the juror errs, it names another."""
    wrong = next((number for number, step in enumerate(request.steps, 1) if not holds(step)), 0)
    luck = errs(mind, request.task, *request.steps)
    if luck is not None:
        wrong = luck.pick("step", [number for number in range(len(request.steps) + 1) if number != wrong])
    name = str(wrong) if wrong else "none"
    words = f"I worked each step out. Step {wrong} does not hold." if wrong else "I worked each step out; all hold."
    return said(mind, words, Mark(f"[[{name}]]", name, request.structured), "The steps are hard to tell", voice, again)


def holds(step: str) -> bool:
    """Whether all equations between numbers that a step writes are true; what cannot be worked out is believed."""
    for chain in _CHAIN.findall(step[:10_000]):
        values = [value for side in chain.split("=") if (value := _value(side.strip(" \n.,"))) is not None]
        if len(set(values)) > 1:
            return False
    return True


def _value(expression: str) -> Fraction | None:
    if len(expression) > _LONGEST:
        return None
    try:
        return _worked(ast.parse(expression.strip(), mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
        return None


def _worked(node: ast.expr) -> Fraction:
    match node:
        case ast.Constant(value=int() | float() as number):
            return Fraction(str(number))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_worked(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _worked(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            return _OPERATIONS[type(op)](_worked(left), _worked(right))
    raise ValueError("no arithmetic")
