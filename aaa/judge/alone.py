"""Whether a text stands alone, or speaks of what its reader has not seen; one that does is written once more.

Texts written under a hint, a critique or as a rewriting tend to thank for it, or to say what was changed. Ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aaa.agents import Agent, ask_until_read, reply_of, shown_messages
from aaa.judge.forms import choice_form
from aaa.prompts import PromptSet
from aaa.text import find_leak, neutralise
from aaa.types import Call, Instruction, user

FORM: Final = choice_form({"alone": True, "refers": False}, structured=False)


@dataclass(frozen=True, slots=True)
class Alone:
    """A text after the check."""

    text: str
    calls: tuple[Call, ...]
    """Whose last wrote it."""
    stands: bool


@dataclass(frozen=True)
class AloneCheck:
    """How texts are checked: by known phrases, and where these find nothing by `reader`, if there is one."""

    instruction: Instruction
    prompts: PromptSet
    mark: str
    """The fence's."""
    reader: Agent | None = None

    async def passed(self, text: str, author: Agent, call: Call, *, step: str) -> Alone:
        """The author's text, which `call` brought, or one that it wrote in its place; `stands` says whether that does.

        `step` is that of the call. Raises `ParseError` where two replies of the reader cannot be read, `CallError` or
        `StopError`.
        """
        if await self.stands(text, step=step):
            return Alone(text, (call,), stands=True)
        again = await self._rewritten(text, author, f"{step}/alone")
        text = reply_of(again).text.strip()
        return Alone(text, (call, again), await self.stands(text, step=f"{step}/alone"))

    async def stands(self, text: str, *, step: str) -> bool:
        """Whether a text stands alone; see `passed`."""
        if find_leak(text, "\n".join(message.text for message in self.instruction.prompt)) is not None:
            return False
        if self.reader is None:
            return True
        again = self.prompts.render("ask_again", wanted=FORM.wanted)
        request = self._render("stands_alone", text)
        reading = await ask_until_read(
            self.reader, request, FORM.read, again=again.text, step=f"{step}/read", in_persona=False
        )
        return reading.value

    async def _rewritten(self, text: str, author: Agent, step: str) -> Call:
        """The same text without such references, asked of its author without a persona."""
        return await author.ask([user(self._render("rewrite_alone", text))], step=step)

    def _render(self, name: str, text: str) -> str:
        messages = shown_messages(self.instruction.prompt, self.mark)
        return self.prompts.render(name, messages=messages, answer=neutralise(text, self.mark), fence=self.mark).text
