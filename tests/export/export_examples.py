"""Selected rows to export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aaa.export import FORMATS, Entry, Exported, export_rows
from aaa.types import (
    LabelledSample,
    PreferencePair,
    Producer,
    Sample,
    SftSample,
    SteppedSample,
    assistant,
    user,
)

GPT = Producer(model="gpt", family="gpt", license="openai-terms")
QWEN = Producer(model="qwen", family="qwen", license="apache-2.0")
SHARED: dict[str, Any] = {
    "session": "s",
    "selection": "main",
    "instruction": "instruction-1",
    "source_id": "seed-1",
    "prompt": (user("What is 2 + 2?"),),
    "skill": "arithmetic",
    "language": None,
    "producers": (QWEN, GPT),
    "licenses": ("apache-2.0", "openai-terms"),
    "judges": ("claude", "gpt"),
    "simulated": False,
    "lineage": {},
}
PAIR: dict[str, Any] = SHARED | {
    "chosen_answer": "answer-1",
    "rejected_answer": "answer-2",
    "chosen_model": "gpt",
    "rejected_model": "qwen",
    "chosen": (assistant("4"),),
    "rejected": (assistant("5"),),
    "chosen_context": "plain",
    "rejected_context": "plain",
    "by": "verdict",
    "decided_by": "panel",
    "margin": 2,
    "grade": 9,
    "rejected_grade": None,
    "disagree": None,
}
ONE: dict[str, Any] = SHARED | {
    "completion": (assistant("4"),),
    "answer": "answer-1",
    "context": "plain",
    "grade": 9,
    "verified": True,
}


def pair(id_: str = "pair-1", **fields: Any) -> PreferencePair:
    return PreferencePair(**PAIR | {"id": id_} | fields)


def sample(id_: str = "sft-1", **fields: Any) -> SftSample:
    return SftSample(**ONE | {"id": id_, "by": "verdict"} | fields)


def labelled(id_: str = "label-1", **fields: Any) -> LabelledSample:
    return LabelledSample(**ONE | {"id": id_, "label": True} | fields)


def stepped(id_: str = "steps-1", **fields: Any) -> SteppedSample:
    steps = {"id": id_, "answer": "answer-1", "steps": ("2 + 2 is 4.", "So 5."), "labels": (True, False)}
    return SteppedSample(**SHARED | steps | fields)


def written(path: Path, name: str, *rows: Sample | Entry, partial: bool = False) -> Exported:
    entries = [row if isinstance(row, Entry) else Entry(row) for row in rows]
    return export_rows(name, iter(entries), path, partial=partial)


def exported(tmp_path: Path, name: str, *rows: Sample | Entry, partial: bool = False) -> list[dict[str, Any]]:
    """The rows as they are read back; nothing may be left out."""
    path = tmp_path / "out.jsonl"
    made = written(path, name, *rows, partial=partial)
    assert made.left_out.counts() == {}
    found = [row for _, row in FORMATS[name].layout.read(path)]
    assert len(found) == sum(file.rows for file in made.files)
    return json.loads(json.dumps(found))


def of_kind(name: str, id_: str, **fields: Any) -> Sample:
    """A row that the format takes."""
    make = {PreferencePair: pair, SftSample: sample, LabelledSample: labelled, SteppedSample: stepped}
    return make[FORMATS[name].kinds[0]](id_, **fields)  # type: ignore[operator, index, no-any-return]
