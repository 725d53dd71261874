"""Reasoning written into the text is told apart from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.llm.reasoning import Parted, part


@pytest.mark.parametrize(
    ("content", "text", "reasoning"),
    [
        ("plain", "plain", None),
        ("<think>a</think>b", "b", "a"),
        ("\n<think>\na\n</think>\n\nb", "b", "a"),
        ("<THINK>a</Think>b", "b", "a"),
        ("<think></think>b", "b", None),
        ("<think>a</think>b<think>c</think>d", "bd", "a\n\nc"),
        ("b <think>a</think> c", "b  c", "a"),
        ("<think>a<think>b</think>c</think>d", "d", "abc"),
        ("<think>I could write <think> here</think>d", "d", "I could write  here"),
        ("template opened it</think>d", "d", "template opened it"),
        ("a</think>b</think>c", "c", "a\n\nb"),
        ("use `<think>` tags", "use `<think>` tags", None),
        ("```xml\n<think>\n</think>\n```\nis code", "```xml\n<think>\n</think>\n```\nis code", None),
        ("<think>a ` b</think>the `x`", "the `x`", "a ` b"),
        ("a < b and b > a", "a < b and b > a", None),
        ("I think> so", "I think> so", None),
    ],
)
def test_visible_text_and_reasoning(content: str, text: str, reasoning: str | None) -> None:
    assert part(content) == Parted(text, reasoning)


@pytest.mark.parametrize("content", ["<think>never ends", "well <think>never ends", "<think>a</think>b<think>c"])
def test_a_block_that_is_never_closed_is_incomplete(content: str) -> None:
    assert not part(content).complete


words = st.text(alphabet="ab \n.", max_size=12)


@given(st.lists(st.tuples(words, words), max_size=5), words)
def test_blocks_anywhere_leave_all_other_text_visible(blocks: list[tuple[str, str]], last: str) -> None:
    content = "".join(f"{text}<think>{thought}</think>" for text, thought in blocks) + last
    found = part(content)
    assert found.complete
    assert found.text.strip() == ("".join(text for text, _ in blocks) + last).strip()


@given(st.lists(st.sampled_from(["<think>", "</think>", "`", "```", "a", "\n"]), max_size=20).map("".join))
def test_any_mixture_of_tags_is_read(content: str) -> None:
    found = part(content)
    assert not found.complete or "think>" not in found.text or "`" in content
