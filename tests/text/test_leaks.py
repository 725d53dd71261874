"""find_leak: texts that betray how they were written, and hard texts that only look like it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.text import find_leak
from aaa.text.leaks import leak_table

EXAMPLES = [json.loads(line) for line in (Path(__file__).parent / "leaks.jsonl").read_text("utf-8").splitlines()]
LEAKS = [(row["instruction"], row["text"]) for row in EXAMPLES if row["leak"]]
STAND_ALONE = [(row["instruction"], row["text"]) for row in EXAMPLES if not row["leak"]]
"""Our own. The cues were fitted on them; bench/stand_alone.py measures them on texts that they were not fitted on."""


def test_at_least_95_percent_of_leaks_are_caught() -> None:
    missed = [text for instruction, text in LEAKS if find_leak(text, instruction) is None]
    assert len(missed) <= 0.05 * len(LEAKS), missed


def test_at_most_5_percent_of_texts_that_stand_alone_are_suspected() -> None:
    found = {text: find_leak(text, instruction) for instruction, text in STAND_ALONE}
    suspected = {text: words for text, words in found.items() if words is not None}
    assert len(suspected) <= 0.05 * len(STAND_ALONE), suspected


def test_the_words_found_are_words_of_the_text() -> None:
    assert find_leak("The sum is 5. Thanks for the hint!") == "Thanks for the hint"


def test_the_instruction_excuses_what_it_brings_up_but_nothing_else() -> None:
    instruction = "Correct the spelling: teh cat"
    assert find_leak("Here is the corrected text: the cat", instruction) is None
    assert find_leak("Here is the corrected text, as you suggested: the cat", instruction) == "as you suggested"


def test_a_phrase_that_the_instruction_quotes_is_excused() -> None:
    text = "In English one would write: good catch, and smile."
    assert find_leak("Good catch, Ben!", "Say it politely: Good catch, Ben!") is None
    assert find_leak(text) is None


@pytest.mark.parametrize("text", ["", " \n", "102", "<<<end>>>", "“unclosed quote. Fine."])
def test_texts_without_a_leak(text: str) -> None:
    assert find_leak(text) is None


@given(st.text(), st.text())
def test_any_text_can_be_read(text: str, instruction: str) -> None:
    found = find_leak(text, instruction)
    assert found is None or found in text


def test_few_phrases_are_searched_and_none_is_missed() -> None:
    """Looking at the words first changes nothing that is found, and leaves little to search."""
    phrases, searched = leak_table().phrases, 0
    patterns = [phrases.compiled(number) for number in range(len(phrases.patterns))]
    for row in EXAMPLES:
        for line in row["text"].split("\n"):
            possible = list(phrases.possible(line))
            searched += len(possible)
            found = [number for number, pattern in enumerate(patterns) if pattern.search(line)]
            assert [number for number in possible if patterns[number].search(line)] == found
    assert searched < 0.03 * len(patterns) * len(EXAMPLES)


@pytest.mark.parametrize("piece", ["I ", "thanks for the ", "my first ", '"', "a ", "you ", "here is the ", "\n- "])
def test_long_texts_are_read_in_linear_time(piece: str) -> None:
    """Ten times the text takes some ten times as long; where a pattern goes back and forth, a hundred times or more."""

    def seconds(length: int) -> float:
        text, times = piece * (length // len(piece)), []
        for _ in range(3):
            started = time.thread_time()
            find_leak(text)
            times.append(time.thread_time() - started)
        return min(times)

    seconds(6_000)  # compiles the patterns
    assert seconds(60_000) < 50 * seconds(6_000)
