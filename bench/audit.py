"""Does `aaa audit` find what was planted, and does the usual way of judging find the better models?

    python -m bench.audit [--populations 10] [--judges 6] [--write]

Coverage: simulated judges with declared biases compare the answers of three members, one of their own family; counted
is how often the 95 % interval of each figure holds what was declared. Every judge draws its own luck, and every
population of members writes other answers. Ranking: the weakest member is long-winded and kin to a biased judge;
counted is how often the declared order of the members comes out, from every second prompt. CPU: what a game costs
beyond its call. All of it on simulated judges, through the prompts, parsers and panels of a session, without its store.

A simulated judge prefers the habits of its family, whoever shows them; the audit knows families only. So families are
taken here that share no habit: else a judge would favour a stranger, which no figure of the audit is to tell.

`--write` puts the tables into docs/judging.md.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from itertools import combinations
from math import sqrt
from pathlib import Path
from statistics import fmean, stdev

from aaa.judge import Comparison, decide
from aaa.prompts import PromptSet
from aaa.rate import RatingRule, Vote, VoteOutcome, rate
from aaa.rate.audit import audit
from aaa.scenario import Procedure
from aaa.sim.voice import voice_of
from aaa.types import TIE, Answer
from bench.simulated_matches import Desk, Jury, Simulated, games, matches, written

DOC = Path(__file__).resolve().parent.parent / "docs" / "judging.md"
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
FAMILIES = {"weak": "ash", "fair": "elder", "good": "elm"}
SKILLS = {"weak": 0.4, "fair": 0.6, "good": 0.8}
BIASED = {"position_bias": 0.3, "verbosity_bias": 0.25, "self_preference": 0.35, "accuracy": 0.85}
SOBER = {"position_bias": 0.1, "verbosity_bias": 0.05, "accuracy": 0.85}
TEXTS = PromptSet.load()


def members(population: int) -> list[Simulated]:
    """Three members; their skills differ a little between populations, which makes their luck another."""
    return [
        Simulated(
            name,
            FAMILIES[name],
            {"default_skill": skill + population * 0.001, "verbosity": 0.9 if name == "weak" else 0.3},
        )
        for name, skill in SKILLS.items()
    ]


def judge(name: str, family: str, biases: Mapping[str, float], luck: int) -> Simulated:
    """A judge; `luck` is put into how it would write, which it never does: so its luck is its own."""
    return Simulated(name, family, {"verbosity": 0.2 + luck * 0.0001, "judge": biases})


async def coverage(populations: int, judges: int) -> Iterable[str]:
    """A line for each planted bias."""
    lines = [
        "| judges | planted | figure | mean found ± its standard error | inside the interval | mean width |",
        "|---|---|---|---|---|---|",
    ]
    for name, planted in PLANTED.items():
        truth = {**planted, "error": 1 - planted["accuracy"]}
        found: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
        for population in range(populations):
            desk = Desk()
            texts = await written(f"{name}-{population}", members(population), desk)
            for number in range(judges):
                jury = Jury((judge("judge", FAMILIES["fair"], planted, population * judges + number),))
                report = audit(games(await matches(texts, jury, desk, TEXTS, population)))
                for bias, figure in FIGURES.items():
                    if (measured := report.everyone.figures[figure]) is not None:
                        found[bias].append((measured.value, measured.low, measured.high))
        lines += [_covered(name, bias, truth[bias], measures) for bias, measures in found.items()]
    return lines


def _covered(judges: str, bias: str, truth: float, measures: Sequence[tuple[float, float, float]]) -> str:
    number = len(measures)
    values = [value for value, _, _ in measures]
    mean, error = fmean(values), stdev(values) / sqrt(number)
    inside = sum(low <= truth <= high for _, low, high in measures)
    width = sum(high - low for _, low, high in measures) / number
    return (
        f"| {judges} | {bias} {truth:.2f} | `{FIGURES[bias]}` | {mean:.3f} ± {error:.3f} | {inside} of {number} "
        f"({inside / number:.1%}) | {width:.2f} |"
    )


def juries(luck: int) -> dict[str, Jury]:
    """The ways of judging that are compared."""
    kin = judge("kin", FAMILIES["weak"], BIASED, luck)
    others = [judge(f"other-{n}", f"other-{n}", SOBER, 10 * luck + n) for n in range(3)]
    return {
        "one judge, one order": Jury((kin,), procedure=Procedure(orders="one")),
        "one judge, both orders": Jury((kin,)),
        "panel, both orders, family allowed": Jury((kin, *others), quorum=2),
        "panel, both orders, family excluded": Jury((kin, *others), quorum=2, own_family="exclude"),
    }


async def ranking(populations: int) -> Iterable[str]:
    """A line for each rule."""
    right: dict[str, int] = defaultdict(int)
    behind: dict[str, int] = defaultdict(int)
    gaps: dict[str, list[float]] = defaultdict(list)
    for population in range(populations):
        desk = Desk()
        texts = (await written(f"ranking-{population}", members(population), desk))[::2]
        for rule, jury in juries(population).items():
            ratings = _ratings(await matches(texts, jury, desk, TEXTS, population))
            right[rule] += sorted(SKILLS, key=lambda one: ratings[one]) == list(SKILLS)
            behind[rule] += ratings["weak"] < ratings["good"]
            gaps[rule].append(ratings["weak"] - ratings["good"])
    return [
        "| rule | declared order found | the weak behind the good | weak against good, mean |",
        "|---|---|---|---|",
        *(
            f"| {rule} | {right[rule]} of {populations} | {behind[rule]} of {populations} | "
            f"{sum(found) / len(found):+.0f} points |"
            for rule, found in gaps.items()
        ),
    ]


def _ratings(met: Iterable[tuple[Answer, Answer, Comparison]]) -> dict[str, float]:
    """Bradley-Terry by the jurors' votes, although a verifier decided."""
    return {row.model: row.rating or 0.0 for row in rate(list(_votes(met)), RatingRule()).models}


