"""Where the steps of a worked answer begin and end.

A step is a line, as in the solutions that PRM800K labels (arXiv 2305.20050), or a paragraph, as in those of
ProcessBench (arXiv 2412.06559). What only makes sense whole stays whole, which is ours: fenced code, displayed
mathematics and tables; and a line without a letter or digit belongs to the step before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal

StepUnit = Literal["lines", "paragraphs"]
Span = tuple[int, int]

LONGEST_BLOCK = 200
"""Lines of a block at most (ours): what is not closed by then was none."""
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_OPENS = re.compile(r"\\\[|\\begin\{(\w+\*?)\}")
_SAYS = re.compile(r"[^\W_]")


def split_steps(text: str, unit: StepUnit = "lines") -> tuple[Span, ...]:
    """Spans of the steps, without the space around them; none where there is nothing but space."""
    spans: list[Span] = []
    for start, end in pairwise([*_beginnings(text.splitlines(keepends=True), unit), len(text)]):
        step = text[start:end]
        if not step.strip():
            continue
        span = (start + len(step) - len(step.lstrip()), start + len(step.rstrip()))
        if spans and not _SAYS.search(step):
            span = (spans.pop()[0], span[1])
        spans.append(span)
    return tuple(spans)


def _beginnings(lines: Sequence[str], unit: StepUnit) -> Iterator[int]:
    """Places of the lines with which something begins: a step, or space."""
    at, inside, before = 0, 0, ""
    for number, line in enumerate(lines):
        if number >= inside:
            of_table = line.lstrip().startswith("|") and before.lstrip().startswith("|")
            if not of_table and (unit == "lines" or not before.strip()):
                yield at
            inside = _end_of_block(lines, number)
        at, before = at + len(line), line


def _end_of_block(lines: Sequence[str], first: int) -> int:
    """The line after the block that this one opens; the next, where it opens none that is closed."""
    closing = _closing(lines[first])
    for number in range(first + 1, min(len(lines), first + LONGEST_BLOCK)) if closing else ():
        if closing in lines[number] and (closing[0] not in "`~" or lines[number].strip().startswith(closing)):
            return number + 1
    return first + 1


def _closing(line: str) -> str:
    """What closes the block that a line opens; empty where it opens none, or closes it again."""
    if fence := _FENCE.match(line):
        return fence[1]
    if line.count("$$") % 2:
        return "$$"
    opened = _OPENS.search(line)
    if opened is None:
        return ""
    end = "\\]" if opened[1] is None else f"\\end{{{opened[1]}}}"
    return "" if end in line[opened.end() :] else end
