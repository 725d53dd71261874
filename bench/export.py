"""How much memory and time an export takes: `python bench/export.py [ROWS]` writes pairs to JSON and Parquet.

Rows are made as they are written; what is measured is shaping, checking and writing, each format in its own process.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from aaa.export import Entry, export_rows
from aaa.types import PreferencePair, Producer, assistant, user

FORMATS = {
    "trl-preference": "pairs.jsonl",
    "llamafactory-ranking": "ranking.json",
    "parquet-preference": "pairs.parquet",
}


def pairs(rows: int) -> Iterator[Entry]:
    """Pairs of about 1.5 kB of text each."""
    producers = (Producer(model="gpt", family="gpt", license="openai-terms"),)
    filler = "The quick brown fox jumps over the lazy dog, twice. " * 12
    for number in range(rows):
        yield Entry(
            PreferencePair(
                id=f"pair-{number:020d}",
                session="s",
                selection="main",
                instruction=f"instruction-{number}",
                source_id=f"seed-{number}",
                prompt=(user(f"Question {number}? {filler[:200]}"),),
                skill="writing",
                language="en",
                producers=producers,
                licenses=("openai-terms",),
                judges=("a", "b"),
                simulated=False,
                lineage={},
                chosen_answer="a",
                rejected_answer="b",
                chosen_model="gpt",
                rejected_model="qwen",
                chosen=(assistant(f"{number}: {filler}"),),
                rejected=(assistant(f"{number}! {filler}"),),
                chosen_context="plain",
                rejected_context="plain",
                by="verdict",
                decided_by="panel",
                margin=2.0,
                grade=8.0,
                rejected_grade=5.0,
                disagree=False,
            )
        )


def measure(name: str, rows: int, folder: Path) -> None:
    """One format, in this process."""
    begun = time.perf_counter()
    made = export_rows(name, pairs(rows), folder / FORMATS[name], partial=False)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(file.bytes for file in made.files) / 2**20
    print(f"{name}: {made.rows:,} rows, {size:,.0f} MiB, {seconds:,.0f} s, peak {peak:,.0f} MiB", flush=True)


def main() -> None:
    """Each format in a process of its own, so that peaks are its own."""
    if len(sys.argv) == 4:
        measure(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
        return
    rows = sys.argv[1] if len(sys.argv) > 1 else "1000000"
    for name in FORMATS:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, __file__, name, rows, folder], check=True)


if __name__ == "__main__":
    main()
