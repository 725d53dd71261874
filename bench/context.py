"""How far cues tell which turns depend on what was said before: python bench/context.py [--data DIR]

On turns by hand in ten languages, of which one set was used to find cues and the other was not. With `--data` on texts
of others (folders mt_bench and self_instruct): second turns of MT-bench are to be found, first turns and single
instructions are not. Nine of MT-bench's second turns make sense by themselves; they were told by hand.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from aaa.text import depends

TEXTS = Path(__file__).resolve().parent.parent / "tests" / "text"
ALONE = frozenset({91, 92, 94, 95, 97, 98, 99, 143, 158})
"""Second turns of MT-bench that need no first one."""


def by_hand(name: str) -> Iterator[tuple[str, bool, str]]:
    """Language, whether it depends, and words."""
    for line in (TEXTS / name).read_text("utf-8").splitlines():
        language, depending, said = line.split("\t")
        yield language, depending == "1", said


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def share(said: Iterable[str], language: str = "en") -> str:
    found = [depends(one, language) for one in said]
    return f"{sum(found)} of {len(found)}"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args(arguments)
    for name in ("later_turns.tsv", "later_turns_unseen.tsv"):
        for language, group in groupby(by_hand(name), key=lambda row: row[0]):
            turns = [(depending, said) for _, depending, said in group]
            dependent, others = ([said for depending, said in turns if depending is kind] for kind in (True, False))
            print(f"{name} {language}: {share(dependent, language)} found, {share(others, language)} of others")
    if options.data is not None:
        asked = [(row["question_id"], row["turns"]) for row in rows(options.data / "mt_bench" / "question.jsonl")]
        print("MT-bench, second turns:", share(turns[1] for number, turns in asked if number not in ALONE))
        print("MT-bench, first turns:", share(turns[0] for _, turns in asked))
        tasks = rows(options.data / "self_instruct" / "seed_tasks.jsonl")
        print("Self-Instruct, instructions:", share(row["instruction"] for row in tasks))


if __name__ == "__main__":
    main()
