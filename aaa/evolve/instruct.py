"""Evol-Instruct (arXiv 2304.12244) for one instruction and one round: rewritten, and kept only if nothing is wrong.

The released code drops elimination and counts errors as success. Here cheap gates come first, then a model's check of
what they let pass, then, where asked for, the answer that the new instruction gets. What fails is tried again with the
fault in the request; when the tries are used up, the parent stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aaa.agents import Agent, failure_row, reply_of
from aaa.errors import WorkError
from aaa.evolve.by_operation import rewrite_by
from aaa.evolve.gates import answer_fault, elimination
from aaa.evolve.operations import Operation
from aaa.judge import ask_in_form, choice_form
from aaa.prompts import PromptSet
from aaa.text import fence, neutralise, words
from aaa.types import (
    Call,
    Evolution,
    EvolutionOutcome,
    Instruction,
    Lineage,
    Message,
    SessionRecord,
    TextPart,
    content_hash,
    user,
)

TOLD: Final[dict[str, str]] = {
    "empty": "it said nothing",
    "refusing": "it declined",
    "copied_scaffolding": "it repeated words of this request",
    "meta_chatter": "it held remarks beside the instruction",
    "answered": "it gave an answer",
    "language_changed": "it was in another language",
    "lost_code": "code was missing or altered",
    "lost_table": "a table was missing or altered",
    "lost_input": "given input was missing or altered",
    "length": "it was far too long or too short",
    "near_duplicate": "it was almost the same as an instruction that exists already",
    "no_information_gain": "it asked for the same in other words",
    "refused_answer": "nobody would answer it",
    "empty_answer": "there was nothing to answer in it",
}
"""What is said of a fault when the evolver is asked again."""
SAMENESS: Final = {"equal": True, "different": False}


@dataclass(frozen=True)
class Evolved:
    """What a round made: the new instruction, or None where the parent stands, and a row for each attempt."""

    child: Instruction | None
    rows: tuple[SessionRecord, ...]


async def evolve(
    instruction: Instruction,
    operation: Operation,
    evolver: Agent,
    prompts: PromptSet,
    *,
    round: int,  # noqa: A002 - the field of the lineage has this name
    seed: int,
    siblings: Sequence[str] = (),
    earlier: int = 0,
    tries: int = 2,
    checkers: Sequence[Agent] = (),
    responder: Agent | None = None,
) -> Evolved:
    """Rewrite an instruction once, with at most `tries` attempts.

    `siblings`: texts of other versions, none of which the new one may repeat. `earlier`: attempts that were made of
    this instruction in rounds before, each of which was another draw. `checkers`, an odd number of readings, say
    whether there is any gain; `responder` answers, and what it declines or says nothing to is dropped. A call that
    fails ends the round with a `Failure`. Raises `StopError`.
    """
    attempts = _Round(instruction, operation, evolver, prompts, round, seed, siblings, earlier, checkers, responder)
    rows: list[SessionRecord] = []
    fault: str | None = None
    for attempt in range(1, tries + 1):
        step = attempts.step(attempt)
        try:
            row, child = await attempts.attempt(attempt, fault)
        except WorkError as error:
            rows.append(failure_row(error, evolver.place, step=step, role=evolver.role, model=evolver.name))
            return Evolved(None, tuple(rows))
        rows.append(row)
        if child is not None:
            return Evolved(child, tuple(rows))
        fault = TOLD[row.outcome]
    return Evolved(None, tuple(rows))


@dataclass(frozen=True)
class _Round:
    """One round of one instruction."""

    parent: Instruction
    operation: Operation
    evolver: Agent
    prompts: PromptSet
    number: int
    seed: int
    siblings: Sequence[str]
    earlier: int
    checkers: Sequence[Agent]
    responder: Agent | None

    def step(self, attempt: int) -> str:
        return f"{self.parent.id}/{self.operation.name}/{self.number}/{attempt}"

    async def attempt(self, number: int, fault: str | None) -> tuple[Evolution, Instruction | None]:
        step = self.step(number)
        reading = await rewrite_by(
            self.operation,
            self.parent,
            self.evolver,
            self.prompts,
            seed=self.seed,
            step=step,
            fault=fault,
            draw=self.earlier + number - 1,
        )
        outcome, checks = await self._outcome(reading.value, step)
        child = self._child(reading.value, reading.call) if outcome == "kept" else None
        row = self._row(number, reading.value, reading.call, outcome, child)
        return row.model_copy(update={"checks": checks}), child

    async def _outcome(self, text: str, step: str) -> tuple[EvolutionOutcome, tuple[bool, ...]]:
        """The first reason against the text (gates, then the check, then the answer), and what each check found."""
        if fence(self.seed, "evolve", self.parent.id, self.operation.text(self.prompts)) in text:
            return "copied_scaffolding", ()
        if (
            reason := elimination(self.parent.text, text, self.siblings, self.operation, self.parent.language)
        ) is not None:
            return reason, ()
        checks = await same(self.parent.text, text, self.checkers, self.prompts, seed=self.seed, step=f"{step}/check")
        if 2 * sum(checks) > len(self.checkers):
            return "no_information_gain", checks
        if self.responder is not None:
            asked = with_last_turn(self.parent, text).prompt
            call = await self.responder.ask(asked, step=f"{step}/answer")
            if (reason := answer_fault(reply_of(call).text)) is not None:
                return reason, checks
        return "kept", checks

    def _child(self, text: str, call: Call) -> Instruction:
        """The new instruction. It asks for something else, so the parent's reference and verifier do not hold."""
        parent, place = self.parent, self.evolver.place
        lineage = Lineage(
            parent=parent.id,
            operation=self.operation.name,
            round=self.number,
            model=self.evolver.name,
            prompt=self.operation.hash(self.prompts),
        )
        changed = {
            "id": place.row("instruction", parent.id, self.operation.name, self.number),
            "source_id": f"{parent.source_id}/{self.operation.name}-{self.number}",
            "episode": place.episode,
            "reference": None,
            "verifier": None,
            "answers": (),
            "difficulty": None,
            "lineage": lineage,
            "producers": tuple(dict.fromkeys((*parent.producers, *self.evolver.producers(call)))),
        }
        return with_last_turn(parent, text).model_copy(update=changed)

    def _row(
        self, number: int, text: str, call: Call, outcome: EvolutionOutcome, child: Instruction | None
    ) -> Evolution:
        place = self.evolver.place
        return Evolution(
            id=place.row("evolution", self.parent.id, self.operation.name, self.number, number),
            session=place.session,
            episode=place.episode,
            instruction=place.instruction,
            parent=self.parent.id,
            child=None if child is None else child.id,
            operation=self.operation.name,
            direction=self.operation.direction,
            round=self.number,
            attempt=number,
            evolver=self.evolver.name,
            text=text,
            words=len(words(text)),
            outcome=outcome,
            prompt=self.operation.hash(self.prompts),
            call=call.id,
        )


