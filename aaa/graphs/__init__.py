"""Plans of conversations, contests, who teaches whom, lineages, and clusters of what is alike, as graphs."""

from aaa.graphs.clustering import clusters
from aaa.graphs.contests import Group, connected_groups, unequalled_groups
from aaa.graphs.conversation import conversation_graph, speaking_order
from aaa.graphs.drawing import as_svg
from aaa.graphs.lineage import LINEAGE_FORMATS, Version, lineage_graph, lineage_lines
from aaa.graphs.teaching import Edge, as_dot, as_mermaid, teachers_of, teaching_edges, teaching_graph, teaching_lines

__all__ = [
    "LINEAGE_FORMATS",
    "Edge",
    "Group",
    "Version",
    "as_dot",
    "as_mermaid",
    "as_svg",
    "clusters",
    "connected_groups",
    "conversation_graph",
    "lineage_graph",
    "lineage_lines",
    "speaking_order",
    "teachers_of",
    "teaching_edges",
    "teaching_graph",
    "teaching_lines",
    "unequalled_groups",
]
