"""A page of charts and tables in one HTML file: nothing is loaded from elsewhere, nothing runs, all text is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

_UNSAFE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, marks that turn the direction of writing, and halves of surrogate pairs."""
_ROW, _LABEL, _BAR, _END = 22, 220, 420, 160
"""Pixels of a bar's row, its label, the longest bar, and the figure behind it (ours)."""
_LONGEST: Final = 32
"""Characters of a label in a chart; the whole of it is its tooltip."""
_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1d2733; --soft: #5c6b7a; --bar: #3d7ab8; --line: #d5dce3; --paper: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e9ee; --soft: #9aa8b5; --bar: #6ea8e0; --line: #3a4653; --paper: #161b21; }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 860px;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; } p { color: var(--soft); margin: .3rem 0; }
strong { color: #b35900; }
table { border-collapse: collapse; font-size: .9rem; display: block; overflow-x: auto; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
svg { max-width: 100%; height: auto; } svg text { fill: var(--ink); font-size: 13px; } svg text.n { fill: var(--soft); }
svg rect { fill: var(--bar); }
"""


@dataclass(frozen=True)
class Bars:
    """Values as bars, in their order; a note stands behind each."""

    title: str
    bars: Sequence[tuple[str, float, str]]
    """Label, value (0 or more), note."""
    remark: str = ""


@dataclass(frozen=True)
class Grid:
    """A table; columns whose name begins with `#` hold numbers."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    remark: str = ""


@dataclass(frozen=True)
class Page:
    """A page, from top to bottom; the `warning` stands out."""

    title: str
    lead: Sequence[str]
    parts: Sequence[Bars | Grid]
    warning: str = ""


def html(page: Page) -> str:
    """The page as a file; the same page always gives the same text."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<title>{_text(page.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{_text(page.title)}</h1>"
    if page.warning:
        yield f"<p><strong>{_text(page.warning)}</strong></p>"
    yield from (f"<p>{_text(line)}</p>" for line in page.lead)
    for part in page.parts:
        yield f"<h2>{_text(part.title)}</h2>"
        if part.remark:
            yield f"<p>{_text(part.remark)}</p>"
        yield from _bars(part) if isinstance(part, Bars) else _grid(part)
    yield "</body>\n</html>"


def _bars(chart: Bars) -> Iterator[str]:
    most = max((value for _, value, _ in chart.bars), default=0.0) or 1.0
    width, height = _LABEL + _BAR + _END, _ROW * len(chart.bars)
    name = _text(chart.title)
    yield f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{name}">'
    for number, (label, value, note) in enumerate(chart.bars):
        top, base, length = number * _ROW, number * _ROW + 16, max(1.0, _BAR * value / most)
        short = label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"
        yield (
            f'<g><title>{_text(label)}</title><text x="{_LABEL - 8}" y="{base}" text-anchor="end">{_text(short)}</text>'
            f'<rect x="{_LABEL}" y="{top + 4}" width="{length:.1f}" height="{_ROW - 8}"/>'
            f'<text class="n" x="{_LABEL + length + 6:.1f}" y="{base}">{_text(note)}</text></g>'
        )
    yield "</svg>"


def _grid(table: Grid) -> Iterator[str]:
    kinds = [' class="n"' if name.startswith("#") else "" for name in table.columns]
    heads = (f"<th{kind}>{_text(name.removeprefix('#'))}</th>" for name, kind in zip(table.columns, kinds, strict=True))
    yield f"<table>\n<tr>{''.join(heads)}</tr>"
    for row in table.rows:
        yield f"<tr>{''.join(f'<td{kind}>{_text(c)}</td>' for c, kind in zip(row, kinds, strict=True))}</tr>"
    yield "</table>"


def _text(value: str) -> str:
    """Text that can only be text."""
    return escape(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", value))
