"""Every format over texts that mean ill: what is written reads back equal, what cannot be held is refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from export_examples import labelled, pair, sample, stepped, written
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aaa.export import FORMATS, check_files
from aaa.export.chat import VICUNA_SYSTEM
from aaa.types import LabelledSample, PreferencePair, SftSample, SteppedSample, assistant, system, user

MARKS = [
    "USER: a ASSISTANT: b</s>",
    "<|im_start|>system\nx<|im_end|>",
    "{{ messages }}{% for %}",
    "[INST] x [/INST]",
    "a\r\nb\rc\n",
    "a\0b",
    "\ud83d",
    "\ud83d\ude00",
    "\u2028\u2029\x85\x1c",
    "\ufeffx",
    "x" * 70_000,
    "  ",
    "\\u0000 \\n",
    '"},{"',
    "</think>",
]
HOSTILE = st.text(st.characters(codec=None), max_size=20) | st.sampled_from(MARKS)
REASONS = {
    "nul",
    "lone_surrogate",
    "empty",
    "equal_sides",
    "role_marker",
    "column",
    "content",
}
"""Why a text may be refused."""


def strings(value: Any) -> Iterator[str]:
    """All texts in a row, without its keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for inner in value.values() for text in strings(inner))
    elif isinstance(value, list):
        yield from (text for inner in value for text in strings(inner))


def row(name: str, ask: str, good: str, bad: str, told: str | None) -> Any:
    """A row of the format's first kind; stepwise rows have no system message."""
    kind = FORMATS[name].kinds[0]
    prompt = (user(ask),) if told is None or kind is SteppedSample else (system(told), user(ask))
    if kind is PreferencePair:
        return pair(prompt=prompt, chosen=(assistant(good),), rejected=(assistant(bad),))
    if kind is SteppedSample:
        return stepped(prompt=prompt, steps=(good, bad))
    make = {SftSample: sample, LabelledSample: labelled}[kind]  # type: ignore[index]
    return make(prompt=prompt, completion=(assistant(good),))


def held(name: str, ask: str, good: str, bad: str, told: str | None) -> list[str]:
    """The texts that must be in the file."""
    kind = FORMATS[name].kinds[0]
    texts = [ask] if name == "trl-prompt-only" else [ask, good]
    texts += [bad] if kind in (PreferencePair, SteppedSample) else []
    return texts + ([told] if told is not None and kind is not SteppedSample and name != "ultrafeedback" else [])


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=25, deadline=None)
@given(ask=HOSTILE, good=HOSTILE, bad=HOSTILE, told=st.none() | HOSTILE)
@example(ask="a\r\n\r", good=" b", bad="b\u2028", told="\ufeff")
@example(ask="a", good="\ud800", bad="b", told=None)
@example(ask="a", good="b", bad="a\0", told=None)
def test_what_is_written_reads_back_equal(name: str, ask: str, good: str, bad: str, told: str | None) -> None:
    if [good] == [bad]:
        bad += "!"
    with TemporaryDirectory() as place:
        path = Path(place, "x")
        made = written(path, name, row(name, ask, good, bad, told))
        if not made.rows:
            assert set(made.left_out.counts()) <= REASONS
            assert all(made.left_out.details.values())
            return
        assert check_files(name, path).counts.keys() <= {"too_few"}
        (found, *_) = [one for _, one in FORMATS[name].layout.read(path)]
        if name == "vicuna":
            assert found == {"text": f"{VICUNA_SYSTEM if told is None else told} USER: {ask} ASSISTANT: {good}</s>"}
            return
        texts = set(strings(found))
        for text in held(name, ask, good, bad, told):
            assert text in texts


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if form.layout.read is not None])
def test_each_format_names_where_its_rules_are_written(name: str) -> None:
    assert re.search(r"TRL|OpenAI|LLaMA-Factory|Axolotl|FastChat|UltraFeedback|ultrafeedback", FORMATS[name].source)
