"""Conversation plans as graphs."""

from aaa.graphs.conversation import conversation_graph, speaking_order

__all__ = ["conversation_graph", "speaking_order"]
