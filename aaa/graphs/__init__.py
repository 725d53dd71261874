"""Plans of conversations, contests between models, who teaches whom, and clusters of what is alike, as graphs."""

from aaa.graphs.clusters import clusters
from aaa.graphs.contests import Group, connected_groups, unequalled_groups
from aaa.graphs.conversation import conversation_graph, speaking_order
from aaa.graphs.teaching import Edge, as_dot, teachers_of, teaching_edges, teaching_graph

__all__ = [
    "Edge",
    "Group",
    "as_dot",
    "clusters",
    "connected_groups",
    "conversation_graph",
    "speaking_order",
    "teachers_of",
    "teaching_edges",
    "teaching_graph",
    "unequalled_groups",
]
