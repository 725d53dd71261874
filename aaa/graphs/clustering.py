"""Groups of things that are alike: connected components of a graph of pairs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx


def clusters(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Numbers that are joined by pairs, each cluster sorted, the clusters by their smallest; who has no pair is in
    none."""
    import networkx as nx  # heavy

    graph: nx.Graph[int] = nx.Graph()
    graph.add_edges_from(pairs)
    return sorted(tuple(sorted(component)) for component in nx.connected_components(graph))
