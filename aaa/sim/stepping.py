"""How a simulated juror looks for the first wrong step.

It works every written equation out, sets each step beside its own working of the task, and looks at last whether the
result is the one that it, or the reference in the prompt, holds for right.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from fractions import Fraction

from aaa.sim.chance import Chance
from aaa.sim.judging import Mark, errs, said
from aaa.sim.mind import Mind
from aaa.sim.perception import agree, case_matters
from aaa.sim.requests import Stepping
from aaa.verify import extract_final

_CHAIN = re.compile(r"[\d+\-*/%().\s=]+")
_MARKED = re.compile(r"^\s*(?:[-*+•]|\d+[.)]|\(\d+\)|Step \d+[.:])\s+")
"""How a list sets off a step."""
_REST = re.compile(r"(?<=\d )mod(?= \d)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_CONCLUDES = re.compile(
    r"####|\\boxed|\b(?:answer|antwort|respuesta|réponse|risposta)\b\W*:|\banswer (?:is|was)\b", re.IGNORECASE
)
"""A step that says what all comes to."""
_LONGEST = 500
"""Ours: characters of an equation that is worked out."""
_OPERATIONS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def find_step(mind: Mind, request: Stepping, voice: Chance, *, again: int) -> str:
    """A reply to a prompt for the first wrong step; where the juror errs, it names another."""
    wrong = next((number for number in range(1, len(request.steps) + 1) if not _stands(request, number)), 0)
    luck = errs(mind, request.task, *request.steps)
    if luck is not None:
        wrong = luck.pick("step", [number for number in range(len(request.steps) + 1) if number != wrong])
    name = str(wrong) if wrong else "none"
    words = f"I worked each step out. Step {wrong} does not hold." if wrong else "I worked each step out; all hold."
    return said(mind, words, Mark(f"[[{name}]]", name, request.structured), "The steps are hard to tell", voice, again)


def _stands(request: Stepping, number: int) -> bool:
    """Whether a step, counted from 1, holds by itself and beside the juror's own working."""
    step = _MARKED.sub("", request.steps[number - 1])
    solution = request.task.solution
    if solution is not None:
        if step in solution.right.steps:
            return True
        if any(step in slip.steps for slip in solution.slips):
            return False
    known = request.reference or (solution.answer if solution is not None else None)
    if known is not None and _CONCLUDES.search(step):
        return agree(extract_final(step) or "", known.strip(), exact=case_matters(request.task))
    return holds(step)


def holds(step: str) -> bool:
    """Whether all equations between numbers that a step writes are true; what cannot be worked out is believed."""
    written = _MARKED.sub("", step[:10_000])
    for sign, operation in (("//", "÷") if "(whole part)" in written else ("/", "÷"), ("*", "×"), ("-", "−")):
        written = written.replace(operation, sign)
    written = _THOUSANDS.sub("", _REST.sub("%", written))
    for chain in _CHAIN.findall(written):
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
