"""How answers come about and improve: answering, chatting, lessons, critique and revision. One item at a time."""

from typing import TYPE_CHECKING

from aaa.late import late

if TYPE_CHECKING:
    from aaa.teach.answering import answer
    from aaa.teach.chatting import chat
    from aaa.teach.converse import HABITS, hold_conversation, replay_conversation
    from aaa.teach.critique import suggest
    from aaa.teach.given import GIVEN, given_answers
    from aaa.teach.lessons import Lesson, lesson
    from aaa.teach.revising import revise
    from aaa.teach.self_teach import draw_answers, find_best
    from aaa.teach.suggestions import read_suggestions, write_suggestions
    from aaa.teach.team import work_as_team
else:
    __getattr__ = late(__name__, __file__)

__all__ = [
    "GIVEN",
    "HABITS",
    "Lesson",
    "answer",
    "chat",
    "draw_answers",
    "find_best",
    "given_answers",
    "hold_conversation",
    "lesson",
    "read_suggestions",
    "replay_conversation",
    "revise",
    "suggest",
    "work_as_team",
    "write_suggestions",
]
