"""Evol-Instruct on simulated models, whose faults are known: python -m bench.evol [--write]

The simulated evolver fails in each known way at a declared rate, and its failures can be told from its text by whoever
knows its phrases; no gate does. So it is known here which rewritings were spoilt, and what elimination made of them.
Difficulty is as simulated raters see it, who read demands and sums. What comes out holds for these simulated models.

Given input is that of bench/evol_given.py. A share is followed by its exact lower bound at 95 % (Clopper-Pearson, one
side): below about 60 cases even a kind that was always caught does not prove 95 %.

`--write` puts the tables into docs/evol.md and the chart into docs/evol.svg. It takes about three minutes of one core.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from math import comb
from pathlib import Path
from statistics import mean
from typing import Any

from aaa.scenario import ModelsFile
from aaa.session.evolve_files import EvolvedFile, EvolveOptions, evolve_file
from aaa.sim import demands, evolving
from aaa.store import Store
from aaa.types import InstructionRating
from bench.evol_given import given_prompts

ROOT = Path(__file__).resolve().parent.parent
DOC, CHART = ROOT / "docs" / "evol.md", ROOT / "docs" / "evol.svg"
BEGIN, END = "<!-- begin: bench/evol.py -->", "<!-- end: bench/evol.py -->"
SEEDS = ("numbers", "open", "reasoning", "text", "measures")
ROUNDS, RATE = 3, 0.05
FAULTS = ("answers", "chatter", "copies", "translates", "repeats", "pads", "refuses", "empties", "rewords",
          "loses_input")  # fmt: skip
RATES = dict.fromkeys(FAULTS, RATE) | {"loses_input": 0.25}
"""Input can be lost only where some is given."""
LOSSES = {"loses code": "```", "loses a table": "\n|", "loses a quotation": '"', "loses a list": ""}
"""Sorts of `loses_input`, and what tells them in the parent; the first that does."""
SHOWN = (*FAULTS[:-1], *LOSSES)
NO_STEP = "no step"
"""No declared fault, but exactly as hard as the parent, such as one sum for another: a check should drop it."""
MODELS = ("sim/eve", "sim/ned")
IN_DEPTH = dict.fromkeys(("constraint", "deepen", "concretise", "reason", "input"), 1.0)
UP, DOWN = {"direction": "up", "operations": IN_DEPTH}, {"direction": "down"}


@dataclass(frozen=True)
class Run:
    """A session of one direction."""

    found: EvolvedFile
    difficulty: dict[str, float]
    """Mean grade by id of the version."""

    def attempts(self) -> Iterator[tuple[str | None, str]]:
        """The fault of each rewriting, or None, and what became of it."""
        texts = {one.id: one.text for one in self.found.instructions}
        versions: dict[str, set[str]] = defaultdict(set)
        for one in sorted(self.found.attempts, key=lambda one: (one.round, one.attempt)):
            again = one.text in versions[one.instruction]
            yield "repeats" if again else fault_of(texts[one.parent], one.text), one.outcome
            if one.child is not None:
                versions[one.instruction].add(one.text)

    def by_round(self) -> list[float]:
        """Mean difficulty of the version that stands after each round, round 0 first; unrated lineages count not."""
        versions: dict[str, dict[int, str]] = defaultdict(dict)
        for one in self.found.attempts:
            if one.child in self.difficulty:
                versions[one.instruction][one.round] = str(one.child)
        means = []
        for number in range(ROUNDS + 1):
            stands = [made[max(earlier)] if (earlier := [n for n in made if n <= number]) else seed
                      for seed, made in versions.items()]  # fmt: skip
            means.append(mean(self.difficulty[id_] for id_ in stands))
        return means


def fault_of(parent: str, text: str) -> str | None:
    """What is wrong with a rewriting, by the phrases of the simulated evolver."""
    signs = {
        "answers": text.startswith("Answer: it depends"),
        "chatter": text.startswith("Sure, here is the instruction you asked for:"),
        "copies": text.startswith("#Rewritten Prompt#"),
        "translates": text == demands.FOREIGN,
        "repeats": text == parent,
        "pads": demands.PADDING.strip() in text,
        "refuses": text.startswith("I'm sorry, but I can't"),
        "empties": text == "...",
        "rewords": text.endswith(demands.COURTESY),
    }
    found = next((name for name, shown in signs.items() if shown), None)
    if (
        found is None
        and text == f"{demands.DEMANDS['en'][0]} {evolving._PIECE.sub('it', parent)}"
        and parent not in text
    ):
        return next(sort for sort, mark in LOSSES.items() if mark in parent)
    if found is None and evolving.hardness(parent) == evolving.hardness(text):
        return NO_STEP
    return found


def models(names: Sequence[str], **profile: Any) -> ModelsFile:
    declared = {name.removeprefix("sim/"): {"model": name, "family": name, "sim": profile} for name in names}
    return ModelsFile.model_validate({"models": declared})


def prompts(number: int) -> Iterator[str]:
    """As many of each file and each kind of given input, in English."""
    for name in SEEDS:
        lines = (ROOT / "data" / "seeds" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        yield from lines[:number]
    yield from map(json.dumps, given_prompts(2 * number))


async def run(stage: dict[str, Any], number: int, accuracy: float = 0.9, **rates: float) -> Run:
    with tempfile.TemporaryDirectory(prefix="aaa-bench-") as name:
        folder = Path(name)
        (folder / "seeds.jsonl").write_text("".join(f"{line}\n" for line in prompts(number)), encoding="utf-8")
        options = EvolveOptions(
            folder / "aaa.db",
            models(MODELS, evolve=RATES | rates, judge={"accuracy": accuracy}),
            models(["sim/ray"]),
            {"rounds": ROUNDS, **stage},
        )
        found = await evolve_file(folder / "seeds.jsonl", options)
        grades: dict[str, list[float]] = defaultdict(list)
        with Store.open(folder / "aaa.db") as store:
            for row in store.rows(InstructionRating, session=found.run.session):
                grades[row.rated].append(row.difficulty)
    return Run(found, {id_: mean(given) for id_, given in grades.items()})


def fault_table(runs: Sequence[Run]) -> Iterator[str]:
    made = [one for each in runs for one in each.attempts()]
    yield "| fault | rewritings | dropped by programs | dropped by the check | kept | right | at least |"
    yield "|---|---|---|---|---|---|---|"
    for fault in (*SHOWN, NO_STEP, None):
        outcomes = Counter(outcome for name, outcome in made if name == fault)
        total, kept, check = outcomes.total(), outcomes["kept"], outcomes["no_information_gain"]
        right = total - kept if fault else kept
        label = f"`{fault}`" if fault in FAULTS else fault or "none: good ones"
        shares = f"{right / max(1, total):.1%} | {at_least(right, total):.1%}"
        yield f"| {label} | {total} | {total - kept - check} | {check} | {kept} | {shares} |"


def at_least(right: int, total: int) -> float:
    """Lower bound of a share at 95 % (Clopper and Pearson 1934, one side)."""
    low, high = 0.0, 1.0
    while high - low > 1e-4:
        share = (low + high) / 2
        chance = sum(comb(total, n) * share**n * (1 - share) ** (total - n) for n in range(right, total + 1))
        low, high = (low, share) if chance > 0.05 else (share, high)
    return low


async def check_table(number: int) -> AsyncIterator[str]:
    """What the check does to those that programs let pass, by how often it errs and how often it is asked."""
    yield "| a reading errs on | `checks` | good ones kept | no gain caught | readings each |"
    yield "|---|---|---|---|---|"
    for accuracy in (0.95, 0.9, 0.8):
        for checks in (1, 3, 5):
            found = await run({**UP, "checks": checks, "tries": 1}, number, accuracy, rewords=0.3)
            texts = {one.id: one.text for one in found.found.instructions}
            asked = [(fault_of(texts[one.parent], one.text), one) for one in found.found.attempts if one.checks]
            good = [one.outcome == "kept" for fault, one in asked if fault is None]
            bad = [one.outcome != "kept" for fault, one in asked if fault is not None]
            each = mean(len(one.checks) for _, one in asked)
            shares = " | ".join(f"{mean(right):.1%} of {len(right)}" for right in (good, bad))
            yield f"| {1 - accuracy:.0%} | {checks} | {shares} | {each:.2f} |"


def good_lines(runs: Sequence[Run]) -> Iterator[str]:
    lost = Counter(
        outcome for each in runs for fault, outcome in each.attempts() if fault is None and outcome != "kept"
    )
    yield "Good ones were dropped as: " + (", ".join(f"`{name}` {n}" for name, n in lost.most_common()) or "none") + "."


def difficulty_table(series: dict[str, list[float]]) -> Iterator[str]:
    yield "| direction | " + " | ".join(f"round {n}" if n else "seeds" for n in range(ROUNDS + 1)) + " |"
    yield "|---" * (ROUNDS + 2) + "|"
    for name, means in series.items():
        yield f"| {name} | " + " | ".join(f"{value:.2f}" for value in means) + " |"


def chart(series: dict[str, list[float]]) -> str:
    """Mean difficulty by round as SVG: rounds to the right, grades 1 to 10 upwards."""
    left, bottom, wide, high = 50, 250, 400, 220

    def at(number: int, grade: float) -> tuple[float, float]:
        return left + wide * number / ROUNDS, bottom - high * (grade - 1) / 9

    parts = [f'<rect width="560" height="290" fill="white"/><path d="M{left} 30V{bottom}H{left + wide}" '
             'fill="none" stroke="#555"/>']  # fmt: skip
    for grade in range(1, 11, 3):
        parts.append(f'<text x="{left - 8}" y="{at(0, grade)[1] + 4:.0f}" text-anchor="end">{grade}</text>')
    for number in range(ROUNDS + 1):
        word = f"round {number}" if number else "seeds"
        parts.append(f'<text x="{at(number, 1)[0]:.0f}" y="{bottom + 20}" text-anchor="middle">{word}</text>')
    for (name, means), colour in zip(series.items(), ("#b3402a", "#2a6fb3"), strict=True):
        points = " ".join("{:.1f},{:.1f}".format(*at(number, value)) for number, value in enumerate(means))
        x, y = at(ROUNDS, means[-1])
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        parts.append(f'<text x="{x + 8:.0f}" y="{y + 4:.0f}" fill="{colour}">{name} {means[-1]:.1f}</text>')
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 290" font-family="sans-serif" font-size="13">'
    return "\n".join([head, "<title>Mean rated difficulty by round</title>", *parts, "</svg>", ""])


async def measured(number: int) -> tuple[str, str]:
    up, down = await run(UP, number), await run(DOWN, number)
    series = {"up": up.by_round(), "down": down.by_round()}
    checks = [line async for line in check_table(number // 2)]
    parts = (fault_table([up, down]), good_lines([up, down]), checks, difficulty_table(series))
    return "\n\n".join("\n".join(part) for part in parts), chart(series)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the tables and the chart into docs/")
    parser.add_argument("--prompts", type=int, default=40, help="instructions of each source and kind")
    options = parser.parse_args()
    found, picture = asyncio.run(measured(options.prompts))
    print(found)
    if options.write:
        text = DOC.read_text(encoding="utf-8")
        before, rest = text.split(BEGIN)
        DOC.write_text(f"{before}{BEGIN}\n\n{found}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")
        CHART.write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
