"""A simulated person with a goal talks to an assistant, turn by turn; and conversations whose assistant is replaced.

Ours, on what is known of simulated users: goals that are revealed step by step (tau-bench, arXiv 2406.12045), short
first turns and requests that depend on what was said (Parrot, arXiv 2310.07301).
"""

from __future__ import annotations

from collections.abc import Sequence

from aaa.agents import OFF, Agent, Stop, Turn, converse, reply_of, shown_messages, spoken, written
from aaa.errors import ParseError
from aaa.graphs import conversation_graph, speaking_order
from aaa.prompts import PromptSet
from aaa.teach.quality import quality_of
from aaa.text import fence, neutralise
from aaa.types import Answer, Call, Instruction, Lineage, Message, Sandbox, assistant, system, user

PERSON, ASSISTANT = "person", "helper"
END = "[[END]]"  # named in converse_user.jinja
HABITS = (
    "Now and then ask for another version of what you got.",
    "Change your mind about one detail on the way.",
    "Refer to something that was said two or more messages before.",
    "Ask one question that makes sense only after the last answer.",
)
"""What people do in chats and models seldom do by themselves (ours); one is drawn for each conversation."""


async def hold_conversation(
    instruction: Instruction,
    person: Agent,
    helper: Agent,
    prompts: PromptSet,
    *,
    turns: int,
    habit: str,
    seed: int,
    sandbox: Sandbox = OFF,
) -> Answer:
    """A conversation of at most `turns` messages (2 or more), which the person opens and the assistant closes.

    The person knows the instruction as its goal, and the facts in `meta["facts"]`, a list of texts, which the assistant
    learns from it alone. The answer's prompt is the person's first message. Raises `ParseError` where somebody said
    nothing, `CallError` or `StopError`.
    """
    mark = fence(seed, "converse", instruction.id)
    brief = prompts.render(
        "converse_user",
        messages=shown_messages(instruction.messages, mark),
        facts=neutralise("\n".join(f"- {fact}" for fact in facts_of(instruction)), mark),
        habit=habit,
        fence=mark,
    )
    own = () if instruction.system is None else (system(instruction.system),)
    speakers = (
        person.speaker(PERSON, (user(brief.text),), step=f"converse/{helper.name}/person"),
        helper.speaker(ASSISTANT, own, step=f"converse/{helper.name}/helper", in_persona=False),
    )
    plan = conversation_graph([(PERSON, ASSISTANT), (ASSISTANT, PERSON)])
    limit = turns // 2 * 2
    order = speaking_order(plan, PERSON, limit=limit)
    transcript = await converse(order, speakers, Stop(turns=limit, done=END, by=PERSON))
    kept = _up_to_the_assistant(transcript.turns)
    if len(kept) < 2 or not all(_words(turn) for turn in kept):
        raise ParseError("somebody said nothing", raw="", call=transcript.turns[-1].call.id, model=person.name)
    opening, *rest = [(assistant if turn.speaker == ASSISTANT else user)(_words(turn)) for turn in kept]
    found = await written(
        instruction,
        helper,
        tuple(rest),
        row=helper.place.row("answer", person.name, helper.name, "conversation"),
        calls=tuple(turn.call for turn in kept),
        sandbox=sandbox,
        context="dialogue",
        lineage=Lineage(operation="converse", model=helper.name, prompt=brief.hash),
        producers=(
            *person.producers(*(turn.call for turn in kept if turn.speaker == PERSON)),
            *helper.producers(*(turn.call for turn in kept if turn.speaker == ASSISTANT)),
        ),
        stop_reason=transcript.stop_reason,
    )
    return found.model_copy(
        update={"prompt": (*own, opening), "transcript": quality_of((opening, *rest), instruction.language)}
    )


async def replay_conversation(instruction: Instruction, helper: Agent, *, sandbox: Sandbox = OFF) -> Answer:
    """The conversation of an instruction with each of its assistant's turns spoken anew by `helper`, in order; what the
    user said stays. Its last message, which is the user's, is answered too. Raises `CallError` or `StopError`.
    """
    said: list[Message] = []
    calls: list[Call] = []
    for message in instruction.prompt:
        if message.role == "assistant":
            continue
        said.append(message)
        if message.role in ("user", "tool"):
            step = f"replay/{helper.name}/{len(calls) + 1}"
            calls.append(await helper.ask(said, step=step, tools=instruction.tools))
            said.append(spoken(reply_of(calls[-1])))
    begin = next(at for at, message in enumerate(said) if message.role == "assistant")
    found = await written(
        instruction,
        helper,
        tuple(said[begin:]),
        row=helper.place.row("answer", helper.name, "replay"),
        calls=tuple(calls),
        sandbox=sandbox,
        context="dialogue",
        lineage=Lineage(operation="replay", model=helper.name),
        producers=helper.producers(*calls),
        stop_reason="replayed",
    )
    turns = [message for message in said if message.role != "system"]
    return found.model_copy(
        update={"prompt": tuple(said[:begin]), "transcript": quality_of(turns, instruction.language)}
    )


def facts_of(instruction: Instruction) -> list[str]:
    """The facts that only the person knows."""
    facts = instruction.meta.get("facts", [])
    return [str(fact) for fact in facts] if isinstance(facts, list) else [str(facts)]


def _up_to_the_assistant(turns: Sequence[Turn]) -> list[Turn]:
    """The turns without the person's at the end."""
    kept = list(turns)
    while kept and kept[-1].speaker == PERSON:
        kept.pop()
    return kept


def _words(turn: Turn) -> str:
    return turn.text.replace(END, "").strip()
