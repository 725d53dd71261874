"""Who can be compared with whom: graphs of contests between models."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx


Group = tuple[str, ...]
"""Names, sorted."""


def connected_groups(names: Iterable[str], met: Iterable[tuple[str, str]]) -> list[Group]:
    """Names in groups that are joined by contests, sorted; those of two groups never met, not even through others."""
    import networkx as nx  # heavy

    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(names)
    graph.add_edges_from(met)
    return sorted(tuple(sorted(group)) for group in nx.connected_components(graph))


def unequalled_groups(names: Iterable[str], points: Iterable[tuple[str, str]]) -> tuple[list[Group], list[Group]]:
    """Groups that lost no point to others, and groups that won none from others, each sorted.

    Each of `points` names who won it and from whom; a tie is a point for both. Where there are such groups, the
    ratings of highest likelihood are infinitely far apart. A group that met no other is not one of them.
    """
    import networkx as nx  # heavy

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(names)
    graph.add_edges_from(points)
    whole = nx.condensation(graph)
    groups = {node: tuple(sorted(whole.nodes[node]["members"])) for node in whole}
    touched = [node for node in whole if whole.degree(node)]
    unbeaten = sorted(groups[node] for node in touched if not whole.in_degree(node))
    winless = sorted(groups[node] for node in touched if not whole.out_degree(node))
    return unbeaten, winless