def _votes(met: Iterable[tuple[Answer, Answer, Comparison]]) -> Iterator[Vote]:
    for left, right, comparison in met:
        tally = decide(comparison.verdict.votes, comparison.verdict.quorum)
        if tally.outcome in ("win", TIE):
            side: VoteOutcome = "tie" if tally.winner is None else "left" if tally.winner == left.id else "right"
            yield Vote(item=left.instruction, left=left.member, right=right.member, outcome=side)


async def cpu() -> str:
    """Milliseconds of CPU of a game beyond its call, one after the other, once everything is loaded."""
    desk = Desk()
    texts = await written("cpu", members(0), desk)
    jury = Jury((judge("clock", "clock", SOBER, 0),))
    desk.spent, desk.calls, begun = 0.0, 0, time.process_time()
    await matches(texts, jury, desk, TEXTS, 0)
    each = 1000 * (time.process_time() - begun - desk.spent) / desk.calls
    return f"A game takes {each:.2f} ms of CPU beyond its call ({desk.calls:,} games, one after the other)."


def check_families() -> None:
    """Raise where two families share a habit; see above."""
    habits = {family: set(astuple(voice_of(family))) for family in FAMILIES.values()}
    for one, other in combinations(habits, 2):
        if habits[one] & habits[other]:
            raise ValueError(f"the families {one!r} and {other!r} share {habits[one] & habits[other]}")


async def tables(populations: int, judges: int) -> str:
    """All tables as Markdown."""
    check_families()
    covered = await coverage(populations, judges)
    ranked = await ranking(populations)
    return "\n".join([*covered, "", *ranked, "", await cpu(), ""])


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--populations", type=int, default=10)
    parser.add_argument("--judges", type=int, default=6)
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
