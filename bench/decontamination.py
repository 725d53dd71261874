"""What each method of decontamination finds of paraphrases, and what it flags by mistake.

`python bench/decontamination.py [FILE ...]`: paraphrases of AAA's seeds, written by hand (tests/curate), should be
found; seeds held against the other seeds, and the rows of the files, should not.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from aaa.curate.decontamination import Benchmark, Decontamination, held_out
from aaa.scenario import read_texts
from aaa.types import content_hash

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = {
    **{rule: {"method": "ngram", "rule": rule} for rule in ("tulu-3", "gpt-3", "datatrove", "gpt-4", "apertus")},
    "semantic, hashed-ngrams": {"method": "semantic", "embedding": "hashed-ngrams"},
    "semantic, wordllama": {"method": "semantic", "embedding": "wordllama"},
}


def flagged(texts: Sequence[str], against: Sequence[str], settings: Decontamination) -> list[tuple[int, int]]:
    return [(one.at, one.match) for one in held_out(texts, Benchmark(tuple(against), settings))]


def alike(texts: Sequence[str], settings: Decontamination) -> int:
    """How many are flagged when each is held against all others."""
    return sum(bool(flagged([text], [*texts[:at], *texts[at + 1 :]], settings)) for at, text in enumerate(texts))


def main() -> None:
    seeds = [row for file in sorted((ROOT / "data/seeds").glob("*.jsonl")) for row in read_texts(file)]
    texts, ids = [row.text for row in seeds], [row.id for row in seeds]
    written = list(read_texts(ROOT / "tests/curate/paraphrases.jsonl"))
    others = [row.text for name in sys.argv[1:] for row in read_texts(Path(name)) if row.text]
    halves = {name: [row for row in written if even(row.text) is half] for name, half in (("A", True), ("B", False))}
    print(f"{len(halves['A'])} + {len(halves['B'])} paraphrases, {len(texts)} seeds, {len(others)} others")
    for name, given in SETTINGS.items():
        settings = Decontamination.model_validate(given)
        shares = []
        for rows in halves.values():
            found = flagged([row.text for row in rows], texts, settings)
            right = sum(ids[match] == rows[at].columns["of"] for at, match in found)
            shares.append(f"{len(found) / len(rows):.1%} (right one {right / len(rows):.1%})")
        wrong = f"{len(flagged(others, texts, settings)) / len(others):.1%}" if others else "-"
        print(f"{name} | {' | '.join(shares)} | {alike(texts, settings) / len(texts):.1%} | {wrong}")


def even(text: str) -> bool:
    """Which half a paraphrase belongs to: how far the two differ shows how sure a figure is."""
    return int(content_hash(text)[:8], 16) % 2 == 0


if __name__ == "__main__":
    main()
