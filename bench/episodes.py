"""What episodes cost beside their calls: python bench/episodes.py [--prompts 400] [--only overhead|memory]

Overhead: a session of simulated models is run, and then again into an empty store with its calls at hand in memory,
with and without its `battle` stage. What the battles add, in CPU time of the process, is all that a battle costs but
its calls: reading its item, prompts, parsing, verdicts, and its rows in the store.

Memory: peak RSS of sessions with five stages over N prompts and over five times as many, each in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from aaa.llm import Ask
from aaa.session import Resolved, RunOptions, resolve, run_session
from aaa.session.cast import Cast
from aaa.session.changes import session_row
from aaa.session.flow import Flow, Plan
from aaa.session.intake import survey, take_in
from aaa.session.stages import Kit, running_stages
from aaa.store import Store
from aaa.types import Call, CallUse

TIMES = 5
BATTLE = ["answer", {"battle": {"measure_jurors": 1.0}}]
MIXED = [
    "answer",
    {"battle": {"measure_jurors": 0.2}},
    {"lesson": {"turns": 1, "measure_jurors": 0.2}},
    {"critique": {"measure_jurors": 0.2}},
    {"chat": {"turns": 4}},
]


def scenario(folder: Path, prompts: int, stages: list[Any]) -> Path:
    def model(name: str, skill: float) -> dict[str, Any]:
        return {"model": f"sim/{name}", "family": name, "license": "mit", "sim": {"default_skill": skill}}

    rows = [
        {
            "id": f"sum-{n:05}",
            "instruction": f"What is {n + 11} + {7 * n + 13}?",
            "reference": str(8 * n + 24),
            "verifier": {"kind": "numeric"},
            "skill": "arithmetic",
        }
        for n in range(prompts)
    ]
    (folder / "prompts.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    made = {
        "name": "episodes",
        "models": {"amber": model("amber", 0.4), "basil": model("basil", 0.9), "clove": model("clove", 0.9)},
        "target": "amber",
        "cast": {
            "members": {"models": ["amber", "basil"], "card": "member"},
            "students": {"models": ["amber"], "card": "student"},
            "teachers": {"models": ["basil"], "card": "teacher"},
            "critics": {"models": ["basil"], "card": "critic"},
            "judges": {"models": ["clove"], "card": "judge", "quorum": 1},
        },
        "prompts": {"from": str(folder / "prompts.jsonl")},
        "stages": stages,
        "select": {"main": {"pairs": {"by": "verdict"}}},
    }
    path = folder / "episodes.yaml"
    path.write_text(yaml.safe_dump(made))
    return path


async def run(folder: Path, prompts: int, stages: list[Any]) -> tuple[float, int, int]:
    """CPU seconds, episodes, calls made."""
    resolved = resolve([scenario(folder, prompts, stages)])
    begun = time.process_time()
    result = await run_session(resolved, RunOptions(db=folder / "aaa.db"))
    assert result.stopped is None
    assert result.progress.failed == 0
    return time.process_time() - begun, result.progress.done, result.gateway.tally.made


@dataclass(frozen=True)
class AtHand:
    """The calls of an earlier run, by the place of their use."""

    calls: Mapping[tuple[str, str], Call]

    async def ask(self, ask: Ask) -> Call:
        return self.calls[ask.use.episode, ask.use.step]


async def again(folder: Path, prompts: int, stages: list[Any], calls: AtHand) -> float:
    """CPU seconds of the stages, without any call."""
    resolved = resolve([scenario(folder, prompts, stages)])

    def planner(now: Resolved) -> Plan:
        kit = Kit(Cast(now, calls), now.prompts, now.scenario.seed, now.scenario.sandbox)
        return running_stages(now.scenario, kit)

    with tempfile.TemporaryDirectory() as name, Store.open(Path(name) / "aaa.db") as store:
        flow = Flow.over(store, resolved, planner)
        await store.write(session_row(resolved, flow.plan, None))
        await take_in(resolved, survey(resolved), store)
        begun = time.process_time()
        assert await flow.run(asyncio.Event(), None) is None
        assert flow.episodes.progress.failed == 0
        return time.process_time() - begun


def overhead(prompts: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asyncio.run(run(folder, prompts, BATTLE))
        with Store.open(folder / "aaa.db") as store:
            known = {(use.episode, use.step): store.get(Call, use.call) for use in store.rows(CallUse)}
        calls = AtHand({place: call for place, call in known.items() if call is not None})
        asyncio.run(again(folder, prompts, BATTLE, calls))  # what is imported and compiled once
        answers, battles = (asyncio.run(again(folder, prompts, stages, calls)) for stages in (BATTLE[:1], BATTLE))
    print(f"an answer stage (2 answers): {1000 * answers / prompts:.2f} ms of CPU a prompt")
    print(f"a battle (1 juror, 2 games): {1000 * (battles - answers) / prompts:.2f} ms of CPU", flush=True)


def memory(prompts: int) -> None:
    for number in (prompts, TIMES * prompts):
        command = [sys.executable, __file__, "--memory-of", str(number)]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip(), flush=True)


def memory_of(prompts: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        spent, done, made = asyncio.run(run(Path(name), prompts, MIXED))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{done:,} episodes, {made:,} calls: peak RSS {peak:.0f} MB, {1000 * spent / done:.1f} ms of CPU an episode")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prompts", type=int, default=400)
    parser.add_argument("--only", choices=("overhead", "memory"))
    parser.add_argument("--memory-of", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory_of:
        memory_of(options.memory_of)
        return
    if options.only != "memory":
        overhead(options.prompts)
    if options.only != "overhead":
        memory(options.prompts)


if __name__ == "__main__":
    main()
