"""Votes and reference data for the tests of ratings and agreement."""

from __future__ import annotations

import csv
import math
import os
import random
from pathlib import Path

import pytest

from aaa.rate import Vote, VoteOutcome

SHARED = Path(os.environ.get("AAA_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
OUTCOMES: dict[str, VoteOutcome] = {"left": "left", "right": "right", "tie": "tie"}


def table(name: str) -> list[list[str]]:
    """Rows of a reference file, blank lines and header included; skips the test where it is missing."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"reference data {name} are not here")
    with path.open(newline="") as handle:
        return list(csv.reader(handle))


def golden_votes(name: str) -> list[Vote]:
    """Votes of a reference file, each on a prompt of its own."""
    _, *rows = table(f"ratings/{name}.csv")
    return [votes(f"{left}{SIGNS[winner]}{right}", item=str(n))[0] for n, (left, right, winner) in enumerate(rows)]


def golden_scores(name: str, algorithm: str) -> dict[str, float]:
    return {item: float(score) for known, item, score in table(f"ratings/{name}-golden.csv") if known == algorithm}


SIGNS = {"left": ">", "right": "<", "tie": "="}


def votes(games: str, item: str | None = None) -> list[Vote]:
    """`votes("a>b c=a b!c")`; each on a prompt of its own, or all on `item`."""
    signs: dict[str, VoteOutcome] = {">": "left", "<": "right", "=": "tie", "!": "inconsistent"}
    made = []
    for number, game in enumerate(games.split()):
        sign = next(sign for sign in signs if sign in game)
        left, right = game.split(sign)
        made.append(Vote(item=item or str(number), left=left, right=right, outcome=signs[sign]))
    return made


def drawn(strengths: dict[str, float], number: int, seed: int, prompts: int = 50) -> list[Vote]:
    """Votes by the model of Bradley and Terry; strengths in logits."""
    source, made = random.Random(seed), []
    for _ in range(number):
        left, right = source.sample(sorted(strengths), 2)
        chance = 1 / (1 + math.exp(strengths[right] - strengths[left]))
        outcome: VoteOutcome = "left" if source.random() < chance else "right"
        made.append(Vote(item=str(source.randrange(prompts)), left=left, right=right, outcome=outcome))
    return made
