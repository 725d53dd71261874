"""Auto Evol-Instruct on simulated models, where the truth is known: python -m bench.auto_evol [--write] [--seeds 40]

A simulated evolver follows what a method demands at the rate of its heed, and errs far more often where the method
demands nothing. So a method has a true failure rate, which is measured here on fresh instructions that no step saw.
Methods with a planted flaw should be found out and cured; on a flawless method nothing should be accepted, although its
optimiser finds something to write. What comes out holds for these simulated models, not for any real one.

`--write` puts the tables into docs/evol.md. It takes about five minutes of one core.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import yaml

from aaa.evolve.auto import discordant, level_for_each, p_value, reply_fault, text_fault, under_mark
from aaa.prompts import PromptSet
from aaa.session.auto import Optimised, optimise_method
from aaa.session.work import WorkOptions
from aaa.sim import resolve, respond
from aaa.sim.methods import DEMANDS, demanded
from aaa.types import MethodFault, Model, Params, SimProfile, user

ROOT = Path(__file__).resolve().parent.parent
DOC = ROOT / "docs" / "evol.md"
BEGIN, END = "<!-- begin: bench/auto_evol.py -->", "<!-- end: bench/auto_evol.py -->"
PROMPTS = PromptSet.load()
GOOD = PROMPTS.render("evolve_method").text.strip()
SUBTLE = "does not protect the given input"
FLAWS = {
    "does not bound the length": GOOD.replace("Add 10 to 20 words.", ""),
    SUBTLE: GOOD.replace("Keep the given input", "Use the facts"),
    "has the instruction answered": GOOD.replace("Do not answer it.", "Then answer it."),
    "makes instructions easy, so that none fails": (
        "Keep it simple and easy, so that every model can answer. Give only the instruction. Do not answer it. "
        "Add 10 to 20 words. Keep the given input."
    ),
}
HEED = 0.9
SETTINGS = {"dev": 60, "minibatch": 12, "steps": 3, "candidates": 4, "level": 0.05}
LARGE_DEV = 240
"""For the flaw that half of the instructions show: in 60 cases its cure hardly stands out from luck."""
EAGER = {"minibatch": 30, "steps": 2}
"""For the flawless method: in 30 cases most faults occur twice, so that an optimiser has something to name."""
WORDS = ["apple", "pear", "plum", "fig", "lime", "kiwi", "peach", "melon", "grape", "cherry"]
FRESH = range(1000, 1400)
FLAWED_SEEDS = 8
RUNS = 4000
RATES = (0.05, 0.1, 0.2, 0.4)


def instruction(n: int) -> str:
    """Half of them hand over material, half don't."""
    if n % 2:
        return f"Sort these words, list {n}: {', '.join(WORDS[n % 5 : n % 5 + 4])} and nut {n}"
    return f"Give me {n} tips for saving money in week {n}."


def evolver(seed: int) -> Model:
    """The simulated model of a seed: all are of the same nature, and each has its own luck."""
    declared = Model(name="eve", model="sim/eve", family=f"eves-{seed}", license="mit", sim=SimProfile(heed=HEED))
    return resolve(declared)


