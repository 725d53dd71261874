"""What co-teaching finds and closes, against a known truth: python bench/co_teaching.py [--only power|false|...]

Power and false gaps are measured on votes drawn like those of checked battles: on each prompt a model is right at its
level, who alone is right wins, else it is a tie. Teaching is measured in sessions of simulated models on the exercises
of data/drills: a student trails a teacher by far on one skill of four and stands level on the others.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from aaa.rate import Gap, GapRule, Gaps, Vote, VoteOutcome, changes_of, find_gaps
from aaa.session import RunOptions, learned_by, resolve, run_session, slices_of
from aaa.store import Store
from aaa.types import Answer, Decision, Session

ROOT = Path(__file__).resolve().parent.parent
SKILLS = ("arithmetic", "dates", "sorting", "units")
TAUGHT = "dates"
PROMPTS, KEEP, RATE = 120, 30, 0.1
T_95 = {4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262}
"""Student's t for 95 %, by degrees of freedom."""
Z_95 = 1.96
FINE = GapRule(bootstrap=100)
Levels = Mapping[str, Mapping[str, float]]
"""By model and skill, how often it is right."""


def votes(levels: Levels, prompts: int, seed: str) -> list[Vote]:
    """On each prompt of each skill a vote for every two models."""
    source, made = random.Random(seed), []
    for skill in SKILLS:
        for number in range(prompts):
            right = {name: source.random() < levels[name][skill] for name in sorted(levels)}
            for one, other in combinations(right, 2):
                outcome: VoteOutcome = "tie" if right[one] == right[other] else "left" if right[one] else "right"
                item = f"{seed}-{skill}-{number}"
                made.append(Vote(item=item, left=one, right=other, outcome=outcome, category=skill))
    return made


def pair(gap: float) -> dict[str, dict[str, float]]:
    """Two models around one half: each leads two of the skills."""
    ahead, back = 0.5 + gap / 2, 0.5 - gap / 2
    first = {skill: ahead if number < 2 else back for number, skill in enumerate(SKILLS)}
    return {"amber": first, "basil": {skill: 1 - level for skill, level in first.items()}}


def power(draws: int) -> None:
    """Share of true gaps that are found real and the right way round."""
    print("prompts per skill, interval: share of true gaps found, by difference of the two levels")
    gaps = (0.2, 0.4, 0.6, 0.8)
    print(f"{'':<14}" + "".join(f"{gap:>8.1f}" for gap in gaps))
    for prompts in (15, 30, 60):
        shares = [found(gap, prompts, draws) for gap in gaps]
        for intervals in ("all", "each"):
            print(f"{prompts:>5} {intervals:<8}" + "".join(f"{share[intervals]:>8.0%}" for share in shares), flush=True)


def found(gap: float, prompts: int, draws: int) -> dict[str, float]:
    levels, right = pair(gap), {"all": 0, "each": 0}
    for draw in range(draws):
        for intervals, real in named(find_gaps(votes(levels, prompts, f"{gap}-{draw}"), FINE)).items():
            right[intervals] += sum(levels[one.leader][one.skill] > 0.5 for one in real)
    return {intervals: number / (draws * len(SKILLS)) for intervals, number in right.items()}


def named(gaps: Gaps) -> dict[str, list[Gap]]:
    """The gaps that are real by `intervals: all`, and by `each`, which differ in the width of intervals only."""
    return {"all": list(gaps.real), "each": [one for one in gaps.gaps if one.points > Z_95 * one.error]}


LIKE: dict[str, Levels] = {
    "two equals, right half the time": {name: dict.fromkeys(SKILLS, 0.5) for name in ("amber", "basil")},
    "two equals, right nine times in ten": {name: dict.fromkeys(SKILLS, 0.9) for name in ("amber", "basil")},
    "three equals": {name: dict.fromkeys(SKILLS, 0.6) for name in ("amber", "basil", "clove")},
    "equal on one skill, apart on three": {
        "amber": {**dict.fromkeys(SKILLS, 0.8), TAUGHT: 0.5},
        "basil": {**dict.fromkeys(SKILLS, 0.4), TAUGHT: 0.5},
    },
}


