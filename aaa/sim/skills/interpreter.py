"""A tiny interpreter for the short Python programs of reading exercises.

It walks the syntax tree and knows a small part of the language; anything else, endless loops and values that grow too
large are refused. Nothing of the text is ever given to Python itself to execute.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from aaa.sim.skills.interpreter_values import (
    COMPARISONS,
    FUNCTIONS,
    MAX_DEPTH,
    MAX_STEPS,
    NotRunnableError,
    bounded,
    call_method,
    operate,
)


class _Break(Exception):
    pass


class _Continue(Exception):
    pass


class _Return(Exception):
    def __init__(self, value: Any) -> None:
        self.value = value


class Interpreter:
    """Runs one program. `output` holds what it printed, `trace` the last value that each assignment gave."""

    def __init__(self) -> None:
        self.output: list[str] = []
        self.trace: list[str] = []
        self._scopes: list[dict[str, Any]] = [{}]
        self._functions: dict[str, ast.FunctionDef] = {}
        self._steps = 0

    def run(self, tree: ast.Module) -> None:
        """Run a program. Raises NotRunnableError."""
        try:
            self._block(tree.body)
        except NotRunnableError:
            raise
        except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise NotRunnableError(f"{type(error).__name__}: {error}") from error
        except (_Break, _Continue, _Return):
            raise NotRunnableError("a statement outside of its place") from None

    def _tick(self) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise NotRunnableError("runs too long")

    def _block(self, statements: Sequence[ast.stmt]) -> None:
        for statement in statements:
            self._tick()
            handler = getattr(self, f"_do_{type(statement).__name__.lower()}", None)
            if handler is None:
                raise NotRunnableError(f"unknown statement {type(statement).__name__}")
            handler(statement)

    def _do_assign(self, node: ast.Assign) -> None:
        value = self._value(node.value)
        for target in node.targets:
            self._bind(target, value)

    def _do_augassign(self, node: ast.AugAssign) -> None:
        load = (
            ast.Subscript(node.target.value, node.target.slice)
            if isinstance(node.target, ast.Subscript)
            else node.target
        )
        self._bind(node.target, operate(node.op, self._value(load), self._value(node.value)))

    def _do_expr(self, node: ast.Expr) -> None:
        self._value(node.value)

    def _do_pass(self, node: ast.Pass) -> None:
        pass

    def _do_break(self, node: ast.Break) -> None:
        raise _Break

    def _do_continue(self, node: ast.Continue) -> None:
        raise _Continue

    def _do_return(self, node: ast.Return) -> None:
        raise _Return(None if node.value is None else self._value(node.value))

    def _do_functiondef(self, node: ast.FunctionDef) -> None:
        self._functions[node.name] = node

    def _do_if(self, node: ast.If) -> None:
        self._block(node.body if self._value(node.test) else node.orelse)

    def _do_while(self, node: ast.While) -> None:
        while self._value(node.test):
            self._tick()
            if not self._round(node.body):
                return
        self._block(node.orelse)

    def _do_for(self, node: ast.For) -> None:
        for item in list(self._value(node.iter)):
            self._tick()
            self._bind(node.target, item, quiet=True)
            if not self._round(node.body):
                return
        self._block(node.orelse)

    def _round(self, body: Sequence[ast.stmt]) -> bool:
        """One turn of a loop; False where it was left by `break`."""
        try:
            self._block(body)
        except _Continue:
            return True
        except _Break:
            return False
        return True

    def _bind(self, target: ast.expr, value: Any, *, quiet: bool = False) -> None:
        if isinstance(target, ast.Name):
            self._scopes[-1][target.id] = bounded(value)
            if not quiet:
                self.trace.append(f"{target.id} = {value!r}")
        elif isinstance(target, ast.Tuple):
            for part, item in zip(target.elts, value, strict=True):
                self._bind(part, item, quiet=quiet)
        elif isinstance(target, ast.Subscript):
            holder = self._value(target.value)
            holder[self._value(target.slice)] = value
            bounded(holder)
            if not quiet:
                self.trace.append(f"{ast.unparse(target)} = {value!r}")
        else:
            raise NotRunnableError(f"cannot assign to {type(target).__name__}")

    def _value(self, node: ast.expr) -> Any:
        self._tick()
        match node:
            case ast.Constant():
                return node.value
            case ast.Name():
                return self._name(node.id)
            case ast.BinOp():
                return operate(node.op, self._value(node.left), self._value(node.right))
            case ast.UnaryOp():
                return self._unary(node)
            case ast.BoolOp():
                return self._logical(node)
            case ast.Compare():
                return self._compare(node)
            case ast.IfExp():
                return self._value(node.body if self._value(node.test) else node.orelse)
            case ast.List():
                return bounded([self._value(item) for item in node.elts])
            case ast.Tuple():
                return bounded(tuple(self._value(item) for item in node.elts))
            case ast.Dict():
                pairs = zip(node.keys, node.values, strict=True)
                return bounded({self._value(k): self._value(v) for k, v in pairs if k is not None})
            case ast.Subscript():
                return self._value(node.value)[self._index(node.slice)]
            case ast.ListComp() | ast.GeneratorExp():
                return self._comprehension(node)
            case ast.JoinedStr():
                return "".join(str(bounded(self._value(part))) for part in node.values)
            case ast.FormattedValue(format_spec=None, conversion=-1):
                return self._value(node.value)
            case ast.Call():
                return self._call(node)
        raise NotRunnableError(f"unknown expression {type(node).__name__}")

    def _name(self, name: str) -> Any:
        for scope in (self._scopes[-1], self._scopes[0]):
            if name in scope:
                return scope[name]
        raise NotRunnableError(f"unknown name {name}")

    def _index(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Slice):
            return slice(*(None if part is None else self._value(part) for part in (node.lower, node.upper, node.step)))
        return self._value(node)

    def _unary(self, node: ast.UnaryOp) -> Any:
        value = self._value(node.operand)
        if isinstance(node.op, ast.Not):
            return not value
        if isinstance(node.op, ast.USub):
            return -value
        raise NotRunnableError(f"unknown operator {type(node.op).__name__}")

    def _logical(self, node: ast.BoolOp) -> Any:
        value: Any = None
        for part in node.values:
            value = self._value(part)
            if bool(value) is isinstance(node.op, ast.Or):
                break
        return value

    def _compare(self, node: ast.Compare) -> bool:
        left = self._value(node.left)
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            function, right = COMPARISONS.get(type(op)), self._value(right_node)
            if function is None:
                raise NotRunnableError(f"unknown comparison {type(op).__name__}")
            if not function(bounded(left), bounded(right)):
                return False
            left = right
        return True

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> Any:
        if len(node.generators) != 1:
            raise NotRunnableError("nested comprehension")
        loop = node.generators[0]
        found: list[Any] = []
        for item in list(self._value(loop.iter)):
            self._tick()
            self._bind(loop.target, item, quiet=True)
            if all(self._value(test) for test in loop.ifs):
                found.append(self._value(node.elt))
        return bounded(found)

    def _call(self, node: ast.Call) -> Any:
        arguments = [bounded(self._value(argument)) for argument in node.args]
        named = {
            keyword.arg: self._value(keyword.value)
            for keyword in node.keywords
            if keyword.arg in ("reverse", "sep", "end")
        }
        if len(named) != len(node.keywords):
            raise NotRunnableError("unknown keyword argument")
        if isinstance(node.func, ast.Attribute):
            return call_method(self._value(node.func.value), node.func.attr, arguments, named)
        if not isinstance(node.func, ast.Name):
            raise NotRunnableError("unknown call")
        name = node.func.id
        if name in self._functions:
            return self._own(self._functions[name], arguments)
        if name == "print":
            self.output.append(named.get("sep", " ").join(map(str, arguments)))
            return None
        if name == "range":
            numbers = range(*arguments)
            if len(numbers) > MAX_STEPS:
                raise NotRunnableError("runs too long")
            return numbers
        if name not in FUNCTIONS:
            raise NotRunnableError(f"unknown function {name}")
        return FUNCTIONS[name](*arguments, **named)

    def _own(self, function: ast.FunctionDef, arguments: list[Any]) -> Any:
        """Call a function of the program, with positional arguments and defaults."""
        if len(self._scopes) > MAX_DEPTH:
            raise NotRunnableError("calls itself too deeply")
        names = [argument.arg for argument in function.args.args]
        defaults = [self._value(default) for default in function.args.defaults]
        missing = len(names) - len(arguments)
        if not 0 <= missing <= len(defaults):
            raise NotRunnableError("wrong number of arguments")
        self._scopes.append(dict(zip(names, [*arguments, *defaults[len(defaults) - missing :]], strict=True)))
        try:
            self._block(function.body)
        except _Return as returned:
            return returned.value
        finally:
            self._scopes.pop()
        return None
