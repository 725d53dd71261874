"""A page of charts and tables in one HTML file: nothing is loaded from elsewhere, nothing runs, all text is escaped."""

from __future__ import annotations

import re
from base64 import b64encode
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
svg rect, svg circle { fill: var(--bar); } svg line { stroke: var(--bar); stroke-width: 2; }
svg line.zero { stroke: var(--line); stroke-width: 1; } img { max-width: 100%; height: auto; border-radius: 6px; }
"""


@dataclass(frozen=True)
class Bars:
    """Values as bars, in their order; a note stands behind each."""

    title: str
    bars: Sequence[tuple[str, float, str]]
    """Label, value (0 or more), note."""
    remark: str = ""


@dataclass(frozen=True)
class Ranges:
    """Values with intervals, one to a row in their order, along one scale."""

    title: str
    rows: Sequence[tuple[str, float, float, float, str]]
    """Label, lower end, value, upper end, note."""
    zero: float | None = None
    """A value that every row is held against, such as no change."""
    remark: str = ""


@dataclass(frozen=True)
class Picture:
    """An SVG drawing, as a program of ours made it; it stands as an image, so that it can neither run nor reach out."""

    title: str
    svg: str
    words: str
    """What it shows, for those who do not see it."""
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
    parts: Sequence[Bars | Ranges | Picture | Grid]
    warning: str = ""


def html(page: Page) -> str:
    """The page as a file; the same page always gives the same text."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<title>{_text(page.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{_text(page.title)}</h1>"
    if page.warning:
        yield f"<p><strong>{_text(page.warning)}</strong></p>"
    yield from (f"<p>{_text(line)}</p>" for line in page.lead)
    for part in page.parts:
        yield f"<h2>{_text(part.title)}</h2>"
        if part.remark:
            yield f"<p>{_text(part.remark)}</p>"
        yield from _part(part)
    yield "</body>\n</html>"


def _part(part: Bars | Ranges | Picture | Grid) -> Iterator[str]:
    match part:
        case Bars():
            yield from _bars(part)
        case Ranges():
            yield from _ranges(part)
        case Grid():
            yield from _grid(part)
        case Picture():
            data = b64encode(part.svg.encode("utf-8", "replace")).decode("ascii")
            yield f'<img alt="{_text(part.words)}" src="data:image/svg+xml;base64,{data}">'


def _ranges(chart: Ranges) -> Iterator[str]:
    held = () if chart.zero is None else (chart.zero,)
    ends = [end for _, low, _, high, _ in chart.rows for end in (low, high)]
    least, most = min([*ends, *held], default=0.0), max([*ends, *held], default=0.0)
    width, height = _LABEL + _BAR + _END, _ROW * len(chart.rows)

    def at(value: float) -> str:
        return f"{_LABEL + _BAR * (value - least) / ((most - least) or 1.0):.1f}"

    name = _text(chart.title)
    yield f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{name}">'
    yield from (f'<line class="zero" x1="{at(one)}" x2="{at(one)}" y1="0" y2="{height}"/>' for one in held)
    for number, (label, low, value, high, note) in enumerate(chart.rows):
        base, middle = number * _ROW + 16, number * _ROW + _ROW // 2
        yield (
            f"{_label(label, base)}"
            f'<line x1="{at(low)}" x2="{at(high)}" y1="{middle}" y2="{middle}"/>'
            f'<circle cx="{at(value)}" cy="{middle}" r="4"/>'
            f'<text class="n" x="{_LABEL + _BAR + 10}" y="{base}">{_text(note)}</text></g>'
        )
    yield "</svg>"


def _label(label: str, base: int) -> str:
    """The beginning of a row: its label, short, with the whole of it as tooltip."""
    short = label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"
    return f'<g><title>{_text(label)}</title><text x="{_LABEL - 8}" y="{base}" text-anchor="end">{_text(short)}</text>'


def _bars(chart: Bars) -> Iterator[str]:
    most = max((value for _, value, _ in chart.bars), default=0.0) or 1.0
    width, height = _LABEL + _BAR + _END, _ROW * len(chart.bars)
    name = _text(chart.title)
    yield f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{name}">'
    for number, (label, value, note) in enumerate(chart.bars):
        top, base, length = number * _ROW, number * _ROW + 16, max(1.0, _BAR * value / most)
        yield (
            f"{_label(label, base)}"
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
