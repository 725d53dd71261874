"""Does `aaa audit` find what was planted, and does the usual way of judging find the better models?

    python -m bench.audit [--write]

Coverage: simulated judges with declared biases compare the answers of three members, one of their own family; counted
is how often the 95 % interval of each figure holds what was declared. Every judge draws its own luck, and every
population of members writes other answers. Ranking: the weakest member is long-winded and kin to a biased judge;
counted is how often the declared order of the members comes out. CPU: what a game costs beyond its call. All of it on
simulated judges.
`--write` puts the tables into docs/judging.md.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from aaa import sim
from aaa.agents import Agent
from aaa.judge import Match, decide, play
from aaa.llm import Gateway, open_routes, resolve_params
from aaa.prompts import PromptSet
from aaa.rate import RatingRule, Vote, rate
from aaa.session import RunOptions, audit_session, resolve, run_session
from aaa.store import Store, StoreJournal
from aaa.types import TIE, Answer, Instruction, Model, Place, Session, Verdict

ROOT = Path(__file__).resolve().parent.parent
DOC = ROOT / "docs" / "judging.md"
BEGIN, END = "<!-- begin: bench/audit.py -->", "<!-- end: bench/audit.py -->"
FIGURES = {
    "position_bias": "decided_by_seat",
    "verbosity_bias": "decided_by_length",
    "self_preference": "decided_by_family",
    "error": "error_rate",
}
PLANTED: dict[str, dict[str, float]] = {
    "mild": {"position_bias": 0.1, "verbosity_bias": 0.1, "self_preference": 0.1, "accuracy": 0.9},
    "strong": {"position_bias": 0.25, "verbosity_bias": 0.2, "self_preference": 0.15, "accuracy": 0.8},
}
SEEDS = ("numbers", "measures")
SKILLS = {"weak": 0.4, "fair": 0.6, "good": 0.8}
BIASED = {"position_bias": 0.3, "verbosity_bias": 0.25, "self_preference": 0.35, "accuracy": 0.85}
SOBER = {"position_bias": 0.1, "verbosity_bias": 0.05, "accuracy": 0.85}


def model(name: str, family: str, revision: int = 0, **profile: Any) -> dict[str, Any]:
    """A simulated model."""
    return {
        "model": f"sim/{name}",
        "family": family,
        "license": "mit",
        "revision": str(revision),
        "sim": {"default_skill": 0.5, **profile},
    }


def own(revision: int, number: int) -> float:
    """How a judge would write, which it never does: it makes the luck of each judge its own."""
    return 0.2 + revision * 0.01 + number * 0.0001


async def run(folder: Path, name: str, revision: int, judges: Mapping[str, Any], **options: Any) -> Path:
    """A session of three members before these judges; its store."""
    battle = options.pop("battle", {})
    members = {
        skill: model(
            skill, skill, revision, default_skill=value + revision * 0.001, verbosity=0.9 if skill == "weak" else 0.3
        )
        for skill, value in SKILLS.items()
    }
    scenario = {
        "name": name,
        "seed": revision,
        "models": {**members, **judges},
        "cast": {
            "members": {"models": list(members)},
            "judges": {"models": list(judges), "card": "judge", **options},
        },
        "prompts": {"from": [str(ROOT / f"data/seeds/{name}.jsonl") for name in SEEDS]},
        "stages": ["answer", {"battle": battle}],
    }
    path, db = folder / f"{name}.yaml", folder / f"{name}.db"
    path.write_text(yaml.safe_dump(scenario), encoding="utf-8")
    await run_session(resolve([path]), RunOptions(db=db))
    return db


async def coverage(folder: Path, populations: int, judges: int) -> Iterable[str]:
    """A line for each planted bias."""
    lines = [
        "| judges | planted | figure | mean found | inside the interval | mean width |",
        "|---|---|---|---|---|---|",
    ]
    for name, planted in PLANTED.items():
        truth = {**planted, "error": 1 - planted["accuracy"]}
        found: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
        for revision in range(populations):
            jury = {
                f"judge-{revision}-{n}": model(
                    f"judge-{n}", "fair", revision, verbosity=own(revision, n), judge=planted
                )
                for n in range(judges)
            }
            db = await run(folder, f"{name}-{revision}", revision, jury, own_family="allow", quorum=1)
            with Store.open(db) as store:
                session = store.get(Session, f"{name}-{revision}")
                assert session is not None
                for audit in audit_session(store, session).report.judges.values():
                    for bias, figure in FIGURES.items():
                        if (measured := audit.figures[figure]) is not None:
                            found[bias].append((measured.value, measured.low, measured.high))
        for bias, measures in found.items():
            number = len(measures)
            mean = sum(value for value, _, _ in measures) / number
            inside = sum(low <= truth[bias] <= high for _, low, high in measures)
            width = sum(high - low for _, low, high in measures) / number
            lines.append(
                f"| {name} | {bias} {truth[bias]:.2f} | `{FIGURES[bias]}` | {mean:.3f} | {inside} of {number} "
                f"({inside / number:.1%}) | {width:.2f} |"
            )
    return lines


async def ranking(folder: Path, populations: int) -> Iterable[str]:
    """A line for each rule."""
    kin = {"kin": model("kin", "weak", judge=BIASED)}
    others = {f"other-{n}": model(f"other-{n}", f"other-{n}", verbosity=own(0, n), judge=SOBER) for n in range(3)}
    rules: dict[str, tuple[Mapping[str, Any], dict[str, Any]]] = {
        "one judge, one order": (kin, {"quorum": 1, "own_family": "allow", "battle": {"orders": "one"}}),
        "one judge, both orders": (kin, {"quorum": 1, "own_family": "allow"}),
        "panel, both orders, family excluded": ({**kin, **others}, {"quorum": 2, "own_family": "exclude"}),
    }
    lines = ["| rule | declared order found | weak against good |", "|---|---|---|"]
    for number, (rule, (jury, options)) in enumerate(rules.items()):
        right, gaps = 0, []
        for revision in range(populations):
            name = f"ranking-{number}-{revision}"
            ratings = _ratings(await run(folder, name, revision, jury, **{**options}), name)
            right += sorted(SKILLS, key=lambda one: ratings[one]) == list(SKILLS)
            gaps.append(ratings["weak"] - ratings["good"])
        lines.append(f"| {rule} | {right} of {populations} | {sum(gaps) / len(gaps):+.0f} points |")
    return lines


def _ratings(db: Path, session: str) -> dict[str, float]:
    """Bradley-Terry by the jurors' votes, also where a verifier decided."""
    votes = []
    with Store.open(db) as store:
        members = {answer.id: answer.member for answer in store.rows(Answer, session=session)}
        for verdict in store.rows(Verdict, session=session):
            tally = decide(verdict.votes, verdict.quorum)
            if tally.outcome not in ("win", TIE):
                continue
            side = "tie" if tally.winner is None else "left" if tally.winner == verdict.left else "right"
            left, right = members[verdict.left], members[verdict.right]
            votes.append(Vote(item=verdict.instruction, left=left, right=right, outcome=side))
    return {row.model: row.rating or 0.0 for row in rate(votes, RatingRule()).models}


