"""CPU of what is read from every text of a session, per 1,000 characters: python bench/texts.py

The texts are those of this checkout, in pieces of about 1,000 characters: answers (tests/text/leaks.jsonl), Markdown
(docs), code (aaa), and prompts of other languages (data/seeds/languages.jsonl). Process time, the least of several
rounds over all pieces of a kind; a conversation is eight such pieces.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from aaa.teach.quality import quality_of  # noqa: E402 - the checkout comes first
from aaa.text import (  # noqa: E402
    fence,
    find_leak,
    identified,
    is_refusal,
    language_of,
    neutralise,
    orders_judge,
    personal_data,
    redact,
    style,
    words,
    wrong_language,
)
from aaa.types import assistant, user  # noqa: E402

SIZE, PIECES, TURNS = 1000, 40, 8
MARK = fence(1, "bench")
ASKED = ["Explain how the rate of a shop follows from what it sells in six days, and say what it sells in nine."]


def quality(piece: str) -> object:
    step = -(-len(piece) // TURNS)
    turns = [piece[at : at + step] for at in range(0, len(piece), step)]
    return quality_of([(assistant if at % 2 else user)(said) for at, said in enumerate(turns)])


READ: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        "words": words,
        "style": style,
        "is_refusal": is_refusal,
        "orders_judge": orders_judge,
        "neutralise": lambda piece: neutralise(piece, MARK),
        "language_of": language_of,
        "wrong_language": lambda piece: wrong_language(ASKED, piece),
        "identified": identified,
        "personal_data": lambda piece: list(personal_data(piece)),
        "redact": redact,
        "find_leak": lambda piece: find_leak(piece, ASKED[0]),
        f"a conversation of {TURNS} turns": quality,
    }
)


def texts() -> dict[str, list[str]]:
    def lines(path: str, field: str) -> str:
        with (ROOT / path).open(encoding="utf-8") as file:
            return "\n\n".join(json.loads(line)[field] for line in file)

    def files(pattern: str) -> str:
        return "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob(pattern)))

    return {
        "answers": pieces(lines("tests/text/leaks.jsonl", "text")),
        "Markdown": pieces(files("docs/*.md")),
        "code": pieces(files("aaa/text/*.py")),
        "other languages": pieces(lines("data/seeds/languages.jsonl", "instruction")),
    }


def pieces(text: str) -> list[str]:
    return list(_pieces(text))[:PIECES]


def _pieces(text: str) -> Iterator[str]:
    at = 0
    while at + SIZE < len(text):
        end = text.index("\n", at + SIZE) if "\n" in text[at + SIZE :] else len(text)
        yield text[at:end]
        at = end + 1


def cpu(read: Callable[[str], object], found: Sequence[str], rounds: int) -> float:
    """Milliseconds for 1,000 characters."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.process_time()
        for piece in found:
            read(piece)
        best = min(best, time.process_time() - begun)
    return best * 1000 / (sum(map(len, found)) / 1000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    kinds = texts()
    print(f"| CPU of 1,000 characters, ms | {' | '.join(kinds)} |\n|---|{'---|' * len(kinds)}")
    for name, read in READ.items():
        row = [f"{cpu(read, found, options.rounds):.3f}" for found in kinds.values()]
        print(f"| {name} | {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