async def optimised(method: str, seed: int, **settings: Any) -> Optimised:
    with tempfile.TemporaryDirectory(prefix="aaa-bench-") as name:
        folder = Path(name)
        models = {
            "eve": {"model": "sim/eve", "family": f"eves-{seed}", "license": "mit", "sim": {"heed": HEED}},
            "opt": {"model": "sim/opt", "family": f"opts-{seed}", "license": "mit", "sim": {"heed": 0.8}},
        }
        file = {**SETTINGS, **settings, "models": models, "evolvers": "eve", "optimisers": "opt", "seed": seed}
        (folder / "method.md").write_text(method)
        (folder / "auto.yaml").write_text(yaml.safe_dump({**file, "method": "method.md"}))
        rows = ({"id": f"p{n}", "instruction": instruction(n)} for n in range(file["dev"] + 90))
        (folder / "prompts.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        options = WorkOptions(db=folder / "aaa.db")
        return await optimise_method(folder / "prompts.jsonl", folder / "auto.yaml", options)


def true_rate(method: str, seed: int) -> float:
    """Share of fresh instructions on which a method fails."""
    who, read, params = evolver(seed), under_mark("instruction"), Params(max_tokens=1024)

    def fails(before: str) -> bool:
        values = {"method": method, "messages": [{"role": "user", "text": before}], "fence": "0f1e2d3c4b5a"}
        values["fault"] = None
        after = read(respond(who, [user(PROMPTS.render("evolve_by_method", **values).text)], params).text)
        assert after is not None
        if text_fault(before, after) is not None:
            return True
        return reply_fault(respond(who, [user(after)], params).text) is not None

    return mean(fails(instruction(n)) for n in FRESH)


@dataclass(frozen=True)
class Cure:
    """One run on a flawed method."""

    accepted: bool
    cured: bool
    before: float
    after: float
    calls: int


async def cures(method: str, **settings: Any) -> list[Cure]:
    found = []
    for seed in range(FLAWED_SEEDS):
        run = await optimised(method, seed, **settings)
        found.append(
            Cure(
                accepted=any(step.accepted is not None for step in run.steps),
                cured=demanded(run.method) == list(DEMANDS),
                before=true_rate(method, seed),
                after=true_rate(run.method, seed),
                calls=run.work.gateway.tally.made,
            )
        )
    return found


@dataclass(frozen=True)
class Quiet:
    """One run on a flawless method."""

    compared: int
    accepted: bool
    lowest: bool
    """Whether a candidate failed less often, so that the lowest failure rate would have been taken."""


async def quiet(seeds: int) -> list[Quiet]:
    found = []
    for seed in range(seeds):
        run = await optimised(GOOD, 100 + seed, **EAGER)
        candidates = [(step.current, one) for step in run.steps for one in step.candidates]
        found.append(
            Quiet(
                compared=len(candidates),
                accepted=any(step.accepted is not None for step in run.steps),
                lowest=any(one.rate < current.rate for current, one in candidates),
            )
        )
    return found


def false_acceptance(rate: float) -> tuple[float, float]:
    """Runs of 5 steps with 5 candidates that are as good as the method, dev set of 50: by the test, by lowest rate."""
    chance, steps, candidates, dev = random.Random(round(1000 * rate)), 5, 5, 50
    level, by_test, by_rate = level_for_each(0.05, steps=steps, candidates=candidates), 0, 0

    def outcomes() -> dict[str, MethodFault | None]:
        return {str(at): "chatter" if chance.random() < rate else None for at in range(dev)}

    for _ in range(RUNS):
        current = outcomes()
        pairs = [discordant(current, outcomes()) for _ in range(steps * candidates)]
        by_test += any(p_value(*pair) <= level for pair in pairs)
        by_rate += any(better > worse for better, worse in pairs)
    return by_test / RUNS, by_rate / RUNS


def flaw_table(found: dict[str, Sequence[Cure]]) -> Iterator[str]:
    yield "| the method | runs | a better one accepted | flaw cured | true failure rate before | after | calls |"
    yield "|---|---|---|---|---|---|---|"
    for flaw, runs in found.items():
        figures = (
            f"{sum(run.accepted for run in runs)}",
            f"{sum(run.cured for run in runs)}",
            f"{mean(run.before for run in runs):.0%}",
            f"{mean(run.after for run in runs):.0%}",
            f"{mean(run.calls for run in runs):,.0f}",
        )
        yield f"| {flaw} | {len(runs)} | {' | '.join(figures)} |"


def quiet_table(runs: Sequence[Quiet]) -> Iterator[str]:
    compared = [run for run in runs if run.compared]
    yield "| runs on a flawless method | with candidates | comparisons | accepted | by lowest failure rate |"
    yield "|---|---|---|---|---|"
    accepted, lowest = sum(run.accepted for run in runs), sum(run.lowest for run in runs)
    yield f"| {len(runs)} | {len(compared)} | {sum(run.compared for run in runs)} | {accepted} | {lowest} |"


def level_table() -> Iterator[str]:
    yield "| failure rate of all methods | accepted by the test (level 5 %) | by lowest failure rate |"
    yield "|---|---|---|"
    for rate in RATES:
        by_test, by_rate = false_acceptance(rate)
        yield f"| {rate:.0%} | {by_test:.2%} | {by_rate:.0%} |"


async def tables(seeds: int) -> str:
    truth = mean(true_rate(GOOD, seed) for seed in range(FLAWED_SEEDS))
    flawed = {flaw: await cures(method) for flaw, method in FLAWS.items()}
    flawed[f"{SUBTLE}, {LARGE_DEV} dev items"] = await cures(FLAWS[SUBTLE], dev=LARGE_DEV)
    parts = (
        flaw_table(flawed),
        [f"The flawless method truly fails on {truth:.0%} of fresh instructions: that is as good as it gets here."],
        quiet_table(await quiet(seeds)),
        level_table(),
    )
    return "\n\n".join("\n".join(part) for part in parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/evol.md")
    parser.add_argument("--seeds", type=int, default=40, help="runs on the flawless method")
    options = parser.parse_args()
    found = asyncio.run(tables(options.seeds))
    print(found)
    if options.write:
        text = DOC.read_text(encoding="utf-8")
        before, rest = text.split(BEGIN)
        DOC.write_text(f"{before}{BEGIN}\n\n{found}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
