"""What does this program print? Slips are runs of the program as a hasty reader sees it."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable

from aaa.sim.skills.base import Solution, Working, finished
from aaa.sim.skills.interpreter import Interpreter
from aaa.sim.skills.interpreter_values import NotRunnableError

SKILL = "code_reading"
MAX_CODE = 1500
_FENCED = re.compile(r"```(?:python|py)?\s*\n(.*?)```", re.DOTALL | re.IGNORECASE)
_INLINE = re.compile(r"`([^`\n]*print\([^`\n]*)`")
_LAST = re.compile(r"\w(?=\W*$)")
_ASKED = re.compile(r"\b(?:print|prints|printed|output|display|shown|result|return|value|write)\w*\b", re.IGNORECASE)


def solve(text: str) -> Solution | None:
    """The solution of a question what a short Python program prints."""
    found = _FENCED.search(text) or _INLINE.search(text)
    if found is None or len(found[1]) > MAX_CODE or not _ASKED.search(text.replace(found[0], " ")):
        return None
    code = textwrap.dedent(found[1])
    right = _run(code, None)
    if right is None:
        return None
    misread = [_run(code, misreading) for misreading in MISREADINGS]
    misread.append(Working(_LAST.sub("", right.answer), right.steps))  # there is always something to get wrong
    lines = code.count("\n")
    return finished(
        SKILL, right, filter(None, misread), difficulty=2 + lines / 2 + code.count("for ") + code.count("def ")
    )


def _run(code: str, misreading: type[_Misreading] | None) -> Working | None:
    """What the program prints, as it is or misread; None where it cannot be run or the misreading changes nothing."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if misreading is not None:
        reader = misreading()
        tree = ast.fix_missing_locations(reader.visit(tree))
        if not reader.changed:
            return None
    interpreter = Interpreter()
    try:
        interpreter.run(tree)
    except NotRunnableError:
        return None
    if not "".join(interpreter.output).strip():
        return None
    trace = (
        interpreter.trace if len(interpreter.trace) <= 6 else [*interpreter.trace[:2], "...", *interpreter.trace[-3:]]
    )
    return Working("\n".join(interpreter.output), tuple(trace))


class _Misreading(ast.NodeTransformer):
    """A way to misread a program; only the first place is misread."""

    def __init__(self) -> None:
        self.changed = False

    def once(self, node: ast.AST, change: Callable[[], ast.AST]) -> ast.AST:
        if self.changed:
            return node
        self.changed = True
        return change()


def _shifted(node: ast.expr, by: int) -> ast.expr:
    return ast.BinOp(node, ast.Add() if by > 0 else ast.Sub(), ast.Constant(abs(by)))


class RangeIncludesEnd(_Misreading):
    """The end of a range taken to belong to it."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not (isinstance(node.func, ast.Name) and node.func.id == "range" and node.args):
            return node
        at = 0 if len(node.args) == 1 else 1
        args = [_shifted(argument, 1) if i == at else argument for i, argument in enumerate(node.args)]
        return self.once(node, lambda: ast.Call(node.func, args, node.keywords))


class SliceIncludesEnd(_Misreading):
    """The end of a slice taken to belong to it."""

    def visit_Slice(self, node: ast.Slice) -> ast.AST:
        self.generic_visit(node)
        if node.upper is None:
            return node
        upper = node.upper
        return self.once(node, lambda: ast.Slice(node.lower, _shifted(upper, 1), node.step))


class CountsFromOne(_Misreading):
    """Positions counted from one."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        if not (isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int)):
            return node
        index = ast.Constant(node.slice.value - 1)
        return self.once(node, lambda: ast.Subscript(node.value, index, node.ctx))


class LoosensComparison(_Misreading):
    """A strict comparison taken for one that allows equality, or the other way round."""

    SWAP = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq}  # noqa: RUF012

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        other = self.SWAP.get(type(node.ops[0]))
        if other is None:
            return node
        return self.once(node, lambda: ast.Compare(node.left, [other(), *node.ops[1:]], node.comparators))


class ConfusesOperators(_Misreading):
    """One operator taken for its neighbour."""

    SWAP = {ast.Mult: ast.Add, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.FloorDiv: ast.Mod, ast.Mod: ast.FloorDiv}  # noqa: RUF012

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        other = self.SWAP.get(type(node.op))
        return node if other is None else self.once(node, lambda: ast.BinOp(node.left, other(), node.right))


class ReplacesInsteadOfAdding(_Misreading):
    """`+=` taken for `=`."""

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        return self.once(node, lambda: ast.Assign([node.target], node.value))


class SkipsFirstTurn(_Misreading):
    """The first turn of a range loop overlooked."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not (isinstance(node.func, ast.Name) and node.func.id == "range" and len(node.args) == 1):
            return node
        return self.once(node, lambda: ast.Call(node.func, [ast.Constant(1), *node.args], node.keywords))


class AddsOneAtTheEnd(_Misreading):
    """What is printed, off by one."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if not (isinstance(node.func, ast.Name) and node.func.id == "print" and len(node.args) == 1):
            return node
        return self.once(node, lambda: ast.Call(node.func, [_shifted(node.args[0], 1)], node.keywords))


class ForgetsMethod(_Misreading):
    """The method at the end of a printed expression overlooked."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        owner = node.func.value if isinstance(node.func, ast.Attribute) and not node.args else None
        return node if owner is None else self.once(node, lambda: owner)


class ReadsBackwards(_Misreading):
    """A sum of two texts put together the other way round."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return self.once(node, lambda: ast.BinOp(node.right, node.op, node.left))


class IgnoresStep(_Misreading):
    """The step of a slice overlooked."""

    def visit_Slice(self, node: ast.Slice) -> ast.AST:
        return node if node.step is None else self.once(node, lambda: ast.Slice(node.lower, node.upper))


class TakesOtherBranch(_Misreading):
    """The condition of an `if` judged the wrong way."""

    def visit_If(self, node: ast.If) -> ast.AST:
        return self.once(node, lambda: ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse))


class ConfusesAndOr(_Misreading):
    """`and` taken for `or`, or the other way round."""

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return self.once(node, lambda: ast.BoolOp(other, node.values))


MISREADINGS: tuple[type[_Misreading], ...] = (
    RangeIncludesEnd,
    SliceIncludesEnd,
    CountsFromOne,
    LoosensComparison,
    ConfusesOperators,
    ReplacesInsteadOfAdding,
    SkipsFirstTurn,
    ReadsBackwards,
    ForgetsMethod,
    IgnoresStep,
    ConfusesAndOr,
    TakesOtherBranch,
    AddsOneAtTheEnd,
)
