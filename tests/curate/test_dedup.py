"""Deduplication: what is found, what is kept, and that nothing gets lost."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aaa.curate.dedup import Dedup, Entry, MinHash, deduplicate, near_pairs
from aaa.llm.embedding import HASHED, LOCAL, local_embedding
from aaa.text import close_pairs, hashed_ngrams

LONG = "Explain to a new colleague why the build of our mobile app takes so long and name three ways to shorten it."


def pair_of(number: int, size: int, shared: int) -> list[str]:
    """Two texts of `size` words that nobody else has, `shared` of them in common."""
    words = [f"w{number}x{at}" for at in range(2 * size - shared)]
    return [" ".join(words[:size]), " ".join(words[size - shared :])]


@pytest.mark.parametrize("similarity", [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.95])
def test_detection_follows_the_published_curve(similarity: float) -> None:
    size, number, parameters = 60, 1500, MinHash(ngram=1)
    shared = round(2 * size * similarity / (1 + similarity))
    texts = [text for at in range(number) for text in pair_of(at, size, shared)]
    found = set(near_pairs(texts, parameters))
    share = sum((2 * at, 2 * at + 1) in found for at in range(number)) / number
    assert abs(share - parameters.detection(shared / (2 * size - shared))) < 0.03
    assert all(one // 2 == other // 2 for one, other in found)


def test_the_defaults_are_those_of_fineweb() -> None:
    assert round(MinHash().threshold, 2) == 0.72
    assert [round(MinHash().detection(s), 3) for s in (0.7, 0.75, 0.8, 0.85)] == [0.565, 0.772, 0.924, 0.988]


def test_short_texts_are_compared_by_shorter_ngrams() -> None:
    assert near_pairs(["Name three blue fruits.", "name three blue fruits"]) == [(0, 1)]
    assert near_pairs(["Name three blue fruits.", "Sort these five words."]) == []
    assert near_pairs(["", "?", "..."]) == []


def test_methods_see_what_they_promise() -> None:
    texts = [LONG, LONG.upper() + "  ", LONG + " Thanks!", "Which river is the longest of Africa?"]
    entries = [Entry(str(at), text) for at, text in enumerate(texts)]
    vectors = local_embedding(HASHED)(texts)
    removed = {
        method: dict(deduplicate(entries, Dedup(method=method), vectors).removed)  # type: ignore[arg-type]
        for method in ("exact", "minhash", "embedding")
    }
    assert removed["exact"] == {0: 1}
    assert removed["minhash"] == removed["embedding"] == {0: 2, 1: 2}


def test_the_best_is_kept_by_grade_then_length_then_id() -> None:
    same = [Entry("c", "Same."), Entry("b", "same.", 2.0), Entry("a", "same.", 1.0), Entry("d", "SAME.")]
    assert deduplicate(same, Dedup(method="exact")).kept == (1,)
    assert deduplicate([same[0], same[3]], Dedup(method="exact")).kept == (0,)
    assert deduplicate([Entry("a", "x y"), Entry("z", "x  y")], Dedup(method="exact")).kept == (1,)


def test_texts_without_a_character_are_like_nothing() -> None:
    assert len(deduplicate([Entry("a", ""), Entry("b", " \n")], Dedup(method="exact")).kept) == 2


TEXTS = st.lists(st.text(alphabet="ab \n?Ä", max_size=12), max_size=12)


@given(TEXTS, st.sampled_from(["exact", "minhash", "embedding"]), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_in_is_kept_and_removed_whatever_the_order(texts: list[str], method: str, random: Random) -> None:
    rule = Dedup.model_validate({"method": method})
    entries = [Entry(str(at), text) for at, text in enumerate(texts)]
    done = deduplicate(entries, rule, hashed_ngrams(texts))
    assert sorted([*done.kept, *done.removed]) == list(range(len(entries)))
    assert set(done.removed.values()) <= set(done.kept)
    order = random.sample(entries, len(entries))
    again = deduplicate(order, rule, hashed_ngrams([one.text for one in order]))
    assert {order[at].id for at in again.kept} == {entries[at].id for at in done.kept}


def test_close_pairs_are_those_of_the_whole_matrix() -> None:
    vectors = np.random.default_rng(1).normal(size=(2100, 3)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    expected = np.argwhere(np.triu(vectors @ vectors.T >= 0.9995, k=1))
    assert set(close_pairs(vectors, 0.9995)) == {(int(i), int(j)) for i, j in expected}


def test_the_small_model_is_on_board_and_sees_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("safetensors", reason="extra `embeddings`")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    texts = ["How old is the doctor?", "What is the age of the physician?", "Sort the list by price.", ""]
    local, hashed = (local_embedding(name)(texts) for name in (LOCAL, HASHED))
    assert local.shape == (4, 256)
    assert np.allclose(np.linalg.norm(local, axis=1), [1, 1, 1, 0], atol=1e-5)
    assert local[0] @ local[1] > local[0] @ local[2] + 0.2
    assert hashed[0] @ hashed[1] < local[0] @ local[1]
    assert np.array_equal(local_embedding(LOCAL)(texts[:1])[0], local[0])