def equals(draws: int) -> None:
    """How often models are said to differ where they do not."""
    print("population, prompts per skill: sessions that name a false gap by `all`; comparisons by `all`, by `each`")
    for name, levels in LIKE.items():
        same = [(s, *two) for s in SKILLS for two in combinations(levels, 2) if levels[two[0]][s] == levels[two[1]][s]]
        for prompts in (15, 30, 60):
            found = [named(find_gaps(votes(levels, prompts, f"{name}-{draw}"), FINE)) for draw in range(draws)]
            false = {kind: [false_ones(one[kind], levels) for one in found] for kind in ("all", "each")}
            sessions = sum(map(bool, false["all"])) / draws
            shares = {kind: sum(map(len, gaps)) / draws / len(same) for kind, gaps in false.items()}
            print(
                f"{name:<38}{prompts:>4}{sessions:>8.1%}{shares['all']:>8.2%}{shares['each']:>8.2%} of {draws}",
                flush=True,
            )


def false_ones(gaps: Sequence[Gap], levels: Levels) -> list[Gap]:
    return [one for one in gaps if levels[one.leader][one.skill] <= levels[one.trailer][one.skill]]


def gains(draws: int) -> None:
    """How often a model that did not learn is said to have."""
    gained = 0
    for draw in range(draws):
        before, after = (find_gaps(votes(pair(0.6), 60, f"{part}-{draw}"), FINE) for part in ("before", "after"))
        changes = changes_of(["amber", "basil"], before, after, FINE)
        gained += any(one.proven == "narrowed" for one in changes)
    print(f"nobody learned (levels differ by 0.6), 60 prompts per skill: {gained / draws:.1%} of {draws} report a gain")


def scenario(seed: int, stages: list[Any]) -> dict[str, Any]:
    skills = dict.fromkeys(SKILLS, 0.9)
    models = {
        "basil": {"model": "sim/basil", "family": "basil", "license": "mit", "sim": {"skills": skills}},
        "amber": {
            "model": "sim/amber",
            "family": "amber",
            "license": "mit",
            "sim": {"skills": {**skills, TAUGHT: 0.2}},
        },
        "clove": {"model": "sim/clove", "family": "clove", "license": "mit", "sim": {"default_skill": 0.9}},
    }
    return {
        "name": "bench",
        "seed": seed,
        "models": models,
        "target": "amber",
        "cast": {
            "members": {"models": ["amber", "basil"], "card": "member"},
            "judges": {"models": ["clove"], "card": "judge", "quorum": 1},
        },
        "prompts": {
            "from": str(ROOT / "data" / "drills" / "drills.jsonl"),
            "sample": {"size": PROMPTS, "by": ["skill"]},
            "slices": 2,
        },
        "stages": stages,
    }


async def session(seed: int, stages: list[Any], *, learned: bool) -> float:
    """The share of the true gap that training closed; or with `learned` 1 where the session reports a gain, else 0."""

    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "bench.yaml"
        path.write_text(yaml.safe_dump(scenario(seed, stages)))
        result = await run_session(resolve([path]), RunOptions(db=Path(name) / "aaa.db"))
        assert result.stopped is None
        with Store.open(Path(name) / "aaa.db") as store:
            if learned:
                row = store.get(Session, "bench")
                assert row is not None
                rule = GapRule(bootstrap=100)
                (step,) = learned_by(slices_of(store, row, rule), "amber", rule)
                return float(any(one.proven == "narrowed" for one in step.changes))
            (decision,) = store.rows(Decision, name="train")
            value: Any = decision.value
            lesson = value["learned"]["amber"].get(TAUGHT, {"before": 0.2, "after": 0.2})
            return float((lesson["after"] - lesson["before"]) / (0.9 - 0.2))


BATTLE = [{"answer": {}}, {"battle": {"measure_jurors": 0.0}}]


