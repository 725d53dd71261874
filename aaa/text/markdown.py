"""Words of others inside Markdown: they stay words."""

from __future__ import annotations

import re


def code_fence(text: str) -> str:
    """More backticks than stand together anywhere in `text`."""
    return "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)


def escaped(text: str) -> str:
    """One line without characters that Markdown or HTML would read."""
    return re.sub(r"([\\`*_\[\]<>#|~&])", r"\\\1", " ".join(text.split()))
