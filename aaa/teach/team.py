"""Models with different parts work on a task together, and a moderator decides who speaks next (ours, on AutoGen)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from aaa.agents import (
    OFF,
    Agent,
    Said,
    Stop,
    Transcript,
    ask_until_read,
    confer,
    reply_of,
    shown_messages,
    spoken,
    written,
)
from aaa.judge import Alone, AloneCheck
from aaa.prompts import PromptSet
from aaa.text import fence, neutralise
from aaa.types import Answer, Call, Instruction, Lineage, Producer, Sandbox, TeamTurn, user

DONE = "[[DONE]]"  # named in team_member.jinja
_NAMED = re.compile(r"\[\[\s*([^\[\]\n]+?)\s*\]\]")


async def work_as_team(
    instruction: Instruction,
    members: Mapping[str, Agent],
    moderator: Agent,
    prompts: PromptSet,
    *,
    turns: int,
    seed: int,
    check: AloneCheck,
    sandbox: Sandbox = OFF,
) -> Answer:
    """What a team answers after at most `turns` messages: its last speaker writes the answer, without a persona.

    `members` are two or more agents by their part. Each sees the task, the parts, and what was said; nobody sees the
    persona of another. The conversation stands in `discussion`. An answer that does not pass `check` is written once
    more. Raises `ParseError` where the moderator named nobody or a reader gave no verdict, `CallError` or `StopError`.
    """
    table = _Table(instruction, members, moderator, prompts, fence(seed, "team", instruction.id))
    speakers = {name: partial(table.speak, name) for name in members}
    transcript = await confer(speakers, table.choose, moderator, Stop(turns=turns, done=DONE))
    writer, alone = await table.conclude(transcript, check)
    return await written(
        instruction,
        writer,
        (spoken(reply_of(alone.calls[-1])),),
        row=writer.place.row("answer", *(agent.name for agent in members.values()), "team"),
        calls=(*(turn.call for turn in transcript.turns), *alone.calls),
        sandbox=sandbox,
        context="revised",
        lineage=Lineage(operation="team", model=writer.name, prompt=prompts.hash_of("team_answer")),
        producers=writer.producers(*alone.calls),
        influences=table.heard(transcript, writer),
        stop_reason=transcript.stop_reason,
        stands_alone=alone.stands,
        leak=alone.leak,
        discussion=table.discussion(transcript),
    )


@dataclass
class _Table:
    """What one team shares."""

    instruction: Instruction
    members: Mapping[str, Agent]
    moderator: Agent
    prompts: PromptSet
    mark: str
    shown: list[dict[str, str]] = field(default_factory=list)
    """What was said so far, as prompts show it."""
    asked: Counter[str] = field(default_factory=Counter)
    """Questions so far, by whom they went to."""

    async def choose(self, said: Said) -> str:
        """Who speaks next: not who spoke last, and of two the other."""
        possible = [name for name in self.members if not said or name != said[-1][0]]
        if len(possible) == 1:
            return possible[0]
        self.asked["choose"] += 1
        parts = {name: agent.card.description if agent.card else "" for name, agent in self.members.items()}
        request = self._render("team_select", said, members=parts, possible=possible)
        wanted = f"Name one of {', '.join(possible)} in double brackets."

        def read(words: str) -> str | None:
            named = [name for name in _NAMED.findall(words) if name in possible]
            return named[-1] if named else None

        step = f"team/choose/{self.asked['choose']}"
        return (await ask_until_read(self.moderator, request, read, self.prompts, wanted=wanted, step=step)).value

    async def speak(self, name: str, said: Said) -> Call:
        """The next message of a member."""
        self.asked[f"member/{name}"] += 1
        request = self._render("team_member", said, members=list(self.members), you=name)
        step = f"team/member/{name}/{self.asked[f'member/{name}']}"
        return await self.members[name].reply([user(request)], step=step)

    async def conclude(self, transcript: Transcript, check: AloneCheck) -> tuple[Agent, Alone]:
        """The last speaker and its answer; written once more if it would not stand alone."""
        writer = self.members[transcript.turns[-1].speaker]
        said = [(turn.speaker, turn.text) for turn in transcript.turns]
        call = await writer.ask([user(self._render("team_answer", said))], step=(step := "team/answer"))
        return writer, await check.passed(reply_of(call).text, writer, call, step=step)

    def heard(self, transcript: Transcript, writer: Agent) -> tuple[Producer, ...]:
        """The other models whose words the writer has heard."""
        turns = ((self.members[turn.speaker], turn.call) for turn in transcript.turns)
        return tuple(one for agent, call in turns if agent.name != writer.name for one in agent.producers(call))

    def discussion(self, transcript: Transcript) -> tuple[TeamTurn, ...]:
        """What was said, each message under the model that really spoke."""
        return tuple(
            TeamTurn(part=turn.speaker, model=self.members[turn.speaker].answering(turn.call).name, text=words)
            for turn in transcript.turns
            if (words := _words(turn.text))
        )

    def _render(self, prompt: str, said: Said, **values: object) -> str:
        for name, text in said[len(self.shown) :]:  # the conversation grows, and is the same for all
            self.shown.append({"speaker": name, "text": neutralise(_words(text), self.mark)})
        return self.prompts.render(
            prompt,
            messages=shown_messages(self.instruction.prompt, self.mark),
            said=[turn for turn in self.shown if turn["text"]],
            fence=self.mark,
            **values,
        ).text


def _words(text: str) -> str:
    return text.replace(DONE, "").strip()
