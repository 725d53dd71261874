"""What each method of decontamination finds of paraphrases, and what it flags by mistake.

`python -m bench.decontamination DATA`: DATA is a folder with gsm8k, mt_bench, ifeval and self_instruct as their
repositories have them. Two sets, both written by hand:

- tuned: paraphrases of AAA's seeds (tests/curate/paraphrases.jsonl), which thresholds and rules were chosen on;
- fresh: paraphrases of rows of DATA (bench/paraphrases.jsonl, `of`), written afterwards and looked at once, and beside
  them hard negatives (`near`): another task about the same matter, or of the same pattern.

Shares come with 95 % intervals (Wilson).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aaa.curate.decontamination import Benchmark, Decontamination, held_out, suspects, threshold_of
from aaa.llm.embedding import local_embedding
from aaa.scenario import read_benchmark, read_texts
from bench.shares import share

ROOT = Path(__file__).resolve().parent.parent
RULES = ("tulu-3", "gpt-3", "datatrove", "gpt-4", "apertus")
EMBEDDINGS = ("hashed-ngrams", "wordllama")
FILES = {
    "gsm8k": "gsm8k/test_first400.jsonl",
    "mt_bench": "mt_bench/question.jsonl",
    "ifeval": "ifeval/input_data.jsonl",
    "self_instruct": "self_instruct/seed_tasks.jsonl",
}
Rows = Sequence[tuple[str, str]]
"""Ids (or that of the row meant) and texts."""


def benchmark_of(folder: Path) -> list[tuple[str, str]]:
    """All rows of the four sets, by the names that bench/paraphrases.jsonl has for them."""
    found = []
    for name, file in FILES.items():
        for id_, text in read_benchmark(folder / file):
            number = int(id_.removeprefix("line-")) - 1 if id_.startswith("line-") else id_
            found.append((f"{name}/{number}", text))
    return found


def flags(rows: Rows, against: Rows, vectors: Mapping[str, Any], **given: Any) -> list[tuple[int, str]]:
    """Position of each flagged row, and the id of what it was taken for."""
    keys = Decontamination.model_validate(given)
    texts, asked = [text for _, text in rows], tuple(text for _, text in against)
    found = held_out(texts, Benchmark(asked, keys, vectors.get("against")), vectors.get("rows"))
    return [(one.at, against[one.match][0]) for one in found]


def line(name: str, sets: Mapping[str, Rows], against: Rows, embedding: str | None, **given: Any) -> None:
    """Recall of paraphrases (and of the right row), then mistakes in each other set."""
    shown = []
    for label, rows in sets.items():
        vectors = {}
        if embedding is not None:
            embed = local_embedding(embedding)
            vectors = {"against": embed([text for _, text in against]), "rows": embed([text for _, text in rows])}
        found = flags(rows, against, vectors, **given)
        right = sum(rows[at][0] == match for at, match in found)
        shown.append(share(len(found), len(rows)) + (f", right one {right / len(rows):.1%}" if label == "of" else ""))
    print(f"| {name} | {' | '.join(shown)} |")


def looked_at(sets: Mapping[str, Rows], against: Rows, embedding: str) -> None:
    """What would reach a judge: the most it can find, and questions for each row that goes all the way."""
    threshold = threshold_of(embedding, judged=True) or 0.0
    embed, keys = local_embedding(embedding), Decontamination(method="semantic", threshold=threshold)
    benchmark = Benchmark(tuple(text for _, text in against), keys, embed([text for _, text in against]))
    shown = []
    for label, rows in sets.items():
        texts = [text for _, text in rows]
        close = suspects(texts, benchmark, embed(texts), {})
        right = sum(any(against[one.match][0] == rows[at][0] for one in near) for at, near in close.items())
        asked = sum(map(len, close.values())) / len(rows)
        shown.append(
            f"{asked:.1f} questions" + (f", right one among them {share(right, len(rows))}" if label == "of" else "")
        )
    print(f"| judge, {embedding} ({threshold:g}) | {' | '.join(shown)} |")


def report(sets: Mapping[str, Rows], against: Rows) -> None:
    print(f"\n{ {label: len(rows) for label, rows in sets.items()} } against {len(dict(against))}")
    for rule in RULES:
        line(rule, sets, against, None, method="ngram", rule=rule)
    for embedding in EMBEDDINGS:
        threshold = threshold_of(embedding, judged=False)
        line(f"semantic, {embedding} ({threshold:g})", sets, against, embedding, method="semantic", threshold=threshold)
        looked_at(sets, against, embedding)
    for threshold in (0.45, 0.55, 0.6, 0.65, 0.7):
        line(f"semantic, wordllama ({threshold:g})", sets, against, "wordllama", method="semantic", threshold=threshold)


def main() -> None:
    folder = Path(sys.argv[1])
    seeds = [(row.id, row.text) for file in sorted((ROOT / "data/seeds").glob("*.jsonl")) for row in read_texts(file)]
    benchmark = benchmark_of(folder)
    tuned = [(row.columns["of"], row.text) for row in read_texts(ROOT / "tests/curate/paraphrases.jsonl")]
    others = [(id_, text) for id_, text in benchmark if not id_.startswith("ifeval")]
    print("Tuned set")
    report({"of": tuned, "others": others}, seeds)
    lines = [json.loads(text) for text in (ROOT / "bench/paraphrases.jsonl").read_text().splitlines()]
    fresh = {key: [(row[key], row["instruction"]) for row in lines if key in row] for key in ("of", "near")}
    print("\nFresh set")
    report({**fresh, "seeds": seeds}, benchmark)


if __name__ == "__main__":
    main()
