"""Splits of exports: whole clusters of prompts, whatever joins them, and disjoint files."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from aaa.curate.dedup import near_pairs
from aaa.curate.splits import SplitRow, asked, split_up
from aaa.export import FORMATS
from aaa.session import ExportOptions, export
from aaa.session.importing import import_file
from aaa.store import Store
from aaa.types import Instruction, Lineage, system, user

WORDS = [
    *[
        "river",
        "mountain",
        "copper",
        "violin",
        "harvest",
        "lantern",
        "marble",
        "pepper",
        "whisper",
        "canyon",
        "orbit",
        "velvet",
    ]
]
TOPICS = [
    "Describe how a {} changes over many years",
    "List the three oldest uses of a {} in daily life",
    "Say what {}",
]


def instruction(number: int, text: str, **fields: Any) -> Instruction:
    own = {"id": f"i{number:03}", "session": "s", "source_id": f"{number}", "messages": (user(text),)}
    return Instruction(**own | fields)


@st.composite
def prompts(draw: st.DrawFn) -> list[Instruction]:
    """Some equal, some that nearly are, some made of others, some with a split of their own."""
    made: list[Instruction] = []
    for number in range(draw(st.integers(2, 14))):
        topic = draw(st.sampled_from(TOPICS)).format(draw(st.sampled_from(WORDS)))
        text = draw(st.sampled_from([topic, topic.upper(), f"{topic}, please.", f"  {topic}  today "]))
        above = draw(st.sampled_from([None, None, *(one.id for one in made), "elsewhere"]))
        fields: dict[str, Any] = {"lineage": Lineage(parent=above)}
        if draw(st.integers(0, 5)) == 0:
            fields["split"] = draw(st.sampled_from(["train", "validation", "test"]))
        if draw(st.booleans()):
            fields["system"] = "Be brief."
        made.append(instruction(number, text, **fields))
    return made


def parted(rows: list[Instruction], share: float = 0.5) -> dict[str, str]:
    return dict(split_up([SplitRow.of(one) for one in rows], map(asked, rows), share))


@settings(max_examples=150, deadline=None)
@given(prompts(), st.randoms(use_true_random=False))
def test_no_cluster_is_in_two_splits(rows: list[Instruction], luck: Any) -> None:
    split = parted(rows)
    assert set(split) == {one.id for one in rows}
    for one, other in near_pairs([asked(row) for row in rows]):
        assert split[rows[one].id] == split[rows[other].id]
    for row in rows:
        same = [one for one in rows if one.lineage.parent == row.id or one.lineage.parent == row.lineage.parent != None]  # noqa: E711
        assert {split[one.id] for one in same} <= {split[row.id]}
        if row.split == "test":
            assert split[row.id] == "test"
    shuffled = list(rows)
    luck.shuffle(shuffled)
    assert parted(shuffled) == split


def test_more_rounds_of_evolution_move_nothing() -> None:
    seeds = [instruction(number, TOPICS[number % 3].format(word)) for number, word in enumerate(WORDS)]
    before = parted(seeds)
    children = []
    for number, seed in enumerate(seeds):
        text = f"{seed.text}, and what {WORDS[-number]} has to do with it, in verse"
        children.append(instruction(100 + number, text, lineage=Lineage(parent=seed.id)))
    after = parted([*seeds, *children])
    assert {id_: after[id_] for id_ in before} == before
    assert set(before.values()) == {"train", "test"}


def test_a_shared_system_message_joins_nothing_and_the_share_is_kept() -> None:
    told = "You are a helpful assistant that answers in one short and friendly sentence at most. " * 3
    luck = Random(1)
    rows = [instruction(number, " ".join(luck.sample(WORDS, 9)), system=told) for number in range(400)]
    split = parted(rows, 0.1)
    assert 20 <= sum(one == "test" for one in split.values()) <= 60
    assert parted(rows, 0.0) == dict.fromkeys(split, "train")
    assert asked(rows[0]) == rows[0].messages[0].text
    assert rows[0].prompt[0] == system(told)


@settings(max_examples=8, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(WORDS), st.sampled_from(["", "!", ", please", " TODAY"])), min_size=4, max_size=24
    )
)
def test_files_of_splits_are_disjoint_and_whole(chosen: list[tuple[str, str]]) -> None:
    rows = [
        {"prompt": TOPICS[at % 2].format(word) + ending, "chosen": f"good {at}", "rejected": f"bad {at}"}
        for at, (word, ending) in enumerate(chosen)
    ]
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        with Store.open(folder / "a.db") as store:
            asyncio.run(import_file(store, folder / "in.jsonl", "trl-preference", "s"))
            found = {}
            for split in ("train", "validation", "test"):
                options = ExportOptions(split=split, test_share=0.5)  # type: ignore[arg-type]
                export(store, "s", "imported", "trl-preference", folder / split, options)
                found[split] = [
                    row["prompt"][0]["content"] for _, row in FORMATS["trl-preference"].layout.read(folder / split)
                ]
            export(store, "s", "imported", "ultrafeedback", folder / "uf", ExportOptions(test_share=0.5))
            held = {
                part: {row["prompt"] for _, row in FORMATS["trl-sft"].layout.read(file)}
                for part in ("train", "test")
                for file in (folder / "uf/data").glob(f"{part}_prefs*")
            }
        texts = [text for group in found.values() for text in group]
        assert sorted(texts) == sorted(row["prompt"] for row in rows)
        for one, other in near_pairs(texts):
            assert any(texts[one] in group and texts[other] in group for group in found.values())
        for one in found:
            for other in found:
                assert one == other or not set(found[one]) & set(found[other])
        assert {part: set(found[part]) for part in held} == held
