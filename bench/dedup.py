"""How long deduplication takes and how much memory, on instructions made by rule: `python bench/dedup.py 1000000`."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from random import Random

from aaa.curate.dedup import Dedup, Entry, deduplicate

SHARE = 0.2
"""Of the instructions are another one again, with at most one word changed."""


def instructions(number: int) -> Iterator[Entry]:
    """Texts of 6 to 60 words out of 20,000; one in five is near to one of the thousand before it."""
    random, words, recent = Random(7), [f"word{n}" for n in range(20_000)], []
    for at in range(number):
        if recent and random.random() < SHARE:
            chosen = list(random.choice(recent))
            if random.random() < 0.5:
                chosen[-1] = random.choice(words)
        else:
            chosen = [words[int(len(words) * random.random() ** 3)] for _ in range(random.randint(6, 60))]
            recent[at % 1000 : at % 1000 + 1] = [chosen]
        yield Entry(f"i{at}", " ".join(chosen))


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    entries = list(instructions(number))
    for method in ("exact", "minhash"):
        before = time.process_time()
        done = deduplicate(entries, Dedup.model_validate({"method": method}))
        seconds = time.process_time() - before
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        figures = {"rows": number, "kept": len(done.kept), "clusters": done.clusters}
        print(json.dumps({"method": method, **figures, "cpu_s": round(seconds, 1), "peak_gib": round(peak, 2)}))


if __name__ == "__main__":
    main()