async def teaching(seeds: int) -> None:
    """The same budget of prompts, spent by the gaps or at random; and with learning switched off."""
    closed: dict[str, list[float]] = {}
    for by in ("gaps", "random"):
        stages = [*BATTLE, {"gaps": {"keep": KEEP, "by": by}}, {"train": {"with": "sim", "rate": RATE}}]
        closed[by] = [await session(seed, stages, learned=False) for seed in range(seeds)]
        print(f"{by}: {KEEP} of {PROMPTS} prompts kept, true gap closed: {interval(closed[by])}", flush=True)
    apart = [one - other for one, other in zip(closed["gaps"], closed["random"], strict=True)]
    print(f"difference, seed by seed: {interval(apart)}")
    stages = [
        *({kind: {**spec, "where": {"slice": "D1"}}} for one in BATTLE for kind, spec in one.items()),
        {"train": {"with": "sim", "rate": 0.0, "where": {"slice": "D1"}}},
        *({kind: {**spec, "where": {"slice": "D2"}}} for one in BATTLE for kind, spec in one.items()),
    ]
    gains = [await session(seed, stages, learned=True) for seed in range(seeds)]
    print(f"sessions with learning off that report a gain: {sum(gains):.0f} of {seeds}", flush=True)


async def mended(seed: int, follow: str) -> float:
    """Share of the prompts on which a lesson made a right answer of a wrong one."""
    spec = scenario(seed, [*BATTLE, {"gaps": {}}, {"lesson": {"turns": 1, "gaps": follow, "measure_jurors": 0.0}}])
    ahead, back = {SKILLS[0]: 0.9, SKILLS[1]: 0.9}, {SKILLS[2]: 0.9, SKILLS[3]: 0.9}
    for name, skills in (("amber", ahead), ("basil", back)):
        spec["models"][name]["sim"] = {"skills": skills, "default_skill": 0.3}
    del spec["target"]
    group = ["amber", "basil"]
    spec["cast"] |= {"students": {"models": group, "card": "student"}, "teachers": {"models": group, "card": "teacher"}}
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "bench.yaml"
        path.write_text(yaml.safe_dump(spec))
        result = await run_session(resolve([path]), RunOptions(db=Path(name) / "aaa.db"))
        assert result.stopped is None
        with Store.open(Path(name) / "aaa.db") as store:
            taught = [one for one in store.rows(Answer) if one.context == "hinted"]
            return sum(one.check is not None and one.check.passed for one in taught) / PROMPTS


async def lessons(seeds: int) -> None:
    """One lesson on each prompt: who teaches whom by the gaps, or drawn."""
    shares = {follow: [await mended(seed, follow) for seed in range(seeds)] for follow in ("auto", "off")}
    for follow, values in shares.items():
        print(f"two specialists, lessons with gaps {follow}: wrong answers made right: {interval(values)}", flush=True)
    apart = [one - other for one, other in zip(shares["auto"], shares["off"], strict=True)]
    print(f"difference, seed by seed: {interval(apart)}")


def interval(values: list[float]) -> str:
    """Mean with its 95 % interval over seeds."""
    reach = T_95[len(values) - 1] * statistics.stdev(values) / len(values) ** 0.5
    mean = statistics.mean(values)
    return f"{mean:.2f} ({mean - reach:.2f} to {mean + reach:.2f}; {len(values)} seeds)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, choices=range(5, 11), metavar="5..10")
    parser.add_argument("--draws", type=int, default=40, help="drawn sessions behind each figure of power")
    parser.add_argument("--false", type=int, default=300, help="drawn sessions behind each rate of false gaps")
    parser.add_argument("--only", choices=("power", "false", "teaching", "lessons"))
    options = parser.parse_args()
    if options.only in (None, "power"):
        power(options.draws)
    if options.only in (None, "false"):
        equals(options.false)
        gains(options.false)
    if options.only in (None, "teaching"):
        asyncio.run(teaching(options.seeds))
    if options.only in (None, "lessons"):
        asyncio.run(lessons(options.seeds))


if __name__ == "__main__":
    main()
