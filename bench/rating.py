"""How long `aaa rate` takes: python bench/rating.py [--votes 100000] [--models 100] [--bootstrap 1000]

Votes are drawn by the model of Bradley and Terry over some thousand prompts in eight categories. Each line is one
command, from its start to its end: reading the file, estimates, intervals.
"""

from __future__ import annotations

import argparse
import math
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import orjson

ROOT = Path(__file__).resolve().parent.parent
COMMANDS: dict[str, list[str]] = {
    "Bradley-Terry": [],
    "Bradley-Terry by category, shrunk": ["--by", "category"],
    "Bradley-Terry, style controlled": ["--style"],
    "Elo": ["--method", "elo"],
    "win rate": ["--method", "win-rate"],
}
PROMPTS, CATEGORIES, TIES = 5000, 8, 0.15


def rows(votes: int, models: int) -> Iterator[bytes]:
    """Lines of a file of votes."""
    source = random.Random(0)
    strength = {f"model-{number:03}": source.gauss(0.0, 1.0) for number in range(models)}
    names = list(strength)
    for _ in range(votes):
        left, right = source.sample(names, 2)
        prompt = source.randrange(PROMPTS)
        chance = 1 / (1 + math.exp(strength[right] - strength[left]))
        decided = "model_a" if source.random() < chance else "model_b"
        yield orjson.dumps(
            {
                "question_id": prompt,
                "model_a": left,
                "model_b": right,
                "winner": "tie" if source.random() < TIES else decided,
                "category": f"category-{prompt % CATEGORIES}",
                "conv_metadata": {
                    "sum_assistant_a_tokens": source.randrange(50, 900),
                    "sum_assistant_b_tokens": source.randrange(50, 900),
                    "list_count_a": source.randrange(9),
                    "list_count_b": source.randrange(9),
                },
            }
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--votes", type=int, default=100_000)
    parser.add_argument("--models", type=int, default=100)
    parser.add_argument("--bootstrap", type=int, default=1000)
    options = parser.parse_args()
    print(f"{options.votes:,} votes on {options.models} models, {options.bootstrap:,} resamples")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "votes.jsonl"
        path.write_bytes(b"\n".join(rows(options.votes, options.models)))
        rate = [sys.executable, "-c", "from aaa.cli import main; main()", "rate", str(path), "--json"]
        for name, more in COMMANDS.items():
            begun = time.perf_counter()
            command = [*rate, "--bootstrap", str(options.bootstrap), *more]
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            print(f"{name:<36}{time.perf_counter() - begun:8.1f} s", flush=True)


if __name__ == "__main__":
    main()
