"""Who speaks after whom: a directed graph over the names of speakers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from aaa.errors import UsageError

if TYPE_CHECKING:
    import networkx as nx


def conversation_graph(edges: Iterable[tuple[str, str]]) -> nx.DiGraph[str]:
    """The plan in which each pair of `edges` says that the second speaker answers the first.

    Raises `UsageError` if a speaker has two successors: this plan needs no one to choose.
    """
    import networkx as nx  # heavy

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from(edges)
    for name in graph:
        if graph.out_degree(name) > 1:
            found = ", ".join(sorted(graph.successors(name)))
            raise UsageError(f"after {name!r} speaks one of {found}; a plan names one successor for each speaker")
    return graph


def speaking_order(graph: nx.DiGraph[str], start: str, *, limit: int) -> Iterator[str]:
    """Names of the next `limit` speakers, from `start` on.

    Raises `UsageError`, before anybody speaks, if `start` is no speaker of the plan or the plan ends too soon.
    """
    if start not in graph:
        raise UsageError(f"{start!r} is no speaker of this plan; speakers: {', '.join(sorted(graph)) or 'none'}")
    order = [start]
    while len(order) < limit:
        successor = next(graph.successors(order[-1]), None)
        if successor is None:
            raise UsageError(f"nobody speaks after {order[-1]!r}: the plan ends after {len(order)} of {limit} turns")
        order.append(successor)
    return iter(order[:limit])
