"""How answers come about and improve: answering, chatting, critique and revision. One item at a time."""

from aaa.teach.answer import answer
from aaa.teach.chat import chat
from aaa.teach.critique import suggest
from aaa.teach.revise import revise
from aaa.teach.suggestions import read_suggestions, write_suggestions

__all__ = ["answer", "chat", "read_suggestions", "revise", "suggest", "write_suggestions"]
