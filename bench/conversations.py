"""CPU of a message beyond the calls: planned chats, and teams beside bare AutoGen: python bench/conversations.py

Models are canned: each call returns a finished reply at once, so what is left is the work around the calls: prompts,
fences, agents, conditions, the answer with its measures. The team has three members and a moderator; the bare team is
AutoGen's own SelectorGroupChat of three AssistantAgents, whose selector model names the same speakers. Rounds of all
kinds alternate in one process, whose garbage collector is set as the command line sets it; the figure is the least
process time of all rounds, since other work on the machine can only add to it. `--write` puts the table into
docs/co-teaching.md.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from operator import truediv
from pathlib import Path
from statistics import median
from types import MappingProxyType
from typing import Any

from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.conditions import MaxMessageTermination
from autogen_agentchat.teams import SelectorGroupChat
from autogen_core.models import ChatCompletionClient, CreateResult, ModelFamily, ModelInfo, RequestUsage

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from aaa.agents import Agent  # noqa: E402 - the checkout comes first
from aaa.cli.collector import take_up  # noqa: E402
from aaa.errors import BudgetError  # noqa: E402
from aaa.judge import AloneCheck  # noqa: E402
from aaa.llm import Ask, resolve_params  # noqa: E402
from aaa.prompts import PromptSet  # noqa: E402
from aaa.teach import HABITS, chat, hold_conversation, work_as_team  # noqa: E402
from aaa.types import AgentCard, Call, Instruction, Model, Place, Reply, user  # noqa: E402

DOC = ROOT / "docs" / "co-teaching.md"
BEGIN, END = "<!-- begin: bench/conversations.py -->", "<!-- end: bench/conversations.py -->"
MESSAGES = 8
WORDS = "The next step follows from the one before: take the sum, divide it by the number of days, and round. " * 5
PERSONA = "You are one of a team. You take one step at a time and show your work. " * 4
PARTS = ("solver", "checker", "reader")
PROMPTS = PromptSet.load()
PLACE = Place.of("bench", "stage", "instruction")
TASK = Instruction(
    id="instruction",
    session="bench",
    source_id="seed",
    messages=(user("A shop sells 48 pears in 6 days. How many does it sell in 9 days at that rate? Explain."),),
    reference="72",
)
Work = Callable[[], Awaitable[object]]


class Canned:
    """Answers every call at once; a moderator names the parts in turn."""

    def __init__(self, *, answers: bool = True) -> None:
        self.chosen, self.answers = 0, answers
        self.said = Call(id="said", model="m", request={}, reply=Reply(text=WORDS, answered_by="m"))
        self.choices = [
            Call(id=part, model="m", request={}, reply=Reply(text=f"It goes on.\n[[{part}]]", answered_by="m"))
            for part in PARTS
        ]

    async def ask(self, ask: Ask) -> Call:
        if ask.use.step == "team/answer" and not self.answers:
            raise BudgetError("enough")
        if ask.use.role != "moderator":
            return self.said
        self.chosen += 1
        return self.choices[(self.chosen - 1) % len(PARTS)]


class CannedClient(ChatCompletionClient):
    """The same as a model client of AutoGen's."""

    def __init__(self, *words: str) -> None:
        self._words, self._asked = words, 0

    async def create(self, messages: Any, **_: Any) -> CreateResult:
        words = self._words[self._asked % len(self._words)]
        self._asked += 1
        return CreateResult(finish_reason="stop", content=words, usage=RequestUsage(0, 0), cached=False)

    def create_stream(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError

    async def close(self) -> None: ...

    def actual_usage(self) -> RequestUsage:
        return RequestUsage(0, 0)

    total_usage = actual_usage

    def count_tokens(self, *_: Any, **__: Any) -> int:
        return 0

    remaining_tokens = count_tokens

    @property
    def capabilities(self) -> ModelInfo:
        return self.model_info

    @property
    def model_info(self) -> ModelInfo:
        return ModelInfo(
            vision=False,
            function_calling=False,
            json_output=False,
            structured_output=False,
            family=ModelFamily.UNKNOWN,
        )


@cache
def cast(name: str, role: str) -> tuple[Model, AgentCard]:
    """Which a session makes once, and all its episodes use."""
    model = Model(name=name, model=f"openai/{name}", family=name, license="mit", price="free")
    return model, AgentCard(name=role, role="student", persona=PERSONA)


def agent(name: str, role: str, asker: Canned) -> Agent:
    model, card = cast(name, role)
    return Agent(model, card, resolve_params(model, card), asker, PLACE, role)


async def planned_chat() -> None:
    asker = Canned()
    await chat(TASK, agent("s", "student", asker), agent("t", "teacher", asker), PROMPTS, turns=MESSAGES, seed=1)


async def conversation() -> None:
    asker = Canned()
    person, helper = agent("p", "person", asker), agent("h", "member", asker)
    await hold_conversation(TASK, person, helper, PROMPTS, turns=MESSAGES, habit=HABITS[0], seed=1)


async def team() -> None:
    """The conversation alone: its last question, for the answer, stops it."""
    with contextlib.suppress(BudgetError):
        await team_and_answer(Canned(answers=False))


async def team_and_answer(asker: Canned | None = None) -> None:
    asker = asker or Canned()
    members = {part: agent(part, "member", asker) for part in PARTS}
    check = AloneCheck(TASK, PROMPTS, 1)
    moderator = agent("m", "moderator", asker)
    made = await work_as_team(TASK, members, moderator, PROMPTS, turns=MESSAGES, seed=1, check=check)
    assert len(made.discussion) == MESSAGES


async def bare_team() -> None:
    members = [
        AssistantAgent(part, CannedClient(WORDS), system_message=PERSONA, description=f"{part} of the team")
        for part in PARTS
    ]
    bare = SelectorGroupChat(
        list(members),
        model_client=CannedClient(*PARTS),
        termination_condition=MaxMessageTermination(MESSAGES + 1),  # the task is a message too
    )
    result = await bare.run(task=TASK.text)
    assert len(result.messages) == MESSAGES + 1


BARE, TEAM = "a bare team of AutoGen's", "team"
KINDS: Mapping[str, Work] = MappingProxyType(
    {
        "chat": planned_chat,
        "converse": conversation,
        TEAM: team,
        "team, with its answer and the check that it stands alone": team_and_answer,
        BARE: bare_team,
    }
)


async def cpu(work: Work, times: int, at_once: int) -> float:
    """Milliseconds of process time for a message."""
    left = iter(range(times))

    async def worker() -> None:
        for _ in left:
            await work()

    begun = time.process_time()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    return (time.process_time() - begun) * 1000 / times / MESSAGES


async def measured(rounds: int, times: int, at_once: int) -> dict[str, list[float]]:
    for work in KINDS.values():
        await cpu(work, 5, 1)
    found: dict[str, list[float]] = {name: [] for name in KINDS}
    for _ in range(rounds):
        for name, work in KINDS.items():
            found[name].append(await cpu(work, times, at_once))
    return found


def table(found: dict[int, dict[str, list[float]]]) -> str:
    heads = " | ".join(f"{at_once} at once" for at_once in found)
    lines = [f"| CPU of a message, ms | {heads} |", "|---|" + "---|" * len(found)]
    for name in KINDS:
        lines.append(f"| {name} | " + " | ".join(f"{min(one[name]):.2f}" for one in found.values()) + " |")
    shares = [median(map(truediv, one[TEAM], one[BARE])) for one in found.values()]
    lines.append("| team over bare team, median of rounds | " + " | ".join(f"{share:.2f}" for share in shares) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--times", type=int, default=16, help="conversations in a round")
    parser.add_argument("--write", action="store_true", help="put the table into docs/co-teaching.md")
    options = parser.parse_args()
    take_up()
    found = {at_once: asyncio.run(measured(options.rounds, options.times, at_once)) for at_once in (1, 16)}
    made = table(found)
    print(made)
    if options.write:
        before, _, rest = DOC.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        DOC.write_text(f"{before}{BEGIN}\n\n{made}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
