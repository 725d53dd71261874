"""Whether an answer agrees with the reference of its instruction."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from fractions import Fraction

from aaa.errors import UsageError, WorkError
from aaa.types import Check, Instruction, Sandbox, ToolCall, Verifier, VerifierKind
from aaa.verify.choices import chosen_option, options_of
from aaa.verify.documents import check_document
from aaa.verify.expressions import check_expression, require_math
from aaa.verify.finals import extract_final
from aaa.verify.lists import items_of
from aaa.verify.normal import normal
from aaa.verify.numbers import Quantity, find_quantity
from aaa.verify.programs import check_program
from aaa.verify.sandbox import lock_problem
from aaa.verify.tool_calls import check_tool_calls
from aaa.verify.units import factor_to

OFF = Sandbox()
IN_A_PROCESS: frozenset[VerifierKind] = frozenset({"math", "python_tests"})
"""Kinds of verifiers that start a process, and wait for it."""
_LONGEST_PATTERN = 1_000
_LONGEST_SEARCHED = 20_000
"""Characters; a pattern of the user's own is searched in the end of a longer answer. Ours."""


def check(
    instruction: Instruction, text: str, sandbox: Sandbox = OFF, calls: Sequence[ToolCall] | None = None
) -> Check | None:
    """What the instruction's verifier finds in the answer `text`; `calls` are those of tools that it made, None where
    it was offered none.

    None where it has no verifier, nothing to check by, or tests to run while the sandbox is off. Raises `WorkError`
    where the verifier or the reference itself cannot be read: that is no fault of the answer. Raises
    `MissingExtraError` where a library is missing.
    """
    verifier, reference = instruction.verifier, instruction.reference
    if verifier is None:
        return None
    match verifier.kind:
        case "regex":
            pattern = verifier.pattern if verifier.pattern is not None else reference
            return None if pattern is None else _regex(_compiled(pattern), text)
        case "json_schema":
            return check_document(verifier, reference, text)
        case "python_tests":
            return check_program(verifier, text, sandbox)
        case "tool_calls":
            return None if calls is None or verifier.calls is None else check_tool_calls(verifier.calls, calls)
    if reference is None:
        return None
    if verifier.kind == "choice":
        return _choice(options_of(instruction), reference, text)
    return _BY_KIND[verifier.kind](verifier, reference, text)


async def checked(
    instruction: Instruction, text: str, sandbox: Sandbox = OFF, calls: Sequence[ToolCall] | None = None
) -> Check | None:
    """`check`, beside the event loop where it waits for a process."""
    if instruction.verifier is not None and instruction.verifier.kind in IN_A_PROCESS:
        return await asyncio.to_thread(check, instruction, text, sandbox)
    return check(instruction, text, sandbox, calls)


def require(kinds: Collection[VerifierKind], sandbox: Sandbox) -> None:
    """Raise before anything is paid for: `MissingExtraError` where a kind of verifier lacks its library, `UsageError`
    where answers are to be run as programs and this machine cannot lock them in."""
    if "math" in kinds:
        require_math()
    if "python_tests" in kinds and sandbox.python and (problem := lock_problem()):
        raise UsageError(
            f"`sandbox: {{python: true}}` asks to run answers, but {problem}. Locking them in needs Linux 5.13 or "
            "later on x86-64 or ARM. Leave the sandbox off and let panels judge, or run in a Linux container."
        )


def _exact(_: Verifier, reference: str, text: str) -> Check:
    """The whole answer, its last line, or its final part is the reference to the letter (but for space around it)."""
    return _compare(lambda said: said, reference.strip(), text)


def _text(_: Verifier, reference: str, text: str) -> Check:
    """The same, whatever the case, punctuation, width of characters and spaces."""
    return _compare(normal, reference, text)


def _compare(form: Callable[[str], str], reference: str, text: str) -> Check:
    final = extract_final(text)
    said = {text.strip(), text.strip().rpartition("\n")[2].strip()} | ({final} if final else set())
    passed = form(reference) in map(form, said)
    return Check(passed=passed, extracted=final, detail="" if passed else f"expected {reference!r}")


