"""An optimiser reads what a method did, names what the method lacks, and writes better ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, cast, get_args

from aaa.agents import Agent, ask_until_read
from aaa.evolve.auto.trial import METHOD, Trial, method_hash
from aaa.evolve.by_operation import WANTED, under_mark
from aaa.prompts import PromptSet
from aaa.text import fence, neutralise, words
from aaa.types import MethodIssue, NamedIssue

ISSUES = frozenset(get_args(MethodIssue))
LONGEST = 400
"""Words of a method at most (ours)."""
SHOWN = 1200
"""Characters of each text of a case that the optimiser sees (ours)."""
FORM: Final = 'Write each issue on a line of its own as - [issue] words, or only "- no issue".'
_LINE = re.compile(r"^[ \t]*(?:[-*•]|\d+[.)])[ \t]*\**\[ *(?P<issue>\w+) *\]\**[ \t]*(?P<words>\S.*)$", re.MULTILINE)
_NONE = re.compile(r"^[ \t]*\"?(?:[-*•]|\d+[.)])[ \t]*no issue\b", re.MULTILINE | re.IGNORECASE)


def read_issues(text: str) -> tuple[NamedIssue, ...] | None:
    """The issues `- [issue] words`, in order; empty for `- no issue`; None for neither."""
    found = tuple(
        NamedIssue(issue=cast(MethodIssue, issue), words=line["words"].strip())
        for line in _LINE.finditer(text)
        if (issue := line["issue"].lower()) in ISSUES
    )
    return found if found or _NONE.search(text) else None


def write_issues(issues: Sequence[NamedIssue]) -> str:
    """The same lines again, for whoever writes the next method."""
    return "\n".join(f"- [{one.issue}] {one.words}" for one in issues)


async def name_issues(
    method: str, trials: Sequence[Trial], optimiser: Agent, prompts: PromptSet, *, seed: int, number: int
) -> tuple[NamedIssue, ...]:
    """What goes wrong because of the method, from a minibatch of trials at step `number`.

    Raises `ParseError` if two replies cannot be read, `CallError` or `StopError`.
    """
    mark = fence(seed, "auto_analyse", method, number)
    prompt = prompts.render(
        "auto_analyse",
        method=neutralise(method, mark),
        cases=[neutralise(_case(trial), mark) for trial in trials],
        fence=mark,
    )
    reading = await ask_until_read(
        optimiser, prompt.text, read_issues, prompts, wanted=FORM, step=f"{number}/issues", in_persona=False
    )
    return reading.value


async def propose_method(
    method: str,
    issues: Sequence[NamedIssue],
    optimiser: Agent,
    prompts: PromptSet,
    *,
    seed: int,
    number: int,
    draw: int,
) -> str | None:
    """A candidate, the one of this `draw` at step `number`; None where it is too long to be one.

    Raises `ParseError` if two replies cannot be read, `CallError` or `StopError`.
    """
    mark = fence(seed, "auto_propose", method, number)
    prompt = prompts.render(
        "auto_propose",
        method=neutralise(method, mark),
        issues=neutralise(write_issues(issues), mark),
        words=LONGEST,
        fence=mark,
    )
    step = f"{number}/propose/{draw}"
    reading = await ask_until_read(
        optimiser,
        prompt.text,
        under_mark(METHOD),
        prompts,
        wanted=WANTED.format(mark=METHOD),
        step=step,
        in_persona=False,
        draw=draw,
    )
    fits = len(words(reading.value)) <= LONGEST and mark not in reading.value
    return reading.value if fits and method_hash(reading.value) != method_hash(method) else None


def _case(trial: Trial) -> str:
    """A trial as the optimiser sees it."""
    parts = {
        "Instruction": trial.before,
        "Made of it": trial.after,
        "Answer to that": trial.reply or "(none was asked for)",
        "Found by a program": trial.fault or "nothing",
    }
    return "\n\n".join(f"{name}: {_cut(text)}" for name, text in parts.items())


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]} [cut]"
