"""Agents: the models of a cast as AutoGen agents over AAA's call layer. Nothing of AutoGen is seen from outside."""

import logging

from aaa.agents.agent import Agent
from aaa.agents.conversation import Stop, StopReason, Transcript, Turn, converse
from aaa.agents.failures import failure_row
from aaa.agents.reading import Reading, ask_until_read
from aaa.agents.replies import reply_of, spoken
from aaa.agents.rows import OFF, written
from aaa.agents.shown import answer_text, shown_messages
from aaa.agents.team import Said, confer
from aaa.agents.tooled import CALLS_AT_ONCE, NO_TOOLS, OUT_OF_ROUNDS, Simulator, ToolDesk, work_with_tools
from aaa.llm.together import together

# AutoGen writes each message, and the traceback of each error, into these logs; AAA keeps both in rows of its own.
logging.getLogger("autogen_core").setLevel(logging.CRITICAL)

__all__ = [
    "CALLS_AT_ONCE",
    "NO_TOOLS",
    "OFF",
    "OUT_OF_ROUNDS",
    "Agent",
    "Reading",
    "Said",
    "Simulator",
    "Stop",
    "StopReason",
    "ToolDesk",
    "Transcript",
    "Turn",
    "answer_text",
    "ask_until_read",
    "confer",
    "converse",
    "failure_row",
    "reply_of",
    "shown_messages",
    "spoken",
    "together",
    "work_with_tools",
    "written",
]
