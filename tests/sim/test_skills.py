"""Solvers read natural text and work it out; what they cannot read they leave alone."""

import re
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.sim import solve
from aaa.sim.skills.dates import WEEKDAYS

KNOWN = [
    ("Could you tell me what 19 times 23 is?", "arithmetic", "437"),
    ("What is -7 + 3 * 5?", "arithmetic", "8"),
    ("What is 2 ^ 3 ^ 2?", "arithmetic", "512"),
    ("Take twenty, triple it and subtract 5.", "arithmetic", "55"),
    ("Divide 100 by 7 and round to the nearest whole number.", "arithmetic", "14"),
    ("What is 1,000 × 1,000?", "arithmetic", "1000000"),
    ("Lena had 52 stamps. She sold 17 and found 5 more. How many does she have now?", "word_problems", "40"),
    ("Every van carries 8 parcels. How many vans are needed for 24 parcels?", "word_problems", "3"),
    ("Six children share 20 sweets equally. How many are left?", "word_problems", "2"),
    ("Is 2000 a leap year?", "dates", "yes"),
    ("On which weekday was 29 February 2024?", "dates", "Thursday"),
    ("It is Friday. Which day of the week will it be 10 days from now?", "dates", "Monday"),
    ("A concert starts at 20:15 and lasts 1 hour 50 minutes. When does it end?", "dates", "22:05"),
    ("How many centimetres are 1.2 m?", "units", "120"),
    ("Convert 100 °C to Fahrenheit.", "units", "212"),
    ("Sort in descending order: 4, 19, 7, 11", "sorting", "19, 11, 7, 4"),
    ("What is the second smallest of these numbers: 9, 4, 7, 30?", "sorting", "7"),
    ('Write "red fox" backwards.', "text_editing", "xof der"),
    ('Replace "blue" by "green" in "blue sea and blue sky".', "text_editing", "green sea and green sky"),
    ('Give the year in: "The bridge of 1883 still stands."', "extraction", "1883"),
    ("Zoe is younger than Yan. Yan is younger than Xu. Who is the oldest?", "logic", "Xu"),
    ("No fish are mammals. All whales are mammals. Can a whale be a fish? Answer yes or no.", "logic", "no"),
    ("If the alarm rings, the dog barks. The alarm rings. Does the dog bark?", "logic", "yes"),
    ("Which number comes next: 1, 4, 9, 16, 25?", "logic", "36"),
    ('How often does the letter "s" occur in "Mississippi"?', "counting", "4"),
    ("How many odd numbers are there from 1 to 10?", "counting", "5"),
    ("Was ist 12 plus 30?", "multilingual", "42"),
    ("¿Cuántas vocales hay en «murciélago»?", "multilingual", "4"),
    ("Combien font 100 moins 58 ?", "multilingual", "42"),
    ("Quante parole ci sono in «la casa sul mare»?", "multilingual", "4"),
]


@pytest.mark.parametrize(("text", "skill", "answer"), KNOWN)
def test_other_phrasings_are_read_too(text: str, skill: str, answer: str) -> None:
    found = solve(text)
    assert found is not None
    assert (found.skill, found.answer) == (skill, answer)
    assert found.slips
    assert answer not in {slip.answer for slip in found.slips}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello!",
        "Write a poem about the number 7.",
        "Born on 12-3-2020, what now?",
        "What is 10 / 0?",
        "What is 9 ^ 99999999?",
        "The sum of our fears is 100.",
        "((((((1",
        "Sort it out between yourselves, you 3.",
        "How many people live in Norway?",
        "Who wrote Faust?",
        "What date is 99999999 days after 2020-01-01?",
        "What day of the week was 30 February 2021?",
        'Delete the fifth word of "just three words".',
        "A is taller than B. Who is the tallest?",
        "Anna is taller than Ben. Carl is taller than Ben. Who is the tallest?",
        "Some cats sleep.",
    ],
)
def test_what_has_no_solution_gets_none(text: str) -> None:
    assert solve(text) is None


@given(st.text(max_size=300))
def test_any_text_is_borne(text: str) -> None:
    found = solve(text)
    assert found is None or found.answer


TELLING = 'What is 12 days - the sum of 3 and words: "a, b" 7 km 2020-02-30 if all are ( ? % / ` how many sort born'


@given(st.lists(st.sampled_from(TELLING.split())))
def test_any_mixture_of_telling_words_is_borne(words: list[str]) -> None:
    found = solve(" ".join(words))
    assert found is None or found.answer


NUMBERS = st.integers(0, 999)
SUMS = st.recursive(
    NUMBERS.map(str),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
    max_leaves=5,
)


@given(SUMS.filter(lambda text: "(" in text))
def test_sums_agree_with_python(expression: str) -> None:
    found = solve(f"What is {expression}?")
    assert found is not None
    assert Fraction(found.answer) == eval(expression)
    assert all(Fraction(slip.answer) != eval(expression) for slip in found.slips)


@given(st.integers(1, 999), st.integers(1, 999), st.integers(1, 99))
def test_a_slip_shows_in_its_own_working(a: int, b: int, c: int) -> None:
    found = solve(f"What is {a} + {b} - {c}?")
    for working in (found.right, *found.slips):
        assert working.steps[-1].endswith(f"= {working.answer}")
        first, last = (re.findall(r"-?\d+", step) for step in working.steps)
        assert first[-1] == last[0], "the second step goes on from the first"


@given(st.dates(date(1600, 1, 1), date(2399, 12, 31)), st.integers(1, 500))
def test_the_calendar_agrees_with_python(day: date, span: int) -> None:
    assert solve(f"What day of the week was {day.isoformat()}?").answer == WEEKDAYS[day.weekday()]
    later = solve(f"What date is {span} days after {day.isoformat()}?")
    assert later.answer == (day + timedelta(days=span)).isoformat()
    if span > 1:
        between = solve(f"How many days lie between {day.isoformat()} and {(day + timedelta(days=span)).isoformat()}?")
        assert between.answer == str(span)


@given(st.lists(st.integers(-500, 500), min_size=3, max_size=12, unique=True))
def test_sorting_agrees_with_python(numbers: list[int]) -> None:
    listed = ", ".join(map(str, numbers))
    rising = ", ".join(map(str, sorted(numbers)))
    assert solve(f"Sort these numbers from smallest to largest: {listed}").answer == rising
    assert all(slip.answer != rising for slip in solve(f"Sort in ascending order: {listed}").slips)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (f"What is {10**60} / 8?", str(10**60 // 8)),
        (f"What is {10**60} / 7 to one decimal place?", f"{10**61 // 7 // 10}.{10**61 // 7 % 10}"),
        ("What is 0 - 1 / 3?", "-0.3333"),
        ("What is 1 / 1000000?", "0.000001"),
        ("What is 2.5 rounded, I mean 5 / 2 to the nearest whole number?", None),
        ("What is 5 / 2, to the nearest whole number?", "3"),
    ],
)
def test_large_small_and_rounded_numbers(text: str, answer: str | None) -> None:
    found = solve(text)
    assert (found and found.answer) == answer


def test_a_stated_factor_of_zero_is_borne() -> None:
    assert solve("If 1 pound is 0 kg, how many kilograms are 5 pounds?") is None


def test_a_long_text_is_no_exercise() -> None:
    assert solve("What is 1 + 1? " * 1000) is None
