"""The layout of UltraFeedback-binarized: both sides hold the prompt's turn, and six splits hold the same columns."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from aaa.export.entry import PAIRS, Entry, Fault, Row, Unfit, origin, terms
from aaa.export.folders import Folder
from aaa.export.form import Format
from aaa.export.jsonl import Line, Written
from aaa.export.messages import spoken, words
from aaa.export.rules import conversation, differ, texts
from aaa.types import PreferencePair

SOURCE = "dataset card of HuggingFaceH4/ultrafeedback_binarized, and alignment-handbook"
USES = ("prefs", "sft", "gen")
"""All pairs for preference training; one pair of each prompt for SFT (`messages`), and for generation (`prompt`)."""
SPLITS = tuple(f"{part}_{use}" for use in USES for part in ("train", "test"))


def _shape(entry: Entry) -> Iterator[Row]:
    pair = entry.sample
    assert isinstance(pair, PreferencePair)
    asked = next((message for message in reversed(pair.prompt) if message.role == "user"), None)
    if asked is None:
        raise Unfit("no_question", "the prompt has no turn of the user")
    prompt = words(asked)
    chosen = spoken((*pair.prompt, *pair.chosen))
    yield {
        "prompt": prompt,
        "prompt_id": prompt_id(pair),
        "chosen": chosen,
        "rejected": spoken((*pair.prompt, *pair.rejected)),
        "messages": chosen,
        "score_chosen": pair.grade,
        "score_rejected": pair.rejected_grade,
        **origin(pair),
        **terms(pair),
    }


def prompt_id(pair: PreferencePair) -> str:
    """SHA-256 of the prompt's text; of all its turns where it has more than one."""
    said = [message.text for message in pair.prompt]
    return hashlib.sha256("\n\n".join(said).encode("utf-8", "surrogatepass")).hexdigest()


def splits_of(split: str, first_of_prompt: bool) -> Iterator[str]:
    """The splits that a row goes to."""
    part = "train" if split == "train" else "test"
    yield f"{part}_prefs"
    if first_of_prompt:
        yield f"{part}_sft"
        yield f"{part}_gen"


class _Splits(Folder):
    """Spreads rows over the splits."""

    def write(self, path: Path, lines: Iterator[Line]) -> list[Written]:
        return super().write(path, _spread(lines))


def _spread(lines: Iterator[Line]) -> Iterator[Line]:
    seen: set[bytes] = set()
    for line in lines:
        key = bytes.fromhex(line.row["prompt_id"])
        for name in splits_of(line.split, key not in seen):
            yield Line(name, line.json)
        seen.add(key)


def _check(row: Row) -> Iterator[Fault]:
    yield from texts(row, "prompt", "prompt_id")
    for side in ("chosen", "rejected", "messages"):
        yield from conversation(row.get(side), side, roles=("system", "user", "assistant"), ends=("assistant",))
    yield from differ(row.get("chosen"), row.get("rejected"))
    if row.get("messages") != row.get("chosen"):
        yield "messages", "`messages` must be `chosen`"


FORMATS: dict[str, Format] = {
    "ultrafeedback": Format(PAIRS, _shape, _check, SOURCE, origin=True, layout=_Splits(SPLITS)),
}