def _numeric(verifier: Verifier, reference: str, text: str) -> Check:
    """The numbers agree within the tolerance, the answer's in the wanted unit."""
    wanted = find_quantity(reference)
    if wanted is None:
        raise WorkError(f"A numeric verifier needs a number as `reference`, and found {reference!r}: correct the item.")
    final = extract_final(text)
    found = None if final is None else find_quantity(final)
    if found is None:
        return Check(passed=False, extracted=final, detail="no number in the final answer")
    if verifier.unit is not None:
        factor = factor_to(verifier.unit, found.before, _with_percent(found))
        if factor is None:
            return Check(passed=False, extracted=final, detail=f"another unit than {verifier.unit!r}")
        found = replace(found, value=found.value * factor)
    limit = Fraction(verifier.tolerance) * max(Fraction(1), abs(wanted.value))
    passed = any(abs(a - b) <= limit for a in _readings(found, verifier) for b in _readings(wanted, verifier))
    return Check(passed=passed, extracted=final, detail="" if passed else f"expected {reference!r}")


def _with_percent(quantity: Quantity) -> str:
    """What follows the number, its percent sign included."""
    return ("%" if quantity.percent else "") + quantity.after


def _readings(quantity: Quantity, verifier: Verifier) -> tuple[Fraction, ...]:
    """`25%` may stand for 25 (a question that asks for percent) or for 0.25, unless percent is the unit."""
    if quantity.percent and verifier.unit is None:
        return quantity.value, quantity.value / 100
    return (quantity.value,)


def _choice(options: dict[str, str], reference: str, text: str) -> Check:
    """The letter of the right option, or its text."""
    wanted = chosen_option(reference, options)
    if wanted is None:
        known = ", ".join(f"{letter}: {option}" for letter, option in options.items())
        raise WorkError(
            f"The `reference` {reference!r} is none of the options ({known or 'letters'}): correct the item."
        )
    final = extract_final(text)
    found = None if final is None else chosen_option(final, options)
    passed = found == wanted
    detail = "" if passed else f"expected {wanted!r}, found {found!r}"
    return Check(passed=passed, extracted=final if found is None else found, detail=detail)


def _compiled(pattern: str) -> re.Pattern[str]:
    if len(pattern) > _LONGEST_PATTERN:
        raise WorkError(
            f"A pattern of {len(pattern)} characters; at most {_LONGEST_PATTERN}: shorten the item's pattern."
        )
    try:
        return re.compile(pattern)
    except re.error as error:
        raise WorkError(f"The item's pattern {pattern!r} cannot be read: {error}.") from error


def _regex(pattern: re.Pattern[str], text: str) -> Check:
    """The pattern occurs in the final answer or in the whole one (`^` and `$` stand for their ends)."""
    final = extract_final(text)
    whole = text.strip()[-_LONGEST_SEARCHED:]
    match = (None if final is None else pattern.search(final[-_LONGEST_SEARCHED:])) or pattern.search(whole)
    if match is None:
        return Check(passed=False, extracted=final, detail=f"nothing matches {pattern.pattern!r}")
    return Check(passed=True, extracted=match.group())


def _list(_: Verifier, reference: str, text: str) -> Check:
    """The same items in the same order."""
    return _items(tuple, reference, text)


def _set(_: Verifier, reference: str, text: str) -> Check:
    """The same items in any order."""
    return _items(frozenset, reference, text)


def _items(gather: Callable[[list[str]], object], reference: str, text: str) -> Check:
    found = items_of(text)
    passed = bool(found) and gather([normal(i) for i in found]) == gather([normal(i) for i in items_of(reference)])
    return Check(passed=passed, extracted=", ".join(found) or None, detail="" if passed else f"expected {reference!r}")


_BY_KIND: dict[VerifierKind, Callable[[Verifier, str, str], Check]] = {
    "exact": _exact,
    "text": _text,
    "numeric": _numeric,
    "list": _list,
    "set": _set,
    "math": lambda _, reference, text: check_expression(reference, text),
}
