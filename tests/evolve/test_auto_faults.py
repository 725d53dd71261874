"""What counts as a failure of a method, in instructions and in answers."""

from __future__ import annotations

import pytest

from aaa.evolve.auto import reply_fault, text_fault
from aaa.evolve.auto.faults import MOST_ADDED
from aaa.evolve.gates import given_input
from aaa.types import MethodFault

SORT = "Sort these words by the alphabet: pear, apple, plum and fig"
HARDER = "Sort these words by the alphabet, ignoring case, and mark every tie with a star: pear, apple, plum and fig"


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (SORT, HARDER, None),
        (SORT, SORT, "unchanged"),
        (SORT, f"{SORT.upper()}!", "unchanged"),
        (SORT, f"Sure, here is a harder one: {HARDER}", "chatter"),
        (SORT, f"Rewritten instruction: {HARDER}", "chatter"),
        (SORT, HARDER.replace("apple, ", ""), "lost_input"),
        (SORT, f"{'Consider every detail with patience. ' * MOST_ADDED}{HARDER}", "too_long"),
        (SORT, "Please say hello: pear, apple, plum and fig", "too_easy"),
        ("Explain how tides work.", "Explain.", "too_easy"),
        ("Explain how tides work.", "Please would you just kindly explain to me how the tides work?", "too_easy"),
        ("Explain how tides work.", "Name three pleasant colours of autumn leaves in Canada.", "too_easy"),
        ("Explain how tides work.", "Explain how tides work near a narrow strait, with one worked example.", None),
        (
            "What does this print?\n```\nprint(1)\n```",
            "What does this print, and why twice?\n```\nprint(2)\n```",
            "lost_input",
        ),
        ('Translate "the old house" into German.', "Translate a house into German, Dutch and Danish.", "lost_input"),
        (
            "| a | b |\n| 1 | 2 |\nAdd up the columns.",
            "| a | b |\nAdd up the columns, weighting odd rows.",
            "lost_input",
        ),
    ],
)
def test_what_is_wrong_with_an_evolved_instruction(before: str, after: str, fault: MethodFault | None) -> None:
    assert text_fault(before, after) == fault


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        ("Understood. What is next?", "stagnant"),
        ("Thank you for sharing this. What would you like me to do?", "stagnant"),
        ("Great idea! Shall we begin?", "stagnant"),
        ("What do you mean by that?", "stagnant"),
        ("Sure! Which one?", "unqualified"),
        ("There is no text. Please provide it.", "asks_back"),
        ("I'm sorry, but I can't help with that.", "refusal"),
        ("The tides follow the moon.", None),
        ("What follows is the list: apple, fig, pear.", None),
        ("Sure, the list is apple, fig, pear.", None),
    ],
)
def test_what_an_answer_says_of_its_instruction(reply: str, fault: MethodFault | None) -> None:
    assert reply_fault(reply) == fault


def test_given_input() -> None:
    assert given_input(SORT) == ["pear, apple, plum and fig"]
    assert given_input("Answer with one word: yes or no") == ["yes or no"]
    assert given_input("What is 17 + 25?") == []
    assert given_input('Say "hi".') == ["hi"]
