"""The calls of tools that an answer makes, against those that a right answer makes.

By names and arguments, as the Berkeley Function-Calling Leaderboard compares parsed calls (its AST check), in our form:
values are compared as JSON values, without lists of allowed ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from aaa.types import Check, ExpectedCall, ToolCall
from aaa.verify.tools import arguments_of


def check_tool_calls(expected: Sequence[ExpectedCall], made: Sequence[ToolCall]) -> Check:
    """Passed where each expected call was made, in any order, and no other; the same call made twice counts once."""
    wanted = [_form(call.name, call.arguments) for call in expected]
    found = []
    for call in made:
        arguments = arguments_of(call)
        form = call.name if arguments is None else _form(call.name, arguments)
        if form not in found:
            found.append(form)
    said = ", ".join(f"{call.name}({call.arguments})" for call in made) or None
    missing = [
        f"{call.name}({call.arguments})" for call, form in zip(expected, wanted, strict=True) if form not in found
    ]
    if missing:
        return Check(passed=False, extracted=said, detail=f"not called: {', '.join(missing)}")
    if any(form not in wanted for form in found):
        return Check(passed=False, extracted=said, detail="calls that are not expected")
    return Check(passed=True, extracted=said)


def _form(name: str, arguments: JsonValue) -> object:
    return name, _plain(arguments)


def _plain(value: JsonValue) -> object:
    """A value with the types that count: 2 and 2.0 are one number, true is none, space around texts is nothing."""
    match value:
        case bool() | None:
            return ("word", value)
        case str():
            return ("text", value.strip())
        case dict():
            return ("object", {key: _plain(part) for key, part in value.items()})
        case list():
            return ("list", [_plain(part) for part in value])
    return ("number", float(value) if abs(value) < 1e300 else value)