async def same(
    before: str, after: str, checkers: Sequence[Agent], prompts: PromptSet, *, seed: int, step: str
) -> tuple[bool, ...]:
    """What each checker says: whether two instructions are equal in what they ask (arXiv 2304.12244).

    They are asked one after the other, until those that follow could not change what most of them say. Each sees the
    two in the other order than the one before; which is first for the first is drawn by hash. Asking more than once,
    in both orders, is ours. Raises `ParseError`, `CallError` or `StopError`.
    """
    mark = fence(seed, "evolve_check", before, after)
    shown = [neutralise(before, mark), neutralise(after, mark)]
    if int(content_hash(["seats", seed, before, after]), 16) % 2 == 1:
        shown.reverse()
    form = choice_form(SAMENESS, structured=False)
    said: list[bool] = []
    for number, checker in enumerate(checkers):
        prompt = prompts.render("evolve_check", before=shown[0], after=shown[1], fence=mark)
        draw = sum(other.name == checker.name for other in checkers[number % 2 : number : 2])
        reading = await ask_in_form(checker, prompt, form, prompts, step=f"{step}/{number + 1}", draw=draw)
        said.append(reading.value)
        if 2 * max(said.count(True), said.count(False)) > len(checkers):
            break
        shown.reverse()
    return tuple(said)


def with_last_turn(instruction: Instruction, text: str) -> Instruction:
    """The instruction with other words in the last turn of the user; images in it stay."""
    at = max(at for at, message in enumerate(instruction.messages) if message.role == "user")
    old = instruction.messages[at]
    new = user(text)
    if not isinstance(old.content, str):
        images = tuple(part for part in old.content if not isinstance(part, TextPart))
        new = Message(role="user", content=(TextPart(text=text), *images))
    messages = (*instruction.messages[:at], new, *instruction.messages[at + 1 :])
    return instruction.model_copy(update={"messages": messages})
