"""Answers that are programs: their code, and whether the item's tests find it right."""

from __future__ import annotations

import re

from aaa.errors import WorkError
from aaa.types import Check, Sandbox, Verifier
from aaa.verify.sandbox import Program, run

_FENCED = re.compile(r"^[ \t]*(`{3,}|~{3,})[ \t]*(\w*)[^\n]*\n(.*?)(?:^[ \t]*\1|\Z)", re.MULTILINE | re.DOTALL)
_PYTHON = frozenset({"python", "py", "python3"})


def code_blocks(text: str) -> list[str]:
    """The Python code of an answer: its blocks marked as Python, else its unmarked ones, else all of it."""
    fenced = [(language.casefold(), code) for _, language, code in _FENCED.findall(text)]
    if not fenced:
        return [text] if text.strip() else []
    marked = [code for language, code in fenced if language in _PYTHON]
    return marked or [code for language, code in fenced if not language]


def check_program(verifier: Verifier, text: str, sandbox: Sandbox) -> Check | None:
    """Run the item's tests on the answer's code; None where the sandbox is off.

    Raises `WorkError` where this machine cannot lock the code in: it is not run then.
    """
    if not sandbox.python:
        return None
    blocks = code_blocks(text)
    if not blocks:
        return Check(passed=False, extracted=None, detail="no Python code in the answer")
    found = run(Program(blocks, tests=verifier.tests or "", setup=verifier.setup or ""), sandbox)
    if not found.locked:
        raise WorkError(f"The answer's code was not run: {found.detail}. Set `sandbox: {{python: false}}`.")
    return Check(passed=found.passed, extracted="\n".join(blocks), detail=found.detail)
