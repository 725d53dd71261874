"""Prompts by the million: source, filters, exact deduplication, sampling; time and memory of each.

python bench/data.py [--rows 1000000]. Memory is the peak resident size of the whole process, read from the system.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from aaa.curate.filters import filtered
from aaa.curate.sampling import Entry, cell_of, choose
from aaa.scenario import FilterRule, PromptRow, Prompts, Sampling, read_source
from aaa.text import normalised

RULES = [FilterRule.model_validate(rule) for rule in ({"language": ["en"]}, "pii", "repetition", "encoding")]
SKILLS = ("coding", "maths", "writing", "history")
VERBS = ("Explain", "Compare", "Describe", "Summarise", "Sort")


def write(path: Path, rows: int) -> None:
    """Prompts of 20 to 40 words; one in twenty is a copy in other case, one in a hundred holds a mail address."""
    dice = random.Random(7)
    vocabulary = [f"word{n}" for n in range(20_000)]
    with path.open("w", encoding="utf-8") as file:
        text = ""
        for number in range(rows):
            if number % 20 != 19:
                body = " ".join(dice.choices(vocabulary, k=dice.randint(15, 35)))
                text = f"{dice.choice(VERBS)} the following and say what you think of it: {body}"
            shown = text.upper() if number % 20 == 19 else text
            shown += " Mail me at jane@firm.org." if number % 100 == 50 else ""
            line = {"id": str(number), "instruction": shown, "skill": dice.choice(SKILLS), "language": "en"}
            file.write(json.dumps(line) + "\n")


def peak() -> float:
    """MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "prompts.jsonl"
        write(path, rows)
        print(f"{rows:,} rows, {path.stat().st_size / 2**20:,.0f} MiB on disk; imports take {peak():,.0f} MiB")
        begin = time.perf_counter()
        counts = {"filtered": 0, "refused": 0, "duplicates": 0}
        pool = list(survivors(path, counts))
        middle = time.perf_counter()
        print(f"source, filters, exact deduplication: {middle - begin:,.0f} s, peak {peak():,.0f} MiB")
        drawn = choose(pool, Sampling(size=rows // 10, by=("skill",)), seed=1)
        print(f"sample of {len(drawn.ids):,}: {time.perf_counter() - middle:,.0f} s, peak {peak():,.0f} MiB")
        whole = len(pool) + sum(counts.values())
        print(f"kept {len(pool):,} + {counts} = {whole:,} of {rows:,}")
        assert whole == rows


def survivors(path: Path, counts: dict[str, int]) -> Iterator[Entry]:
    """What sampling keeps of each row that passes; texts are not kept, only 16 bytes of each one's hash."""
    seen: set[bytes] = set()
    prompts = Prompts.model_validate({"from": str(path), "faults": "set_aside"})
    for row in filtered(read_source(prompts, near=path.parent), RULES):
        if not isinstance(row, PromptRow):
            counts["filtered" if row.reason == "filtered" else "refused"] += 1
            continue
        key = blake2b(normalised(row.messages[-1].text).encode(), digest_size=16).digest()
        if key in seen:
            counts["duplicates"] += 1
            continue
        seen.add(key)
        yield Entry(row.source_id, cell_of(row, ("skill",)))


if __name__ == "__main__":
    main()
