"""Decontamination: published rules find what they are made for, the semantic pass what they cannot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aaa.curate.decontamination import Benchmark, Decontamination, Flagged, held_out, threshold_of
from aaa.curate.decontamination.semantic import numbers
from aaa.llm.embedding import local_embedding
from aaa.scenario import read_texts

ROOT = Path(__file__).resolve().parent.parent.parent
SEEDS = [row for file in sorted((ROOT / "data/seeds").glob("*.jsonl")) for row in read_texts(file)]
PARAPHRASES = list(read_texts(ROOT / "tests/curate/paraphrases.jsonl"))
TEST = "A baker makes 24 trays with 15 rolls each and sells 287 rolls before noon. How many of the rolls are left?"
COPY = f"Please solve this one for my class: {TEST} Show your steps."
HALF = "A baker makes 24 trays with 15 rolls each, feeds some to ducks, and goes home to rest until the evening comes."


def checked(
    texts: Sequence[str], against: Sequence[str], embedding: str = "hashed-ngrams", **given: Any
) -> list[Flagged]:
    """What is flagged, under the calibrated threshold of the embedding."""
    keys = Decontamination.model_validate({"threshold": threshold_of(embedding, judged=False), **given})
    if keys.method == "ngram":
        return held_out(texts, Benchmark(tuple(against), keys))
    embed = local_embedding(embedding)
    return held_out(texts, Benchmark(tuple(against), keys, embed(against)), embed(texts))


def found(text: str, against: str = TEST, **given: Any) -> list[Flagged]:
    return checked([text], [against], **given)


@pytest.mark.parametrize("rule", ["tulu-3", "gpt-3", "datatrove", "gpt-4", "apertus"])
def test_every_rule_finds_a_copy_in_a_longer_text(rule: str) -> None:
    (one,) = found(COPY, method="ngram", rule=rule)
    assert (one.method, one.match) == (rule, 0)
    assert 0.5 < one.score <= 1.0
    assert not found("Name the longest river of Africa.", method="ngram", rule=rule)


def test_rules_differ_as_published() -> None:
    twelve = " ".join(f"w{at}" for at in range(12))
    other = f"{twelve} and quite another end"
    assert not found(other, f"{twelve} x y z", method="ngram", rule="gpt-3")
    assert found(other, f"{twelve} x y z", method="ngram", rule="datatrove")
    assert found(other, f"{twelve} x y z", method="ngram", rule="tulu-3")[0].score == pytest.approx(12 / 15)
    assert not found(HALF, method="ngram", rule="tulu-3")
    assert not found(HALF, method="ngram", rule="gpt-4")


def test_equal_texts_are_found_however_short() -> None:
    for method in ("ngram", "semantic", "both"):
        (one,) = found("  why? ", "Why?", method=method, embedding="hashed-ngrams")
        assert (one.method, one.score) == ("exact", 1.0)
    assert not found("Why? Because.", "Why?", method="ngram", rule="gpt-4")
    assert not found("", "Why?", embedding="hashed-ngrams")


def test_numbers_are_read_in_digits_and_words() -> None:
    assert numbers("Six of 1,250 cost $2.75.") == {"6", "1250", "2.75"}


def share(rows: list[Any], **given: Any) -> float:
    hits = checked([row.text for row in rows], [row.text for row in SEEDS], **given)
    return sum(SEEDS[one.match].id == rows[one.at].columns["of"] for one in hits) / len(rows)


def test_the_semantic_pass_sees_paraphrases_that_words_do_not() -> None:
    pytest.importorskip("safetensors", reason="extra `embeddings`")
    ngram = share(PARAPHRASES, method="ngram", rule="tulu-3")
    hashed = share(PARAPHRASES, method="semantic", embedding="hashed-ngrams")
    local = share(PARAPHRASES, method="semantic", embedding="wordllama")
    assert ngram < 0.06
    assert hashed > 0.55
    assert local > 0.85


def test_the_semantic_pass_leaves_other_tasks_alone() -> None:
    pytest.importorskip("safetensors", reason="extra `embeddings`")
    others = ["What is 18 + 25?", "Draft an e-mail to my landlord.", "A tram has 3 cars."]
    assert not checked(others, [TEST, "What is 17 + 25?"], method="semantic", embedding="wordllama")


@given(st.lists(st.text(max_size=30), max_size=5), st.lists(st.text(max_size=30), max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_checked_and_is_flagged_once(texts: list[str], against: list[str]) -> None:
    hits = checked(texts, against)
    places = [one.at for one in hits]
    assert places == sorted(set(places))
    assert all(0.0 <= one.score <= 1.0 and one.match < len(against) for one in hits)
    copies = {at for at, text in enumerate(texts) if text in against and text.strip()}
    assert copies <= set(places)
