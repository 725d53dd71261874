"""How often labels of steps are right, on simulated jurors, where the truth is known: python -m bench.steps [--write]

Three jurors read the answers of three weak members step by step; another, who never errs, says what is true, and has no
vote. Rules: one juror, more than half of the panel, the same with jurors refuted by verifiers (AAA's default), and all
of the panel (`min_agreement: 1`). A label is right where its first wrong step is the true one, or both name none.

What comes out holds for simulated jurors with the declared errors, not for any real model. `--write` puts the table
into docs/judging.md.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from aaa.judge import decide_steps
from aaa.rate.clusters import Share
from aaa.session import RunOptions, resolve, run_session
from aaa.store import Store
from aaa.types import StepVerdict

ROOT = Path(__file__).resolve().parent.parent
DOC = ROOT / "docs" / "judging.md"
BEGIN, END = "<!-- begin: bench/steps.py -->", "<!-- end: bench/steps.py -->"
MEMBERS = (0.35, 0.55, 0.75)
JURORS: dict[str, list[dict[str, Any]]] = {
    "err by themselves": [{"accuracy": 0.8}] * 3,
    "err together": [{"accuracy": 0.8, "shared_errors": 0.8, "error_group": "school"}] * 3,
    "one good, two poor": [{"accuracy": 0.92}, {"accuracy": 0.65}, {"accuracy": 0.65}],
}
RULES = ("one juror", "panel", "panel and verifiers", "unanimous panel and verifiers")


@dataclass
class Rule:
    """What a rule labels, and how often rightly."""

    labelled: Share = field(default_factory=Share)
    right: Share = field(default_factory=Share)

    def count(self, item: str, said: int | None, truth: int | None, *, decided: bool) -> None:
        self.labelled.add(item, decided)
        if decided:
            self.right.add(item, said == truth)


def scenario(jurors: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Members, jurors, and one who knows."""
    members = {
        f"member-{number}": {
            "model": f"sim/member-{number}",
            "family": f"m{number}",
            "license": "mit",
            "sim": {"default_skill": skill, "verbosity": 0.6},
        }
        for number, skill in enumerate(MEMBERS)
    }
    judges = {
        f"juror-{at}": {"model": f"sim/juror-{at}", "family": f"j{at}", "license": "mit", "sim": {"judge": one}}
        for at, one in enumerate(jurors)
    }
    knows = {"model": "sim/truth", "family": "t", "license": "mit", "sim": {"judge": {"accuracy": 1.0}}}
    return {
        "name": "steps",
        "seed": 3,
        "models": {**members, **judges, "truth": knows},
        "cast": {
            "members": {"models": [*members]},
            "judges": {"models": [*judges], "quorum": 1},
            "truth": {"models": ["truth"], "quorum": 1},
        },
        "prompts": {"from": [str(ROOT / "data" / "seeds" / f"{name}.jsonl") for name in ("numbers", "measures")]},
        "stages": ["answer", "steps", {"steps": {"name": "truth", "judges": "truth"}}],
        "select": {"main": {"steps": {}}},
    }


async def verdicts(jurors: Sequence[dict[str, Any]]) -> list[tuple[StepVerdict, StepVerdict]]:
    """What the panel found in each answer, and what is true."""
    with tempfile.TemporaryDirectory() as folder:
        path, db = Path(folder) / "steps.yaml", Path(folder) / "steps.db"
        path.write_text(yaml.safe_dump(scenario(jurors)), encoding="utf-8")
        await run_session(resolve([path]), RunOptions(db=db))
        with Store.open(db) as store:
            rows = [row for row in store.rows(StepVerdict) if row.votes]
    truth = {row.answer: row for row in rows if row.panel.startswith("truth-")}
    return [(row, truth[row.answer]) for row in rows if row.answer in truth and row is not truth[row.answer]]


def rules(found: Sequence[tuple[StepVerdict, StepVerdict]]) -> dict[str, Rule]:
    """Each rule on the same readings."""
    made = {name: Rule() for name in RULES}
    for panel, known in found:
        truth, item = known.votes[0].first_wrong, panel.instruction
        for vote in panel.votes:
            made["one juror"].count(item, vote.first_wrong, truth, decided=True)
        for name, passed, least in zip(RULES[1:], (None, panel.passed, panel.passed), (0.0, 0.0, 1.0), strict=True):
            tally = decide_steps(panel.votes, 2, passed=passed)
            decided = tally.outcome == "decided" and (tally.agreement or 0.0) >= least
            made[name].count(item, tally.first_wrong, truth, decided=decided)
    return made


def table() -> Iterator[str]:
    """The table in Markdown."""
    yield "| jurors | rule | labelled | labels right (95 %) |"
    yield "|---|---|---|---|"
    for name, jurors in JURORS.items():
        found = asyncio.run(verdicts(jurors))
        for rule, one in rules(found).items():
            labelled, right = one.labelled.estimate(), one.right.estimate()
            assert labelled is not None
            assert right is not None
            shown = f"{right.value:.3f} ({right.low:.3f} to {right.high:.3f})"
            yield f"| {name} | {rule} | {labelled.value:.3f} | {shown} |"
    yield f"\n{len(found)} answers to {len({panel.instruction for panel, _ in found})} prompts for each kind of jurors."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/judging.md")
    made = "\n".join(table())
    print(made)
    if parser.parse_args().write:
        head, _, rest = DOC.read_text(encoding="utf-8").partition(BEGIN)
        tail = rest.partition(END)[2]
        DOC.write_text(f"{head}{BEGIN}\n\n{made}\n\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
