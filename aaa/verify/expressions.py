"""Whether two mathematical expressions say the same, by the library `math-verify`."""

from __future__ import annotations

from importlib.util import find_spec

from aaa.errors import MissingExtraError, WorkError
from aaa.types import Check, Sandbox
from aaa.verify.finals import extract_final
from aaa.verify.sandbox import Program, run

LONGEST = 2000
"""Characters of an expression that is read; ours."""
LIMITS = Sandbox(seconds=5, memory_mb=1024)
"""Ours: an expression of one line takes the library less than a second."""
_TRUSTED = """
import logging
logging.disable(logging.CRITICAL)
from math_verify import parse, verify
def read(text):
    return parse("$" + text + "$", parsing_timeout=None) or parse(text, parsing_timeout=None)
"""
_COMPARE = """
wanted, found = read({reference!r}), read({final!r})
if all(isinstance(one, str) for one in wanted):
    raise LookupError("reference")
if not verify(wanted, found, timeout_seconds=None):
    raise AssertionError("another value")
"""
"""The library's own time limits use a signal that only a main thread gets; the process has one of its own."""


def require_math() -> None:
    """Raises `MissingExtraError` where the library is not installed."""
    if find_spec("math_verify") is None:
        raise MissingExtraError("A verifier of kind 'math'", "math")


def check_expression(reference: str, text: str) -> Check:
    """Whether the final answer equals the reference as mathematics: `1/2`, `0.5` and `\\frac{1}{2}` are the same.

    Equal texts are equal; all else is read by the library, in a process of its own that ends when it takes too long
    (about 0.4 s for an expression). Raises `WorkError` for a reference that is no mathematics, `MissingExtraError`.
    """
    final = extract_final(text)
    if final is None or len(final) > LONGEST:
        return Check(passed=False, extracted=final, detail="no final answer that could be read")
    if _bare(final) == _bare(reference):
        return Check(passed=True, extracted=final)
    require_math()
    compared = Program([_COMPARE.format(reference=reference.strip("$ "), final=final)], trusted=_TRUSTED)
    found = run(compared, LIMITS, locked=False, packages=True)
    if found.detail.startswith("LookupError"):
        raise WorkError(f"The `reference` {reference!r} is no expression that can be read: correct the item.")
    return Check(passed=found.passed, extracted=final, detail="" if found.passed else f"expected {reference!r}")


def _bare(expression: str) -> str:
    return "".join(expression.split()).strip("$")
