"""What the tests of simulated models share: seeds, models, and questions asked through the real method prompts."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from aaa.prompts import PromptSet
from aaa.scenario.rows import PromptRow, to_instruction
from aaa.sim import resolve, respond
from aaa.sim.leaking import LEAKS
from aaa.types import Instruction, Message, Model, Params, SimProfile, user

SEEDS = Path(__file__).resolve().parents[2] / "data" / "seeds"
PARAMS = Params(max_tokens=1024)
PROMPTS = PromptSet.load({})


@cache
def seeds() -> tuple[Instruction, ...]:
    lines = [line for file in sorted(SEEDS.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    return tuple(to_instruction(PromptRow.model_validate_json(line), "seeds") for line in lines)


def checkable() -> list[Instruction]:
    return [item for item in seeds() if item.verifier is not None]


def open_ended() -> list[Instruction]:
    return [item for item in seeds() if item.verifier is None]


def item(text: str, **fields: Any) -> Instruction:
    return to_instruction(PromptRow.model_validate({"instruction": text, **fields}), "tests")


def model(family: str = "oak", **profile: Any) -> Model:
    """A resolved model of one's own."""
    declared = SimProfile.model_validate(profile)
    return resolve(Model(name=f"{family}-model", model="sim/own", family=family, sim=declared))


def answer(who: Model, instruction: Instruction, *, draw: int = 0, params: Params = PARAMS) -> str:
    return respond(who, instruction.prompt, params, draw=draw).text


def prompt(name: str, instruction: Instruction, *, fence: str = "0f1e2d3c4b5a", **values: Any) -> list[Message]:
    shown = {"structured": False, **values}
    return [user(PROMPTS.render(name, messages=instruction.messages, fence=fence, **shown).text)]


def judged(who: Model, instruction: Instruction, first: str, second: str, **options: Any) -> str:
    """What a juror writes about two answers."""
    asked = prompt("judge_pairwise", instruction, first=first, second=second, reference=options.pop("reference", None))
    return respond(who, asked, PARAMS, **options).text


def verdict(words: str) -> str | None:
    """`1`, `2` or `tie`, as the last line says."""
    last = words.strip().splitlines()[-1]
    return last[2:-2] if last in ("[[1]]", "[[2]]", "[[tie]]") else None


def holds_leak(text: str) -> bool:
    """Whether a text bears the mark of a simulated leak."""
    return any(phrase in text for known in LEAKS.values() for phrase in known)


def graded(who: Model, instruction: Instruction, text: str, *, low: int = 1, high: int = 10) -> int | None:
    asked = prompt("judge_score", instruction, answer=text, low=low, high=high, reference=None)
    last = respond(who, asked, PARAMS).text.strip().splitlines()[-1]
    return int(last[2:-2]) if last.startswith("[[") else None
