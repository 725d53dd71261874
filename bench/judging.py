"""How often a panel is right, on simulated judges, where the truth is known: python -m bench.judging [--write]

Three populations of judges compare pairs of answers of which a verifier knows one to be right and the other wrong. The
judges do not know it. Two rules make a preference of their readings: the panel in both orders (AAA's default), and the
best single judge in one order (the best with hindsight, which nobody has in practice). Undecided counts as half right.

What comes out holds for simulated judges with the declared errors, not for any real model. `--write` puts the tables
into docs/judging.md.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from aaa.judge import decide
from aaa.session import RunOptions, resolve, run_session
from aaa.store import Store
from aaa.types import TIE, Game, Judgment, Verdict

ROOT = Path(__file__).resolve().parent.parent
DOC = ROOT / "docs" / "judging.md"
BEGIN, END = "<!-- begin: bench/judging.py -->", "<!-- end: bench/judging.py -->"
MEMBERS = (0.35, 0.55, 0.75)
REPLICATES = 6  # populations of members with slightly other skills, so that their answers differ
RESAMPLES = 1000  # bootstrap over prompts

POPULATIONS: dict[str, list[dict[str, Any]]] = {
    "similar judges": [
        {"accuracy": 0.8, "position_bias": 0.15},
        {"accuracy": 0.8, "position_bias": 0.15},
        {"accuracy": 0.8, "position_bias": 0.15},
    ],
    "unequal judges": [
        {"accuracy": 0.92, "position_bias": 0.05},
        {"accuracy": 0.75, "position_bias": 0.2},
        {"accuracy": 0.6, "position_bias": 0.3},
    ],
    "judges with shared errors": [
        {"accuracy": 0.8, "position_bias": 0.15, "shared_errors": 0.8, "error_group": "school"},
        {"accuracy": 0.8, "position_bias": 0.15, "shared_errors": 0.8, "error_group": "school"},
        {"accuracy": 0.8, "position_bias": 0.15, "shared_errors": 0.8, "error_group": "school"},
    ],
}


@dataclass(frozen=True)
class Reading:
    """One match: what was true, and what each rule made of it. 1 right, 0 wrong, None undecided."""

    prompt: str
    panel: int | None
    single: dict[str, int | None]


def scenario(judges: Sequence[dict[str, Any]], replicate: int) -> dict[str, Any]:
    """Three members of known skill, and three judges of other families."""
    models: dict[str, Any] = {
        f"member-{i}": {
            "model": f"sim/member-{i}",
            "family": f"member-{i}",
            "license": "mit",
            "revision": str(replicate),
            "sim": {"default_skill": round(skill + 0.01 * replicate, 3)},
        }
        for i, skill in enumerate(MEMBERS)
    }
    models |= {
        f"judge-{i}": {
            "model": f"sim/judge-{i}",
            "family": f"judge-{i}",
            "license": "mit",
            "sim": {"default_skill": 0.5, "verbosity": 0.2 + 0.01 * i, "judge": judge},
        }
        for i, judge in enumerate(judges)
    }
    return {
        "name": f"bench-{replicate}",
        "seed": replicate,
        "models": models,
        "cast": {
            "members": {"models": [m for m in models if m.startswith("member")]},
            "judges": {"models": [m for m in models if m.startswith("judge")], "card": "judge", "quorum": 2},
        },
        "prompts": {"from": str(ROOT / "data/seeds/*.jsonl")},
        "stages": ["answer", "battle"],
    }


async def readings(judges: Sequence[dict[str, Any]], folder: Path) -> list[Reading]:
    """All matches between a right and a wrong answer, over all replicates."""
    found: list[Reading] = []
    for replicate in range(REPLICATES):
        path = folder / f"bench-{replicate}.yaml"
        path.write_text(yaml.safe_dump(scenario(judges, replicate)), encoding="utf-8")
        db = folder / f"bench-{replicate}.db"
        await run_session(resolve([path]), RunOptions(db=db))
        with Store.open(db) as store:
            found += _matches(store, f"bench-{replicate}")
    return found


def _matches(store: Store, session: str) -> Iterator[Reading]:
    for verdict in store.rows(Verdict, session=session):
        if verdict.decided_by != "verifier" or verdict.winner is None:
            continue
        tally = decide(verdict.votes, verdict.quorum)
        single = {}
        for judgment in store.by_instruction(Judgment, session, verdict.instruction):
            game = judgment.reading
            if isinstance(game, Game) and game.match == verdict.match and game.number == 1:
                single[judgment.judge] = None if game.winner == TIE else int(game.winner == verdict.winner)
        yield Reading(
            prompt=f"{session}/{verdict.instruction}",
            panel=None if tally.winner is None else int(tally.winner == verdict.winner),
            single=single,
        )


def agreement(outcomes: Sequence[int | None]) -> float:
    """Share that is right; undecided counts as half."""
    return sum(0.5 if outcome is None else outcome for outcome in outcomes) / len(outcomes)


def row(name: str, found: Sequence[Reading], rule: str | None) -> str:
    """A line of the table: agreement with its interval, coverage, and how often a decided one is right."""
    outcomes = [r.panel if rule is None else r.single.get(rule) for r in found]
    decided = [outcome for outcome in outcomes if outcome is not None]
    low, high = interval(found, rule)
    right = sum(decided) / len(decided) if decided else float("nan")
    return (
        f"| {name} | {agreement(outcomes):.3f} ({low:.3f} to {high:.3f}) | "
        f"{len(decided) / len(outcomes):.3f} | {right:.3f} |"
    )


def interval(found: Sequence[Reading], rule: str | None) -> tuple[float, float]:
    """95 % bootstrap interval of the agreement, resampling prompts."""
    by_prompt: dict[str, list[int | None]] = {}
    for reading in found:
        by_prompt.setdefault(reading.prompt, []).append(reading.panel if rule is None else reading.single.get(rule))
    prompts, rng = list(by_prompt.values()), random.Random(0)
    means = sorted(
        agreement([outcome for group in rng.choices(prompts, k=len(prompts)) for outcome in group])
        for _ in range(RESAMPLES)
    )
    return means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES) - 1]


async def table() -> str:
    """The tables as Markdown."""
    lines = []
    for name, judges in POPULATIONS.items():
        with tempfile.TemporaryDirectory() as folder:
            found = await readings(judges, Path(folder))
        best = max(found[0].single, key=lambda judge: agreement([r.single.get(judge) for r in found]))
        lines += [
            f"**{name}** ({len(found)} matches, simulated)",
            "",
            "| rule | agreement with the truth (95 %) | coverage | right where decided |",
            "|---|---|---|---|",
            row("panel of three, both orders", found, None),
            row(f"best single judge, one order ({best})", found, best),
            "",
        ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/judging.md")
    options = parser.parse_args()
    tables = asyncio.run(table())
    if options.write:
        text = DOC.read_text(encoding="utf-8")
        head, tail = text.split(BEGIN)[0], text.split(END)[1]
        DOC.write_text(f"{head}{BEGIN}\n\n{tables}\n{END}{tail}", encoding="utf-8")
    print(tables)


if __name__ == "__main__":
    main()
