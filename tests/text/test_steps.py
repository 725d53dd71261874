"""Where the steps of an answer begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.text import StepUnit, split_steps
from aaa.types import StepReading

WORKED = """Let's see.

```python
a = 1

b = 2
```
So $$
x = 3
$$
| a | b |
|---|---|
| 1 | 2 |
---
It costs $$5.

Done: \\boxed{3}
}
"""


def steps(text: str, unit: StepUnit = "lines") -> list[str]:
    return [text[start:end] for start, end in split_steps(text, unit)]


def test_a_line_is_a_step_and_what_belongs_together_stays_together() -> None:
    assert steps(WORKED) == [
        "Let's see.",
        "```python\na = 1\n\nb = 2\n```",
        "So $$\nx = 3\n$$",
        "| a | b |\n|---|---|\n| 1 | 2 |\n---",
        "It costs $$5.",
        "Done: \\boxed{3}\n}",
    ]


def test_a_paragraph_is_a_step() -> None:
    found = steps(WORKED, "paragraphs")
    assert [found[0], found[2]] == ["Let's see.", "Done: \\boxed{3}\n}"]
    assert found[1].startswith("```python")
    assert found[1].endswith("It costs $$5.")
    assert steps("One.\r\n\r\n \r\n Two,\r\nand on. ", "paragraphs") == ["One.", "Two,\r\nand on."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t", []),
        ("42", ["42"]),
        ("a\n```\nb\nc", ["a\n```", "b", "c"]),
        ("a\n\\[ x = 1 \\]\nb", ["a", "\\[ x = 1 \\]", "b"]),
        ("\\begin{align}\nx\n\\end{align}\nb", ["\\begin{align}\nx\n\\end{align}", "b"]),
        ("~~~\na\n```\nb\n~~~\nc", ["~~~\na\n```\nb\n~~~", "c"]),
        ("---\na", ["---", "a"]),
        ("漢字\n\n数", ["漢字", "数"]),
    ],
)
def test_edges(text: str, expected: list[str]) -> None:
    assert steps(text) == expected


@given(st.text(alphabet="ab1 \n\r$`|\\[]{}-é漢", max_size=60), st.sampled_from(["lines", "paragraphs"]))
def test_nothing_but_space_is_lost(text: str, unit: StepUnit) -> None:
    spans = split_steps(text, unit)
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    if spans:
        StepReading(answer="a", steps=spans, first_wrong=None)


@given(st.integers(0, 40))
def test_hostile_openers_take_no_time(lines: int) -> None:
    text = "\\begin{a}x\n$$\n```\n" * lines * 50
    assert len(split_steps(text)) <= 3 * lines * 50