@dataclass
class Clock:
    """An asker that counts the CPU time that calls take."""

    gateway: Gateway
    spent: float = 0.0

    async def ask(self, *arguments: Any, **options: Any) -> Any:
        begun = time.process_time()
        try:
            return await self.gateway.ask(*arguments, **options)
        finally:
            self.spent += time.process_time() - begun


async def cpu(db: Path, session: str, folder: Path, games: int = 1000) -> str:
    """Milliseconds of CPU of a game beyond its call, one after the other."""
    with Store.open(db) as store:
        verdicts = list(store.rows(Verdict, session=session))[: games // 2]
        answers = {answer.id: answer for answer in store.rows(Answer, session=session)}
        prompts = {one.id: one for one in store.rows(Instruction, session=session)}
    matches = [Match.between(prompts[v.instruction], answers[v.left], answers[v.right]) for v in verdicts]
    judge = sim.resolve(Model.model_validate({"name": "clock", **model("clock", "clock")}))
    place, texts = Place.of("clock", "battle", "item"), PromptSet.load()
    with Store.open(folder / "clock.db") as store:
        async with Gateway(StoreJournal(store), open_routes(sim.reply), session="clock") as gateway:
            clock = Clock(gateway)
            juror = Agent(judge, None, resolve_params(judge), clock, place, "judge")
            begun = time.process_time()
            for match in matches:
                for number in (1, 2):
                    await play(juror, match, number, texts, panel="clock", seed=0, place=place)
            total = time.process_time() - begun
    each = 1000 * (total - clock.spent) / (2 * len(matches))
    return f"A game takes {each:.2f} ms of CPU beyond its call ({2 * len(matches):,} games, one after the other)."


async def tables(populations: int, judges: int) -> str:
    """All tables as Markdown."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        covered = await coverage(folder, populations, judges)
        ranked = await ranking(folder, 2 * populations)
        speed = await cpu(folder / "mild-0.db", "mild-0", folder)
    return "\n".join([*covered, "", *ranked, "", speed, ""])


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--populations", type=int, default=5)
    parser.add_argument("--judges", type=int, default=20)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/judging.md")
    options = parser.parse_args(arguments)
    found = asyncio.run(tables(options.populations, options.judges))
    if options.write:
        text = DOC.read_text(encoding="utf-8")
        head, tail = text.split(BEGIN)[0], text.split(END)[1]
        DOC.write_text(f"{head}{BEGIN}\n\n{found}\n{END}{tail}", encoding="utf-8")
    print(found)


if __name__ == "__main__":
    main()
