"""Which instruction was made of which: a forest, printed as trees or written as JSON, DOT or GraphML."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import networkx as nx


SHOWN: Final = 160
"""Characters of an instruction that a line shows (ours)."""


@dataclass(frozen=True, slots=True)
class Version:
    """A node: an instruction, and how it was made of its parent, if it was."""

    id: str
    label: str
    parent: str | None = None
    operation: str = ""
    round: int = 0
    model: str = ""
    prompt: str = ""


def lineage_graph(versions: Iterable[Version]) -> nx.DiGraph[str]:
    """Edges lead from parent to child, with operation, round, model, prompt hash; a missing parent is a bare node."""
    import networkx as nx  # heavy

    graph: nx.DiGraph[str] = nx.DiGraph()
    for one in versions:
        graph.add_node(one.id, label=one.label)
        if one.parent is not None:
            made = {"operation": one.operation, "round": one.round, "model": one.model, "prompt": one.prompt}
            graph.add_edge(one.parent, one.id, **made)
    return graph


def lineage_lines(graph: nx.DiGraph[str]) -> Iterator[str]:
    """The trees as indented lines, roots and children in the order of their ids."""

    def lines(node: str, depth: int, made: Mapping[str, object]) -> Iterator[str]:
        how = f"{made['operation']} (round {made['round']}, {made['model']}): " if made else ""
        label = " ".join(str(graph.nodes[node].get("label", node)).split())
        yield f"{'  ' * depth}{how}{textwrap.shorten(label, SHOWN, placeholder=' ...')}"
        for child in sorted(graph.successors(node)):
            yield from lines(child, depth + 1, graph.edges[node, child])

    for root in sorted(node for node in graph if not graph.in_degree(node)):
        yield from lines(root, 0, {})


def _as_json(graph: nx.DiGraph[str]) -> str:
    """networkx's node-link form, sorted."""
    nodes = [{"id": node, **graph.nodes[node]} for node in sorted(graph)]
    edges = [{"source": one, "target": other, **graph.edges[one, other]} for one, other in sorted(graph.edges)]
    return json.dumps({"directed": True, "nodes": nodes, "edges": edges}, indent=1, ensure_ascii=False)


def _as_dot(graph: nx.DiGraph[str]) -> str:
    """Graphviz's language."""

    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)  # strings are written the same way

    nodes = [f"  {quoted(node)} [label={quoted(str(graph.nodes[node].get('label', node)))}];" for node in sorted(graph)]
    edges = [
        f"  {quoted(one)} -> {quoted(other)} [label={quoted(str(graph.edges[one, other]['operation']))}];"
        for one, other in sorted(graph.edges)
    ]
    return "\n".join(["digraph lineage {", *nodes, *edges, "}"])


def _as_graphml(graph: nx.DiGraph[str]) -> str:
    """GraphML, for graph editors. Characters that XML cannot hold are left out of labels."""
    import networkx as nx  # heavy

    clean = graph.copy()
    for node in clean:
        label = str(clean.nodes[node].get("label", node))
        clean.nodes[node]["label"] = "".join(char for char in label if char.isprintable() or char == "\n")
    return "\n".join(nx.generate_graphml(clean))


LINEAGE_FORMATS: Final[Mapping[str, Callable[[nx.DiGraph[str]], str]]] = {
    ".json": _as_json,
    ".dot": _as_dot,
    ".graphml": _as_graphml,
}
"""Writers by the end of a file's name."""
