"""Whether a text stands alone, or speaks of what its reader has not seen; one that does is written once more.

Texts written under a hint, a critique, after a discussion or as a rewriting tend to thank for it, or to say what was
changed. All that must stand alone passes through here. Ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Final

from aaa.agents import Agent, ask_until_read, reply_of, shown_messages
from aaa.errors import ParseError
from aaa.judge.forms import choice_form
from aaa.prompts import PromptSet
from aaa.text import fence, find_leak, neutralise
from aaa.types import Call, Instruction, content_hash, user

SHOWN = 200
"""Characters at most of what a reader says that are kept with the text; its whole reply is in the journal."""
READERS = 2
"""Jurors who are asked about one text at most (ours)."""
FORM: Final = choice_form({"alone": True, "refers": False}, structured=False)


@dataclass(frozen=True, slots=True)
class Alone:
    """A text after the check."""

    text: str
    calls: tuple[Call, ...]
    """Whose last wrote it."""
    leak: str | None
    """What in it speaks of things unseen, in its own words or in its reader's; None where it stands alone."""

    @property
    def stands(self) -> bool:
        """Whether it stands alone."""
        return self.leak is None


@dataclass(frozen=True)
class AloneCheck:
    """How texts are checked: by known phrases, and where these find nothing by one of `jurors`, if there are any.

    A juror of another family than the author's reads, if there is one, else another model than the author. What was
    written in the place of a text is read by a second one: no text is lost by the error of one reader alone. Where two
    replies of the one cannot be read, the other reads in its place.
    """

    instruction: Instruction
    prompts: PromptSet
    seed: int
    jurors: Sequence[Agent] = ()

    async def passed(self, text: str, author: Agent, call: Call, *, step: str) -> Alone:
        """The author's text, which `call` brought, or one that it wrote in its place, with what was found in that.

        `step` is that of the call. Raises `ParseError` where the replies of neither reader can be read, `CallError` or
        `StopError`.
        """
        readers = self._readers(author, step)
        if await self.leak(text, readers, step=step) is None:
            return Alone(text, (call,), None)
        step = f"{step}/alone"
        again = await author.ask([user(self._render("rewrite_alone", text, step))], step=step)
        text = reply_of(again).text.strip()
        return Alone(text, (call, again), await self.leak(text, readers[::-1], step=step))

    async def leak(self, text: str, readers: Sequence[Agent], *, step: str) -> str | None:
        """What known phrases find in a text, or else the first of `readers` whose reply can be read; see `passed`."""
        known = find_leak(text, "\n".join(message.text for message in self.instruction.prompt))
        if known is not None:
            return known
        if not readers:
            return None
        request = self._render("stands_alone", text, step)
        for number, reader in enumerate(readers, 1):
            at = f"{step}/read" if number == 1 else f"{step}/read-{number}"
            try:
                reading = await ask_until_read(
                    reader, request, FORM.read, self.prompts, wanted=FORM.wanted, step=at, in_persona=False
                )
            except ParseError as error:
                unread = error
            else:
                return None if reading.value else f"{reader.name}: {_short(reading.words)}"
        raise unread

    def _readers(self, author: Agent, step: str) -> list[Agent]:
        """Two of the jurors, or as many as there are, drawn by seed."""
        others = [juror for juror in self.jurors if juror.name != author.name]
        strangers = [juror for juror in others if juror.model.family != author.model.family]
        place = author.place.episode
        fitting = strangers or others or self.jurors
        return sorted(fitting, key=lambda juror: content_hash([self.seed, "reader", place, step, juror.name]))[:READERS]

    def _render(self, name: str, text: str, step: str) -> str:
        mark = fence(self.seed, "alone", self.instruction.id, step)
        messages = shown_messages(self.instruction.prompt, mark)
        return self.prompts.render(name, messages=messages, answer=neutralise(text, mark), fence=mark).text


def _short(words: str) -> str:
    """What a reader says before its verdict, on one line."""
    return shorten(words.rpartition("[[")[0], SHOWN, placeholder=" ...")
