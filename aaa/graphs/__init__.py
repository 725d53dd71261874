"""Plans of conversations and contests between models, as graphs."""

from aaa.graphs.contests import Group, connected_groups, unequalled_groups
from aaa.graphs.conversation import conversation_graph, speaking_order

__all__ = ["Group", "connected_groups", "conversation_graph", "speaking_order", "unequalled_groups"]
