"""The teaching graph as a picture: SVG by hand, which needs neither a layout program nor a font of ours."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from aaa.graphs.teaching import teaching_edges

if TYPE_CHECKING:
    import networkx as nx

ROOM, NODE, LINE = 150, 30, 15
"""Pixels: between neighbours on the circle, least half width of a model, height of a line of text (ours)."""
BEND = 0.18
"""How far an edge is bent, as a part of its length, so that the two ways between models lie apart (ours)."""
LETTER = 7.5
"""Pixels of a letter, about."""
_STYLE = (
    "text{font:13px sans-serif;fill:#1f2933;text-anchor:middle}"
    ".model{fill:#e8eef7;stroke:#35507a}.way{fill:none;stroke:#35507a;marker-end:url(#tip)}"
    ".skill{font-size:12px;paint-order:stroke;stroke:#fff;stroke-width:4px}"
)


@dataclass(frozen=True, slots=True)
class _Point:
    x: float
    y: float

    def outside(self, name: str, other: _Point) -> _Point:
        """Where the line to another point leaves the box of a model that stands here."""
        across, down = other.x - self.x, other.y - self.y
        ways = [half / abs(way) for half, way in ((_width(name) / 2, across), (LINE, down)) if way]
        way = min(ways, default=0.0)
        return _Point(self.x + across * way, self.y + down * way)


def _width(name: str) -> float:
    """Of the box of a model."""
    return max(2 * NODE, LETTER * len(name) + 16)


@dataclass(frozen=True, slots=True)
class _Way:
    """An arrow from a teacher to a student, bent through a point, and the lines of text in its middle."""

    begin: _Point
    bent: _Point
    end: _Point
    middle: _Point
    lines: tuple[str, ...]

    @property
    def top(self) -> float:
        """Base of the first line."""
        return self.middle.y - LINE * (len(self.lines) - 1) / 2 + 4


def as_svg(graph: nx.MultiDiGraph[str]) -> str:
    """Models on a circle, an arrow from each teacher to each student, on it the skills with the gap in points."""
    names = sorted(graph)
    radius = max(ROOM, ROOM * len(names) / (2 * math.pi))
    margin = 60 + LETTER * max((len(name) for name in names), default=0) / 2
    width = 2 * (radius + margin)
    places = {
        name: _Point(
            width / 2 + radius * math.cos(2 * math.pi * at / len(names) - math.pi),
            radius * math.sin(2 * math.pi * at / len(names) - math.pi),
        )
        for at, name in enumerate(names)
    }
    ways = list(_ways(graph, places))
    # Two models stand side by side: only what is drawn takes room.
    heights = [place.y for place in places.values()]
    heights += [y for way in ways for y in (way.top - LINE, way.top + LINE * len(way.lines))]
    above, below = min(heights, default=0.0) - 2 * NODE, max(heights, default=0.0) + 2 * NODE
    box = f"0 {above:.0f} {width:.0f} {below - above:.0f}"
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{below - above:.0f}" '
            f'viewBox="{box}" role="img">',
            "<title>Who teaches whom: skills, with the gap in points</title>",
            f"<style>{_STYLE}</style>",
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
            'orient="auto"><path d="M0 0L8 4L0 8z" fill="#35507a"/></marker></defs>',
            f'<rect y="{above:.0f}" width="{width:.0f}" height="{below - above:.0f}" fill="#fff"/>',
            *(line for way in ways for line in _drawn(way)),
            *(line for name in names for line in _model(name, places[name])),
            "</svg>",
            "",
        )
    )


def _model(name: str, place: _Point) -> Iterator[str]:
    width = _width(name)
    yield (
        f'<rect class="model" x="{place.x - width / 2:.1f}" y="{place.y - LINE:.1f}" width="{width:.1f}" '
        f'height="{2 * LINE}" rx="8"/>'
    )
    yield f'<text x="{place.x:.1f}" y="{place.y + 5:.1f}">{_shown(name)}</text>'


def _ways(graph: nx.MultiDiGraph[str], places: dict[str, _Point]) -> Iterator[_Way]:
    edges = sorted(teaching_edges(graph), key=lambda edge: (edge[0], edge[1], -edge[3], edge[2]))
    for (teacher, student), taught in groupby(edges, key=lambda edge: edge[:2]):
        here, there = places[teacher], places[student]
        across = _Point(there.y - here.y, here.x - there.x)
        bent = _Point((here.x + there.x) / 2 + BEND * across.x, (here.y + there.y) / 2 + BEND * across.y)
        middle = _Point((here.x + 2 * bent.x + there.x) / 4, (here.y + 2 * bent.y + there.y) / 4)
        lines = tuple(f"{skill} {weight:.0f}" for _, _, skill, weight in taught)
        yield _Way(here.outside(teacher, bent), bent, there.outside(student, bent), middle, lines)


def _drawn(way: _Way) -> Iterator[str]:
    begin, bent, end = way.begin, way.bent, way.end
    yield f'<path class="way" d="M{begin.x:.1f} {begin.y:.1f}Q{bent.x:.1f} {bent.y:.1f} {end.x:.1f} {end.y:.1f}"/>'
    for number, line in enumerate(way.lines):
        y = way.top + LINE * number
        yield f'<text class="skill" x="{way.middle.x:.1f}" y="{y:.1f}">{_shown(line)}</text>'


def _shown(text: str) -> str:
    """The text escaped, without characters that XML cannot hold."""
    return html.escape("".join(char if char.isprintable() else " " for char in text))
