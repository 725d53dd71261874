"""Who teaches whom what: a directed graph over models, an edge for each skill, weighted by the gap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx


Edge = tuple[str, str, str, float]
"""Teacher, student, skill, and by how much the teacher stands above."""


def teaching_graph(models: Iterable[str], edges: Iterable[Edge]) -> nx.MultiDiGraph[str]:
    """The graph over these models, which may have models that neither teach nor learn."""
    import networkx as nx  # heavy

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(sorted(models))
    for teacher, student, skill, weight in sorted(edges):
        graph.add_edge(teacher, student, key=skill, weight=weight)
    return graph


def teaching_edges(graph: nx.MultiDiGraph[str]) -> list[Edge]:
    """Its edges, by skill, then by student, the widest gap first."""
    edges = [(teacher, student, str(skill), float(data["weight"])) for teacher, student, skill, data in _all(graph)]
    return sorted(edges, key=lambda edge: (edge[2], edge[1], -edge[3], edge[0]))


def teachers_of(graph: nx.MultiDiGraph[str], student: str, skill: str) -> list[str]:
    """Who can teach a student a skill, the furthest ahead first."""
    return [teacher for teacher, taught, what, _ in teaching_edges(graph) if (taught, what) == (student, skill)]


def teaching_lines(graph: nx.MultiDiGraph[str]) -> Iterator[str]:
    """The graph in lines of text, `amber -> basil: dates 310, sorting 240`, the widest gap first; models that neither
    teach nor learn in the last."""
    import networkx as nx  # heavy

    edges = sorted(teaching_edges(graph), key=lambda edge: (edge[0], edge[1], -edge[3], edge[2]))
    for (teacher, student), taught in groupby(edges, key=lambda edge: edge[:2]):
        yield f"{teacher} -> {student}: {', '.join(f'{skill} {weight:.0f}' for _, _, skill, weight in taught)}"
    if idle := sorted(nx.isolates(graph)):
        yield f"no lesson: {', '.join(idle)}"


def as_dot(graph: nx.MultiDiGraph[str]) -> str:
    """The graph in the DOT language of Graphviz, an edge for each skill, labelled with the skill and the gap."""
    lines = [f"  {_quoted(name)};" for name in sorted(graph)]
    lines += [
        f"  {_quoted(teacher)} -> {_quoted(student)} [label={_quoted(f'{skill} {weight:.0f}')}];"
        for teacher, student, skill, weight in teaching_edges(graph)
    ]
    return "\n".join(["digraph teaching {", *lines, "}", ""])


def as_mermaid(graph: nx.MultiDiGraph[str]) -> str:
    """The graph in the language of Mermaid, which Markdown of many hosts draws; readable as it stands."""
    ids = {name: f"m{number}" for number, name in enumerate(sorted(graph))}
    lines = [f"  {id_}[{_labelled(name)}]" for name, id_ in ids.items()]
    lines += [
        f"  {ids[teacher]} -->|{_labelled(f'{skill} {weight:.0f}')}| {ids[student]}"
        for teacher, student, skill, weight in teaching_edges(graph)
    ]
    return "\n".join(["graph LR", *lines, ""])


def _all(graph: nx.MultiDiGraph[str]) -> Iterator[tuple[str, str, str, dict[str, float]]]:
    yield from graph.edges(keys=True, data=True)


def _labelled(text: str) -> str:
    """Text that neither ends its label nor is read as markup."""
    plain = "".join(char if char.isalnum() or char in " -_.,:/+()" else f"#{ord(char)};" for char in text)
    return f'"{plain}"'


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
